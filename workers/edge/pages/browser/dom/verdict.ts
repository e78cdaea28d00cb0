import { parseBundle, verifyBundle } from '../../../../../core/verify/bundle.ts'
import { examineCode } from '../../../../../core/verify/code-evidence.ts'
import type { Examined } from '../../../../../core/verify/examine.ts'
import type { SignedCertificate } from '../../../../../schema/wire/certificate.ts'
import { formatScore, formatTime } from '../../format.ts'
import { visible } from '../../html.ts'
import { readClaim } from '../../proof/claim.ts'
import { type ComparedCode, codeStep, type ReadableFile, readCodeHere } from '../../proof/code.ts'
import { conclude, networkWords } from '../../proof/conclude.ts'
import { prove } from '../../proof/prove.ts'
import { reportBundle } from '../../proof/report-bundle.ts'
import { canCheckEd25519, type RootKey } from '../../proof/root-key.ts'
import { element } from './element.ts'
import { fetchKeySet, fetchLiveAnswer } from './network.ts'
import { networkLine, showProgress, showReport } from './proof.ts'
import { acceptedVersion, rememberVersion } from './root-key.ts'

/** What a person gave to be verified. */
export interface Given {
  readonly text: string
  /** Chosen files; of them only the certificate's are read. */
  readonly code: readonly ReadableFile[]
  readonly now: Date
}

/** Puts what was found into the page. */
type Show = (place: HTMLElement) => void

/** Wholly offline: the kernel judges, by the root key that the page has already. */
export async function verifyBundleHere(given: Given, rootKey: RootKey | null): Promise<Show> {
  if (rootKey === null) return nothing('the network root key could not be fetched.')
  if (!(await canCheckEd25519())) return nothing('this browser does not know Ed25519. A newer one does.')
  const code = await compared(given)
  if (code === 'too_many') return nothing(TOO_MANY)
  const { text, now } = given
  const minimumVersion = acceptedVersion(rootKey)
  const options = { rootKey: rootKey.jwk, now, minimumVersion, code: code?.here.given }
  const verification = await verifyBundle(text, options)
  const { certificate, trustRoot } = verification
  if (trustRoot.version !== null) rememberVersion(rootKey, trustRoot.version)
  const report = reportBundle(verification, parseBundle(text), rootKey, now, code)
  const more = certificate === null ? [] : [summary(certificate), askForStatus(certificate.certificate_id)]
  return (place) => showReport(place, report, ...more)
}

/** By the public keys of this site, with the live status. Only an id that the signature covers leaves this page. */
export async function verifyCertificateHere(given: Given): Promise<Show> {
  const keySet = await fetchKeySet()
  if (keySet === null) return nothing('the public keys could not be fetched.')
  const code = await compared(given)
  if (code === 'too_many') return nothing(TOO_MANY)
  const { text, now } = given
  const compareCode =
    code && (async (examined: Examined) => codeStep(await examineCode(examined, code.here.given), code))
  const proof = await prove({ text, keySet, now, compareCode })
  const { certificate, steps } = proof
  const answer = certificate && (await fetchLiveAnswer(certificate.certificate_id))
  const { network, ...conclusion } = conclude(proof, answer)
  const more = certificate === null ? [] : [summary(certificate)]
  return (place) => showReport(place, { ...conclusion, steps }, networkLine(network), ...more)
}

const TOO_MANY = 'these are more files than any certificate is of. Choose those of the change.'

/** @returns undefined when no code is to be compared, or there is no certificate to compare it with */
async function compared({ text, code }: Given): Promise<ComparedCode | 'too_many' | undefined> {
  const claim = code.length === 0 ? null : readClaim(text)
  if (claim === null) return undefined
  const here = await readCodeHere(claim, code)
  return here === null ? 'too_many' : { claim, here }
}

function nothing(why: string): Show {
  return (place) => showProgress(place, `Nothing was checked: ${why}`)
}

/** What the signed members say. */
function summary(certificate: SignedCertificate): HTMLElement {
  const { certificate_id: id, risk_level, risk_score, ai_tool, issued_at } = certificate
  const link = element('a', '', id) as HTMLAnchorElement
  link.href = `/certs/${encodeURIComponent(id)}`
  const list: [string, string | Node][] = [
    ['Certificate', link],
    ['Risk', `${risk_level}, ${formatScore(risk_score)} of 10`],
    ['Code by', visible(ai_tool)],
    ['Issued', formatTime(issued_at)],
  ]
  const facts = list.map(([name, value]) =>
    element('div', '', element('dt', '', name), element('dd', '', value)),
  )
  return element('div', 'summary', element('dl', 'facts', ...facts))
}

/** What is known offline may be old; asking tells the network nothing but the id. */
function askForStatus(id: string): HTMLElement {
  const button = element('button', 'button button--quiet', 'Ask for the live status') as HTMLButtonElement
  button.type = 'button'
  const hint = element('span', 'hint', 'This sends the certificate’s id to this site, and nothing else.')
  const line = element('div', 'proof__network', button, hint)
  button.addEventListener('click', async () => {
    button.disabled = true
    const answer = await fetchLiveAnswer(id)
    button.disabled = false
    hint.textContent = networkWords(answer)
  })
  return line
}
