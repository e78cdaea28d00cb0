import { sha256, toHex, utf8 } from '../../../../core/verify/encoding.ts'
import { type Examined, examineText } from '../../../../core/verify/examine.ts'
import type { TrustRoot } from '../../../../core/verify/trust-root.ts'
import type { SignedCertificate } from '../../../../schema/wire/certificate.ts'
import { formatCount, formatTime } from '../format.ts'
import { visible } from '../html.ts'
import { liveReasonWords } from '../words.ts'
import { keyBits, trustRootOfKeySet } from './key-set.ts'
import { readSignedForm, type SignedForm } from './signed-form.ts'
import { failed, isFailed, passed, type Step, skipped } from './steps.ts'

export interface Proof {
  /** Null when every step passed; `code` when it is of other code; `period` when only its time has run out; else `content`. */
  readonly failure: 'content' | 'code' | 'period' | null
  readonly steps: readonly Step[]
  /** The signed members; null unless the signature holds over them. */
  readonly certificate: SignedCertificate | null
}

export interface ProofInput {
  /** The certificate or its JWS, exactly as it came. */
  readonly text: string
  /** The JWKS, parsed. */
  readonly keySet: unknown
  readonly now: Date
  /** The id that was asked for: a valid certificate of other code must not pass for this one. */
  readonly expectedId?: string
  /** One step more, over the members whose signature held. */
  readonly compare?: (certificate: SignedCertificate) => Step
  /** The last step: whether code is what was certified. Only for a certificate whose signature holds. */
  readonly compareCode?: ((examined: Examined) => Promise<Step>) | undefined
}

/** Checks a certificate step by step, with the kernel's verdict on its signature. Never throws. */
export async function prove(input: ProofInput): Promise<Proof> {
  const { text, keySet, now, expectedId, compare, compareCode } = input
  const trustRoot = trustRootOfKeySet(keySet)
  const form = readSignedForm(text)
  const examined = trustRoot && form ? await examineText(text, trustRoot) : null
  const certificate = signedContent(examined)
  const content = [
    readStep(text, form, examined),
    await bytesStep(form),
    keyStep(form, trustRoot),
    signatureStep(examined),
    ...(expectedId === undefined ? [] : [identityStep(certificate, expectedId)]),
    ...(compare === undefined || certificate === null ? [] : [compare(certificate)]),
  ]
  const code = certificate && examined && compareCode ? [await compareCode(examined)] : []
  const period = periodStep(certificate, now)
  return {
    failure: failureOf(content, code, period),
    steps: skipAfterFailure([...content, period, ...code]),
    certificate,
  }
}

function failureOf(content: readonly Step[], code: readonly Step[], period: Step): Proof['failure'] {
  if (content.some(isFailed)) return 'content'
  if (code.some(isFailed)) return 'code'
  return isFailed(period) ? 'period' : null
}

function signedContent(examined: Examined | null): SignedCertificate | null {
  if (examined?.signature.result !== 'passed' || examined.keyValidity.result !== 'passed') return null
  return examined.certificate
}

function readStep(text: string, form: SignedForm | null, examined: Examined | null): Step {
  const title = 'Read the certificate'
  const size = `${formatCount(utf8(text).length, 'byte')} received`
  if (form === null) return failed(title, `${size}. This is not a JSON object, or it names a member twice.`)
  const { reason } = examined?.signature ?? { reason: null }
  if (reason === 'malformed' || reason === 'test_mode')
    return failed(title, `${size}. ${liveReasonWords(reason)}`)
  return passed(title, form.form === 'jws' ? `${size}, in JWS form.` : `${size}; no member is named twice.`)
}

async function bytesStep(form: SignedForm | null): Promise<Step> {
  const title = 'Rebuild the signed bytes'
  if (form === null) return failed(title, 'There are none.')
  const what = form.form === 'jws' ? 'protected header and payload' : 'every signed member in RFC 8785 form'
  const size = formatCount(form.bytes.length, 'byte')
  return { ...passed(title, `${size}: ${what}. SHA-256:`), value: toHex(await sha256(form.bytes)) }
}

function keyStep(form: SignedForm | null, trustRoot: TrustRoot | null): Step {
  const title = 'Find the signing key'
  if (trustRoot === null) return failed(title, 'The public keys could not be read.')
  const key = trustRoot.keys.find((candidate) => candidate.kid === form?.kid)
  const among = `among the ${formatCount(trustRoot.keys.length, 'public key')} of the network`
  if (key === undefined) return failed(title, `The certificate names a key that is not ${among}.`)
  return { ...passed(title, `RSA, ${keyBits(key)} bits, ${among}:`), value: visible(key.kid) }
}

function signatureStep(examined: Examined | null): Step {
  const title = 'Check the signature'
  const outcome = examined?.signature.result === 'passed' ? examined.keyValidity : examined?.signature
  if (outcome?.result === 'passed')
    return passed(title, 'RSASSA-PKCS1-v1_5 with SHA-256 holds over exactly these bytes.')
  return failed(title, liveReasonWords(outcome?.reason ?? 'malformed'))
}

function identityStep(certificate: SignedCertificate | null, expectedId: string): Step {
  const title = 'Compare the id'
  if (certificate?.certificate_id === expectedId)
    return passed(title, 'It is the certificate that this page names.')
  return failed(title, 'A certificate came back, but not the one that this page names.')
}

function periodStep(certificate: SignedCertificate | null, now: Date): Step {
  const title = 'Check the period'
  if (certificate === null) return failed(title, 'Unknown.')
  const until = formatTime(certificate.expires_at)
  if (Date.parse(certificate.expires_at) <= now.getTime())
    return failed(title, `It expired on ${until}, by this device’s clock.`)
  return passed(title, `It runs until ${until}, by this device’s clock.`)
}

/** What comes after the first failure rests on nothing, so it is neither passed nor failed. */
function skipAfterFailure(steps: readonly Step[]): Step[] {
  const first = steps.findIndex(isFailed)
  if (first === -1) return [...steps]
  return steps.map((step, index) => (index <= first ? step : skipped(step.title)))
}
