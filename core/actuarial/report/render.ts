import type { ActuarialReview, LossSegment } from '../../../schema/wire/actuarial.ts'
import { coverNotice } from '../../../schema/wire/money.ts'
import { lossRatioChart, priceChart, type RatioPoint, subsidyChart, triangleTable } from './charts.ts'
import { type Child, html, Markup } from './markup.ts'
import { STYLE } from './style.ts'
import { instantInWords, monthInWords, percent, shortMonth, usd } from './words.ts'

/** Whose report it is. */
export interface Publisher {
  /** Where the public finds the network. */
  readonly network: string
  /** Who holds the licence and bears the risk; null for nobody. */
  readonly carrier: string | null
}

/**
 * A review as one printable HTML document, which loads nothing and runs nothing.
 *
 * @param months of the reviews up to this one, oldest first
 */
export function renderReport(
  review: ActuarialReview,
  months: readonly RatioPoint[],
  publisher: Publisher,
): string {
  const title = `Actuarial review of ${monthInWords(review.month)}`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<header>
<p class="eyebrow">${publisher.network}</p>
<h1>${title}</h1>
<p class="eyebrow">Valued at ${instantInWords(review.valued_at)}. Revision ${review.revision}. Amounts in US dollars. Prices: version ${review.pricing_version}.</p>
<p class="licence">${coverNotice(publisher.carrier)}</p>
${keyFigures(review)}
</header>
<main>
${section('Loss ratio', 'Paid, case reserves and IBNR, less what is ceded, over earned premium and subsidy, as each review found it.', lossRatioChart(months))}
${section('By tier and by risk', null, [segmentTable('Tier', review.by_tier), segmentTable('Risk', lowerCase(review.by_bucket), review)])}
${section(
  'Claims in their development',
  'Cumulative, by the month in which the policies were bound, at the end of that month and of those after it. The newest twelve months.',
  [
    html`<figure><figcaption>Incurred: paid, payable and case reserves</figcaption>${triangleTable(review.triangles.incurred)}</figure>`,
    html`<figure><figcaption>Paid, less what was taken back</figcaption>${triangleTable(review.triangles.paid)}</figure>`,
  ],
)}
${section('Incurred but not reported', ibnrNote(review), ibnrTable(review))}
${section(
  'Prices',
  'For each tier and risk that it takes: what the list asks, and the technical premium that is suggested. The scale is logarithmic.',
  [
    html`<figure><figcaption><span class="key">Technical premium</span><span class="key list">List premium</span></figcaption>${priceChart(review.prices)}</figure>`,
    priceTable(review),
    severityTable(review),
  ],
)}
${section('Subsidy', 'What the pilot adds to premiums that are below the technical premium. When it is spent, no more cover is bound; valid claims are paid all the same.', subsidyChart(review.subsidy))}
</main>
<footer>Frequencies and severities are blended with their priors by Bühlmann–Straub credibility; reserves by Bornhuetter–Ferguson, and by the chain ladder for months that are developed. ${credibilityNote(review)}</footer>
</body>
</html>
`.text
}

function section(heading: string, note: string | null, content: Child): Markup {
  return html`<section><h2>${heading}</h2>${note === null ? null : html`<p class="note">${note}</p>`}
${content}
</section>`
}

function keyFigures({ total, policies, claims, ibnr }: ActuarialReview): Markup {
  const figure = (name: string, value: string, more: string) =>
    html`<div><dt>${name}</dt><dd>${value}<small>${more}</small></dd></div>`
  return html`<dl class="figures">
${figure('Ultimate loss ratio', percent(total.loss_ratio), `${percent(total.loss_ratio_of_premium)} of premium without subsidy`)}
${figure('Earned', usd(total.earned_premium + total.earned_subsidy), `${usd(total.earned_subsidy)} of it subsidy`)}
${figure('Ultimate losses', usd(total.ultimate), `${usd(total.paid)} of it paid`)}
${figure('IBNR', usd(total.ibnr), `${usd(ibnr.change)} posted by this review`)}
${figure('Policies sold in the month', count(policies.sold), `${count(policies.on_risk)} on risk for ${usd(policies.coverage_on_risk)}`)}
${figure('Claims filed in the month', count(claims.filed), `${count(claims.approved)} approved, ${count(claims.denied)} denied, ${count(claims.paid)} paid`)}
</dl>`
}

function segmentTable(name: string, segments: readonly LossSegment[], whole?: ActuarialReview): Markup {
  const head = [
    name,
    'Policies',
    'Terms run',
    'Claims',
    'Earned',
    'Paid',
    'Case',
    'IBNR',
    'Ceded',
    'Loss ratio',
  ]
  return table(
    head,
    segments.map((segment) => [
      segment.name,
      count(segment.policies),
      terms(segment.exposure),
      count(segment.claims),
      ...amounts(segment),
    ]),
    whole && ['All', '', '', '', ...amounts(whole.total)],
  )
}

function lowerCase(segments: readonly LossSegment[]): LossSegment[] {
  return segments.map((segment) => ({ ...segment, name: segment.name.toLowerCase() }))
}

function amounts(figures: ActuarialReview['total']): string[] {
  return [
    usd(figures.earned_premium + figures.earned_subsidy),
    usd(figures.paid),
    usd(figures.case_reserves),
    usd(figures.ibnr),
    usd(figures.ceded),
    percent(figures.loss_ratio),
  ]
}

function ibnrNote({ ibnr }: ActuarialReview): string {
  return ibnr.pattern === 'prior'
    ? 'There are too few months and claims for a pattern of their own: claims are taken to follow the cover as it runs.'
    : 'By the pattern of the incurred triangle.'
}

function ibnrTable({ ibnr }: ActuarialReview): Markup {
  const methods = { bornhuetter_ferguson: 'Bornhuetter–Ferguson', chain_ladder: 'chain ladder' }
  return table(
    ['Bound in', 'Method', 'Cover run', 'Developed', 'Expected', 'Incurred', 'Ultimate', 'IBNR'],
    ibnr.cohorts.map((cohort) => [
      shortMonth(cohort.origin),
      methods[cohort.method],
      percent(cohort.earned, 0),
      percent(cohort.developed, 0),
      usd(cohort.expected),
      usd(cohort.incurred),
      usd(cohort.ultimate),
      usd(cohort.ibnr),
    ]),
    ['All', '', '', '', '', '', '', usd(ibnr.total)],
  )
}

function priceTable({ prices }: ActuarialReview): Markup {
  return table(
    ['Tier', 'Risk', 'Terms run', 'Claims', 'Observed', 'Credibility', 'Frequency', 'List', 'Technical'],
    prices
      .filter(({ offered }) => offered)
      .map((price) => [
        price.tier,
        price.bucket.toLowerCase(),
        terms(price.exposure),
        count(price.claims),
        percent(price.observed_frequency, 2),
        percent(price.credibility, 0),
        percent(price.frequency, 2),
        price.list_premium === null ? '–' : usd(price.list_premium),
        usd(price.technical_premium),
      ]),
  )
}

function severityTable({ severities }: ActuarialReview): Markup {
  return html`<figure><figcaption>What a claim comes to, limited to the coverage</figcaption>${table(
    ['Tier', 'Claims', 'Observed', 'Credibility', 'Limited mean', 'Net', 'Ceded'],
    severities.map((severity) => [
      severity.tier,
      count(severity.claims),
      severity.observed === null ? '–' : usd(severity.observed),
      percent(severity.credibility, 0),
      usd(severity.limited),
      usd(severity.net),
      usd(severity.ceded),
    ]),
  )}</figure>`
}

function credibilityNote({ credibility }: ActuarialReview): string {
  const { base_frequency: base, observed_frequency: observed, frequency_m: m } = credibility
  const found = observed === null ? '' : ` ${percent(observed, 2)} was observed in all.`
  const believed =
    m === null
      ? 'Nothing tells the risk buckets apart yet, so that all have the base frequency of'
      : `A bucket is believed by half with ${m.toFixed(1)} policies; the base frequency is`
  return `${believed} ${percent(base, 2)}.${found}`
}

/** Columns of words; the others are numbers, which stand on the right. */
const WORDS: ReadonlySet<string> = new Set(['Method', 'Risk'])

function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  total?: readonly string[],
): Markup {
  const side = (column: number) => (WORDS.has(head[column] ?? '') ? html` class="words"` : null)
  const cells = ([first, ...rest]: readonly string[]) =>
    html`<th scope="row">${first ?? ''}</th>${rest.map((cell, index) => html`<td${side(index + 1)}>${cell}</td>`)}`
  return html`<table><thead><tr>${head.map((name, index) => html`<th scope="col"${side(index)}>${name}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${cells(row)}</tr>\n`)}</tbody>${total === undefined ? null : html`<tfoot><tr>${cells(total)}</tr></tfoot>`}</table>`
}

function count(value: number): string {
  return value.toLocaleString('en-US')
}

function terms(value: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
}
