import type { Certificate } from '../../schema/wire/certificate.ts'
import type { CollectedEvidence } from '../evidence/evidence.ts'
import type { AiTool } from '../git/ai-tool.ts'
import type { CollectedChange } from '../git/change.ts'
import { clean, mark, type Terminal } from '../output.ts'
import { evidenceDocument, printEvidence } from './evidence.ts'
import { type Check, checksOf, missingEvidence, printMissing } from './missing.ts'
import { checkTitle, EVIDENCE_WORDS, inWords, percent, percentReached, plural, shortTime } from './words.ts'

/** What `certify` has to say. */
export interface Certification {
  readonly certificate: Certificate
  readonly change: CollectedChange
  readonly tool: AiTool
  readonly evidence: CollectedEvidence
  readonly baseUrl: string
}

const MAX_LISTED_FILES = 20

/** The JSON form of `coderisk certify`. */
export function certificationDocument(certification: Certification) {
  const { certificate, change, evidence } = certification
  return {
    certificate,
    page_url: pageUrl(certification),
    badge_url: badgeUrl(certification),
    missing_evidence: missingEvidence(certificate),
    evidence: evidenceDocument(evidence),
    skipped: change.skipped,
  }
}

export function printCertification(terminal: Terminal, certification: Certification, now: Date): void {
  const { certificate, change, evidence } = certification
  const { bold } = terminal.paint
  terminal.print(bold(clean(certificate.certificate_id)))
  terminal.print(
    `${riskText(terminal, certificate)} · confidence ${percent(certificate.confidence)} · expires ${expiry(certificate, now)}`,
  )
  if (certificate.livemode === false) {
    terminal.print(terminal.paint.yellow('A test certificate (test key): it never verifies as real.'))
  }
  terminal.print()
  printChange(terminal, certification)
  printSkipped(terminal, change)
  terminal.print()
  terminal.print(bold('Checks'))
  for (const [name, check] of checksOf(certificate)) printCheck(terminal, name, check)
  printExplanation(terminal, certificate)
  const missing = missingEvidence(certificate)
  printEvidence(terminal, evidence, missing)
  printMissing(terminal, missing)
  terminal.print()
  terminal.print(`Page    ${pageUrl(certification)}`)
  terminal.print(`Badge   [![CodeRisk](${badgeUrl(certification)})](${pageUrl(certification)})`)
}

function printChange(terminal: Terminal, { certificate, change, tool }: Certification): void {
  const { change: size } = certificate
  const lines = size === undefined ? '' : `, +${size.lines_added} −${size.lines_deleted} lines`
  terminal.print(`Change  ${clean(change.description)}`)
  terminal.print(`        ${plural(change.filesChanged.length, 'file')}${lines}`)
  terminal.print(`Tool    ${clean(tool.name)} (${clean(tool.source)})`)
  if (tool.name.endsWith('-v0')) {
    terminal.print(terminal.paint.dim('        Say it exactly with --ai-tool name-vX.Y or CODERISK_AI_TOOL'))
  }
  if (certificate.repository !== undefined) terminal.print(`Source  ${clean(certificate.repository)}`)
}

function printSkipped(terminal: Terminal, change: CollectedChange): void {
  for (const { path, reason } of change.skipped.slice(0, MAX_LISTED_FILES)) {
    terminal.print(
      `        ${mark(terminal.paint, 'undecided')} ${clean(path)}: ${inWords(reason)}, content not sent`,
    )
  }
  const more = change.skipped.length - MAX_LISTED_FILES
  if (more > 0) terminal.print(`        … and ${plural(more, 'more file')}, content not sent`)
  if (change.deleted.length > 0) terminal.print(`        ${plural(change.deleted.length, 'name')} deleted`)
}

function printCheck(terminal: Terminal, name: string, check: Check): void {
  const outcome = check.result === 'passed' ? 'passed' : check.result === 'failed' ? 'failed' : 'undecided'
  const figures = figuresOf(name, check)
  const reasons = (check.reasons ?? []).map(inWords)
  const said = [outcome === 'undecided' ? 'not evaluated' : figures, ...reasons].filter((text) => text !== '')
  const evidence = check.evidence == null ? '' : (EVIDENCE_WORDS[check.evidence] ?? clean(check.evidence))
  terminal.print(
    `  ${mark(terminal.paint, outcome)} ${checkTitle(name).padEnd(20)} ${said.join('; ')}${
      evidence === '' ? '' : terminal.paint.dim(` (${evidence})`)
    }`,
  )
}

function figuresOf(name: string, check: Check): string {
  const figures = check as Record<string, unknown>
  const number = (key: string) => (typeof figures[key] === 'number' ? (figures[key] as number) : null)
  const threshold = number('threshold')
  if (name === 'test_coverage' && number('value') !== null) {
    const wanted = threshold === null ? '' : `, ${percentReached(threshold)} wanted`
    const project =
      number('project_value') === null ? '' : `, whole project ${percentReached(number('project_value')!)}`
    return `${percentReached(number('value')!)} of the changed lines covered${wanted}${project}`
  }
  if (name === 'security_scan' && number('issues_found') !== null) {
    return number('issues_found') === 0 ? 'no issues' : plural(number('issues_found')!, 'issue')
  }
  if (name === 'coupling_analysis' && number('coupling_score') !== null) {
    return `${number('coupling_score')} of 10${threshold === null ? '' : `, at most ${threshold} wanted`}`
  }
  if (name === 'incident_similarity' && Array.isArray(figures.arc_matches)) {
    return figures.arc_matches.length === 0 ? 'no match' : figures.arc_matches.map(clean).join(', ')
  }
  return clean(check.result ?? '')
}

function printExplanation(terminal: Terminal, certificate: Certificate): void {
  const { explanation } = certificate
  if (!Array.isArray(explanation) || explanation.length === 0) return
  terminal.print()
  terminal.print(`${terminal.paint.bold('Score made of')}  ${explanation.map(inWords).join(' · ')}`)
}

export function riskText(terminal: Terminal, risk: { risk_level: string; risk_score: number }): string {
  const { green, yellow, red } = terminal.paint
  const colour = { LOW: green, MEDIUM: yellow }[risk.risk_level as 'LOW' | 'MEDIUM'] ?? red
  return `${colour(`${clean(risk.risk_level)} risk`)} ${clean(risk.risk_score)} of 10`
}

function expiry(certificate: Certificate, now: Date): string {
  const days = Math.round((Date.parse(certificate.expires_at) - now.getTime()) / 86_400_000)
  return `${shortTime(certificate.expires_at)}${Number.isFinite(days) ? ` (in ${plural(days, 'day')})` : ''}`
}

/** The page that the certificate itself names; it is signed, and it is where others will look. */
function pageUrl({ certificate, baseUrl }: Certification): string {
  return clean(certificate.verification_url ?? `${baseUrl}/certs/${certificate.certificate_id}`)
}

/** Beside the page, on whichever host others reach it; the CLI may have asked another one. */
function badgeUrl(certification: Certification): string {
  const id = encodeURIComponent(certification.certificate.certificate_id)
  const page = pageUrl(certification)
  const base = page.endsWith(`/certs/${id}`) ? page.slice(0, -`/certs/${id}`.length) : certification.baseUrl
  return `${base}/badges/${id}.svg`
}
