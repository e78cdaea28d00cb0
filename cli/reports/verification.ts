import type { Verification } from '../../schema/wire/verification.ts'
import type { CodeCheck } from '../code-check.ts'
import { clean, mark, type Terminal } from '../output.ts'
import type { OfflineVerification } from '../verify/judge.ts'
import { riskText } from './certification.ts'
import { checkTitle, inWords, percent, plural, shortTime, timeSpan } from './words.ts'

/** The document of `verify`: the network's answer, or the one made here, and the code if it was compared. */
export type VerificationDocument = (Verification | OfflineVerification) & { readonly code?: CodeCheck }

/** @param now by which the age of the status is told */
export function printVerification(terminal: Terminal, document: VerificationDocument, now: Date): void {
  const { bold } = terminal.paint
  const id = document.certificate_id === null ? '' : `  ${clean(document.certificate_id)}`
  terminal.print(`${mark(terminal.paint, outcomeOf(document.verdict))} ${bold(clean(document.verdict))}${id}`)
  for (const reason of document.reasons) terminal.print(`    ${inWords(reason)}`)
  terminal.print()
  for (const [name, check] of Object.entries(document.checks)) {
    // Where the network answers from what it holds, the log is not asked: that is nothing to read.
    if (check === undefined || check.reason === 'log_not_asked') continue
    const said = check.result === 'passed' ? holds(name, document, now) : fails(name, check, document)
    printCheck(terminal, outcomeOf(check.result), checkTitle(name), said)
  }
  if ('offline' in document) printTrustRoot(terminal, document)
  printCertificate(terminal, document)
}

function printCheck(
  terminal: Terminal,
  outcome: 'passed' | 'failed' | 'undecided',
  title: string,
  said: string,
): void {
  terminal.print(`  ${mark(terminal.paint, outcome)} ${title.padEnd(18)} ${said}`)
}

function holds(name: string, document: VerificationDocument, now: Date): string {
  switch (name) {
    case 'key_validity':
      return 'the key was valid when this was issued'
    case 'expiry':
      return document.expires_at === null ? 'not expired' : `valid until ${shortTime(document.expires_at)}`
    case 'status':
      return `not revoked${statusAge(document, now)}`
    case 'log':
      return logText(document)
    case 'witnesses':
      return 'enough of them have seen the log'
    case 'code_hash':
      return document.code === undefined ? 'is what was certified' : sameCode(document.code)
    default:
      return 'holds'
  }
}

function fails(
  name: string,
  { result, reason }: { readonly result: string; readonly reason: string | null },
  { code }: VerificationDocument,
): string {
  const words = inWords(reason ?? result)
  if (name !== 'code_hash' || code?.certified == null || code.computed === null) return words
  return `${words}: certified ${hashText(code.certified)}, here ${hashText(code.computed)} (${plural(code.files, 'file')})`
}

function logText(document: VerificationDocument): string {
  if (!('offline' in document) || document.log === null) return 'has the entry of its issue'
  const { index, tree_size } = document.log
  return `entry ${index} of a tree of ${tree_size}`
}

function statusAge({ status_as_of: asOf, status_source: source }: VerificationDocument, now: Date): string {
  const from = source === 'core' ? 'live' : inWords(source)
  if (asOf === null) return ` (${from})`
  const ageMs = now.getTime() - Date.parse(asOf)
  const age = source !== 'core' && ageMs >= 0 ? `${timeSpan(ageMs)} ago, ` : ''
  return ` as of ${clean(asOf)} (${age}${from})`
}

function sameCode({ files, computed }: CodeCheck): string {
  return `is what was certified (${plural(files, 'file')}, ${hashText(computed ?? '')})`
}

function hashText(hash: string): string {
  return `${clean(hash.slice(0, 16))}…`
}

function printTrustRoot(terminal: Terminal, { trust_root }: OfflineVerification): void {
  const { accepted, reason, version, expires_at, root_key } = trust_root
  terminal.print()
  if (accepted) {
    const until = shortTime(expires_at ?? '')
    printCheck(
      terminal,
      'passed',
      'Trust root',
      `version ${version}, good until ${until}, root key ${root_key}`,
    )
  } else {
    const why = reason === null ? 'there is none' : inWords(reason)
    printCheck(terminal, 'failed', 'Trust root', `${why} (root key ${root_key})`)
  }
}

function printCertificate(terminal: Terminal, document: VerificationDocument): void {
  const { risk_level, risk_score, confidence, ai_tool } = document
  if (risk_level !== null && risk_score !== null) {
    const sure = confidence === null ? '' : ` · confidence ${percent(confidence)}`
    const tool = ai_tool === null ? '' : ` · ${clean(ai_tool)}`
    terminal.print()
    terminal.print(`${riskText(terminal, { risk_level, risk_score })}${sure}${tool}`)
  }
  if (document.revoked_at !== null) {
    const why = document.revocation_reason === null ? '' : ` (${clean(document.revocation_reason)})`
    terminal.print(`Revoked ${shortTime(document.revoked_at)}${why}`)
  }
  if (document.issued_at !== null) terminal.print(`Issued  ${shortTime(document.issued_at)}`)
  if (document.verification_url !== null) terminal.print(`Page    ${clean(document.verification_url)}`)
}

function outcomeOf(result: string): 'passed' | 'failed' | 'undecided' {
  if (result === 'passed' || result === 'valid') return 'passed'
  return result === 'failed' || result === 'invalid' ? 'failed' : 'undecided'
}
