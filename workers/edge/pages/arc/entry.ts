import type { ArcEntryDocument } from '../../../../schema/wire/arc.ts'
import { facts, section } from '../components/facts.ts'
import { formatCount } from '../format.ts'
import { pageHeaders } from '../headers.ts'
import { type Html, html, pathSegment } from '../html.ts'
import { layout } from '../layout.ts'
import type { Page, Site } from '../page.ts'
import { severityMark } from './severity.ts'

/** One entry of the catalogue. `/arc/{id}` */
export function arcEntryPage(site: Site, entry: ArcEntryDocument): Page {
  return {
    status: 200,
    headers: pageHeaders('document'),
    html: layout(site, {
      title: `${entry.title} · ${entry.id} · CodeRisk`,
      description: entry.description,
      path: `/arc/${pathSegment(entry.id)}`,
      listed: true,
      styles: ['arc'],
      main: html`<article class="sheet">
<header class="title"><p class="eyebrow"><a href="/arc">Architectural Risk Catalog</a> · ${entry.id}</p>
<h1>${entry.title}</h1><p class="arc__facts">${severityMark(entry.severity)}</p></header>
${section('happens', 'What happens', html`<p>${prose(entry.description)}</p>`)}
${section('remedy', 'What to do', html`<p>${prose(entry.mitigation)}</p>`)}
${section(
  'recognised',
  'How it is recognised',
  html`<p>${recognition(entry)}</p>${facts([
    { name: 'Confirmed incidents', value: entry.incident_count },
    { name: 'Fingerprints', value: entry.fingerprints },
    { name: 'Weaknesses', value: entry.cwe.length === 0 ? null : entry.cwe.map(weakness) },
  ])}`,
)}
</article>`,
    }),
  }
}

/** Text with code between backticks. */
function prose(text: string): Html[] {
  return text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`))
}

function recognition(entry: ArcEntryDocument): Html {
  const known = formatCount(entry.fingerprints, 'fingerprint')
  return html`A change that shares enough of ${known} with it fails the check “incident similarity”: it resembles code that shows the pattern. That it does not resemble it proves nothing. A fingerprint is a number made of a few neighbouring words of code, with names left out, and cannot be turned back into code.`
}

function weakness(cwe: string): Html {
  const number = /^CWE-(\d+)$/.exec(cwe)?.[1]
  if (number === undefined) return html`${cwe} `
  return html`<a href="https://cwe.mitre.org/data/definitions/${number}.html" rel="noreferrer">${cwe}</a> `
}
