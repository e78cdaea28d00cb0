import type { Verification } from '../../schema/wire/verification.ts'
import type { CodeCheck } from '../code-check.ts'
import type { OfflineVerification } from '../offline.ts'
import { clean, mark, type Terminal } from '../output.ts'
import { riskText } from './certification.ts'
import { checkTitle, inWords, percent, plural, shortTime } from './words.ts'

/** The document of `verify`: the network's answer, or the one made here, and the code if it was compared. */
export type VerificationDocument = (Verification | OfflineVerification) & { readonly code?: CodeCheck }

export function printVerification(terminal: Terminal, document: VerificationDocument): void {
  const { bold } = terminal.paint
  const outcome = outcomeOf(document.verdict)
  const id = document.certificate_id === null ? '' : `  ${clean(document.certificate_id)}`
  terminal.print(`${mark(terminal.paint, outcome)} ${bold(clean(document.verdict))}${id}`)
  for (const reason of document.reasons) terminal.print(`    ${inWords(reason)}`)
  terminal.print()
  for (const [name, check] of Object.entries(document.checks)) {
    const said = check.result === 'passed' ? holds(name, document) : inWords(check.reason ?? check.result)
    printCheck(terminal, outcomeOf(check.result), name, said)
  }
  if (document.code !== undefined) printCode(terminal, document.code)
  if ('offline' in document) printTrustRoot(terminal, document)
  printCertificate(terminal, document)
}

function printCheck(
  terminal: Terminal,
  outcome: 'passed' | 'failed' | 'undecided',
  name: string,
  said: string,
): void {
  terminal.print(`  ${mark(terminal.paint, outcome)} ${checkTitle(name).padEnd(18)} ${said}`)
}

function holds(name: string, document: VerificationDocument): string {
  if (name === 'signature') return 'holds'
  if (name === 'key_validity') return 'the key was valid when this was issued'
  if (name === 'expiry') {
    return document.expires_at === null ? 'not expired' : `valid until ${shortTime(document.expires_at)}`
  }
  if (name !== 'status') return 'holds'
  const asOf = document.status_as_of === null ? '' : ` as of ${clean(document.status_as_of)}`
  const source = document.status_source === 'core' ? 'live' : inWords(document.status_source)
  return `not revoked${asOf} (${source})`
}

function printCode(terminal: Terminal, code: CodeCheck): void {
  const said = code.matches
    ? `is what was certified (${plural(code.files, 'file')}, ${clean(code.computed.slice(0, 16))}…)`
    : `differs: certified ${clean(code.certified.slice(0, 16))}…, here ${code.computed.slice(0, 16)}… (${plural(code.files, 'file')})`
  printCheck(terminal, code.matches ? 'passed' : 'failed', 'code', said)
}

function printTrustRoot(terminal: Terminal, document: OfflineVerification): void {
  const { accepted, version, expires_at, root_key } = document.trust_root
  terminal.print()
  terminal.print(
    accepted
      ? `Offline, by trust root version ${version} (good until ${shortTime(expires_at ?? '')}), root key ${root_key}`
      : `Offline; the trust root was refused, so nothing could be decided (root key ${root_key})`,
  )
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
