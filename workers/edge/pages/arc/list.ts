import type { ArcEntryDocument } from '../../../../schema/wire/arc.ts'
import { formatCount } from '../format.ts'
import { pageHeaders } from '../headers.ts'
import { type Html, html, pathSegment } from '../html.ts'
import { layout } from '../layout.ts'
import type { Page, Site } from '../page.ts'
import { severityMark } from './severity.ts'

export interface ArcListInput {
  readonly entries: readonly ArcEntryDocument[]
  /** How many there are when nothing is looked for. */
  readonly total: number
  /** What is looked for; empty for all. */
  readonly query: string
}

/** The Architectural Risk Catalog. `/arc` */
export function arcListPage(site: Site, { entries, total, query }: ArcListInput): Page {
  return {
    status: 200,
    headers: pageHeaders('document'),
    html: layout(site, {
      title: 'Architectural Risk Catalog · CodeRisk',
      description:
        'Failure patterns of production systems that certified changes are compared with, and what to do about each.',
      path: '/arc',
      listed: true,
      styles: ['arc'],
      main: html`<div class="sheet">
<header class="title"><h1>Architectural Risk Catalog</h1>
<p class="lead">${total} patterns that have brought systems down before. Every certified change is compared with them, by fingerprints of its code and never by the code itself.</p></header>
<form class="lookup" action="/arc" method="get" role="search"><label for="arc-query">Search the catalogue</label>
<div class="lookup__row"><input class="field" id="arc-query" name="q" value="${query}" maxlength="200" autocomplete="off"><button class="button" type="submit">Search</button></div></form>
<p class="hint arc__count" role="status">${found(entries.length, total, query)}</p>
<ol class="arc">${entries.map(row)}</ol>
</div>`,
    }),
  }
}

function found(count: number, total: number, query: string): Html {
  if (query.trim() === '') return html`All ${formatCount(total, 'pattern')}, by number.`
  return html`${formatCount(count, 'pattern')} with “${query.trim()}”. <a href="/arc">Show all</a>`
}

function row(entry: ArcEntryDocument): Html {
  return html`<li class="arc__entry"><a class="arc__link" href="/arc/${pathSegment(entry.id)}">${entry.title}</a>
<p class="arc__facts"><span class="arc__id">${entry.id}</span> ${severityMark(entry.severity)}</p></li>`
}
