import type { BundleVerification, OfflineBundle } from '../../../../core/verify/bundle.ts'
import type { CheckOutcome } from '../../../../core/verify/checks.ts'
import { parseCheckpoint } from '../../../../core/verify/log/checkpoint.ts'
import { parseNote } from '../../../../core/verify/log/note.ts'
import { parseProof } from '../../../../core/verify/log/proof.ts'
import { formatAge, formatInstant, formatTime } from '../format.ts'
import { reasonWords } from '../words.ts'
import { type ComparedCode, codeStep } from './code.ts'
import type { RootKey } from './root-key.ts'
import { failed, noted, passed, type Report, type Step, type Tone, unsure } from './steps.ts'

/** What the kernel found in a bundle, in words. The verdict is the kernel's; nothing here changes it. */
export function reportBundle(
  verification: BundleVerification,
  bundle: OfflineBundle | null,
  rootKey: RootKey,
  now: Date,
  code?: ComparedCode,
): Report {
  const { verdict, certificate, evidence } = verification
  const { checks } = verdict
  const until = certificate === null ? '' : formatTime(certificate.expires_at)
  const steps = [
    trustRootStep(verification, rootKey),
    step('Signature', checks.signature, 'Holds over the certificate and over its JWS form.'),
    step('Signing key', checks.key_validity, 'Was in force when this was signed.'),
    step('Period', checks.expiry, `Runs until ${until}, by this device’s clock.`),
    statusStep(checks.status, evidence.status, now),
    step('Transparency log', checks.log, logWords(evidence.log.index, bundle)),
    step('Witnesses', checks.witnesses, 'As many as the network asks for have seen the log.'),
    ...(code && evidence.code ? [codeStep(evidence.code, code)] : []),
  ]
  return { ...conclude(verification), steps }
}

function conclude(verification: BundleVerification): { readonly tone: Tone; readonly title: string } {
  const { verdict, trustRoot } = verification
  const { reasons, checks } = verdict
  if (trustRoot.reason === 'trust_root_not_pinned') {
    return { tone: 'bad', title: 'Only this file vouches for itself. Do not rely on it.' }
  }
  if (verdict.verdict === 'valid') {
    const code = checks.code_hash === undefined ? '' : ', and the code is what was certified'
    return { tone: 'good', title: `Verified offline, in this browser${code}.` }
  }
  if (verdict.verdict === 'indeterminate') {
    return { tone: 'unsure', title: 'Not decided: something could not be checked.' }
  }
  const only = reasons.length === 1 ? reasons[0] : null
  if (only === 'expired') return { tone: 'warn', title: 'Everything holds, but the certificate has expired.' }
  if (only === 'revoked') return { tone: 'bad', title: 'The certificate was revoked.' }
  if (only?.startsWith('code_')) {
    return { tone: 'bad', title: 'The certificate holds, but not for this code.' }
  }
  return { tone: 'bad', title: 'Verification failed. Do not rely on this certificate.' }
}

function trustRootStep({ trustRoot }: BundleVerification, { thumbprint }: RootKey): Step {
  const title = 'Trust root'
  const { accepted, reason, version, expiresAt } = trustRoot
  if (!accepted) return failed(title, reason === null ? 'There is none to judge by.' : reasonWords(reason))
  const until = formatTime(expiresAt ?? '')
  return passed(title, `Version ${version}, good until ${until}, signed by the network root key:`, thumbprint)
}

function step(title: string, { result, reason }: CheckOutcome, holds: string): Step {
  if (result === 'passed') return passed(title, holds)
  const words = reasonWords(reason ?? result)
  if (result === 'failed') return failed(title, words)
  return result === 'indeterminate' ? unsure(title, words) : noted(title, words)
}

type KnownStatus = BundleVerification['evidence']['status']

/** Its age is told whatever it comes to: offline nobody can know a newer one. */
function statusStep(check: CheckOutcome, status: KnownStatus, now: Date): Step {
  if (status === null) return step('Revocation', check, '')
  const { asOf, until } = status
  const age = formatAge(now.getTime() - asOf)
  const told = `${formatInstant(new Date(asOf).toISOString())}, ${age} ago, by the signed list in the bundle.`
  const ends =
    until === undefined ? '' : ` It may be used until ${formatTime(new Date(until).toISOString())}.`
  const made = step('Revocation', check, 'Not revoked')
  return {
    ...made,
    detail:
      check.result === 'passed' ? `Not revoked as of ${told}${ends}` : `${made.detail} As of ${told}${ends}`,
  }
}

function logWords(index: number | null, bundle: OfflineBundle | null): string {
  const proof = parseProof(bundle?.log_proof ?? '')
  const tree = proof && parseCheckpoint(parseNote(proof.checkpoint)?.text ?? '')
  const of = tree === null ? '' : ` of ${tree.size.toLocaleString('en-GB')}`
  return `Its issue is entry ${(index ?? 0).toLocaleString('en-GB')} in a signed tree${of} entries.`
}
