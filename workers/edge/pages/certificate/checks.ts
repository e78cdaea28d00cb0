import type { Certificate, Checks } from '../../../../schema/wire/certificate.ts'
import { ARC_ID_PATTERN } from '../../../../schema/wire/vocabulary.ts'
import { section } from '../components/facts.ts'
import { type IconName, icon } from '../components/icons.ts'
import { formatCount, formatPercent, formatShareReached } from '../format.ts'
import { type Html, html } from '../html.ts'
import { codeWords, evidenceWords } from '../words.ts'

/** The four checks. One without evidence says so, and never looks like one that passed. */
export function checksSection({ checks_passed: checks }: Certificate): Html {
  return section(
    'checks',
    'Checks',
    html`<ul class="checks">
${row('Test coverage', checks.test_coverage, coverage(checks.test_coverage))}
${row('Security scan', checks.security_scan, security(checks.security_scan))}
${row('Coupling analysis', checks.coupling_analysis, coupling(checks.coupling_analysis))}
${row('Incident similarity', checks.incident_similarity, similarity(checks.incident_similarity))}
</ul>`,
  )
}

type Check = Pick<Checks['security_scan'], 'result' | 'evidence' | 'reasons'>

const RESULTS: Record<Check['result'], { icon: IconName; word: string }> = {
  passed: { icon: 'pass', word: 'Passed' },
  failed: { icon: 'fail', word: 'Failed' },
  not_evaluated: { icon: 'none', word: 'Not evaluated' },
}

function row(name: string, check: Check, finding: Html | string | null): Html {
  const result = RESULTS[check.result] ?? RESULTS.not_evaluated
  return html`<li class="check check--${check.result}">${icon(result.icon)}<div class="check__body">
<h3 class="check__name">${name}</h3>
<p class="check__result">${result.word}</p>
<p class="check__finding">${finding}${reasons(check)}</p>
${check.evidence !== null && html`<p class="hint">Evidence ${check.evidence}: ${evidenceWords(check.evidence)}.</p>`}
</div></li>`
}

function reasons({ result, reasons }: Check): string {
  if (reasons.length > 0) return reasons.map((reason) => ` ${codeWords(reason)}.`).join('')
  return result === 'not_evaluated' ? ' There was no evidence to judge it by.' : ''
}

function coverage({ value, threshold, project_value }: Checks['test_coverage']): string {
  const target = `The target is ${formatPercent(threshold)}.`
  const whole = project_value == null ? '' : ` Of the whole project, ${formatShareReached(project_value)}.`
  return value === null
    ? `${target}${whole}`
    : `${formatShareReached(value)} of the changed lines covered. ${target}${whole}`
}

function security({ issues_found }: Checks['security_scan']): string | null {
  if (issues_found === null) return null
  return issues_found === 0 ? 'No issues found.' : `${formatCount(issues_found, 'issue')} found.`
}

function coupling({ coupling_score, threshold }: Checks['coupling_analysis']): string {
  const limit = `Acceptable up to ${threshold} of 10.`
  return coupling_score === null ? limit : `Coupled ${coupling_score} of 10. ${limit}`
}

const MATCHES_SHOWN = 5

function similarity({ arc_matches, max_similarity }: Checks['incident_similarity']): Html | null {
  if (arc_matches === null) return null
  const closest = max_similarity === null ? '' : ` The closest is ${formatPercent(max_similarity)} alike.`
  if (arc_matches.length === 0) return html`No published pattern matches.${closest}`
  const named = arc_matches
    .slice(0, MATCHES_SHOWN)
    .map((id, index) => html`${index > 0 && ', '}${entryLink(id)}`)
  return html`Matches ${formatCount(arc_matches.length, 'known pattern')}: ${named}.${closest}`
}

function entryLink(id: string): Html {
  return ARC_ID_PATTERN.test(id) ? html`<a href="/arc/${id}">${id}</a>` : html`<bdi>${id}</bdi>`
}
