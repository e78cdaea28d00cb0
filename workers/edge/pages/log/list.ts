import { formatInstant, shortHash } from '../format.ts'
import { pageHeaders } from '../headers.ts'
import { type Html, html } from '../html.ts'
import { layout } from '../layout.ts'
import type { Page, Site } from '../page.ts'
import { checkpointSection, type LogPageCheckpoint } from './checkpoint.ts'
import { describeEntry, type LogPageEntry } from './describe.ts'
import { logLookUp } from './look-up.ts'

/** Entries on one page. */
export const LOG_PAGE_ENTRIES = 25

export interface LogListInput {
  readonly checkpoint: LogPageCheckpoint
  /** In the order of the log: up to {@link LOG_PAGE_ENTRIES} that end before `before`. */
  readonly entries: readonly LogPageEntry[]
  /** The index behind the last that is shown; the size for the newest. */
  readonly before: number
  /** Of the newest entry of all, RFC 3339. */
  readonly newest: string | null
  /** Milliseconds since the epoch. */
  readonly now: number
  /** What was looked for, when nothing can be found by it. */
  readonly refused?: { readonly asked: string; readonly why: keyof typeof REFUSALS } | undefined
}

const REFUSALS = {
  malformed: {
    status: 400,
    words:
      'This is no certificate id (CERT-, a year, a dash and 16 lower-case letters and digits), no leaf hash and no index.',
  },
  no_certificate: {
    status: 404,
    words: 'No certificate has this id, or it was issued a moment ago.',
  },
} as const

/** The transparency log: its newest checkpoint, and its entries from the newest on. `/log` */
export function logListPage(site: Site, input: LogListInput): Page {
  const { checkpoint, refused, before } = input
  const first = before >= checkpoint.size
  const refusal = refused && REFUSALS[refused.why]
  return {
    status: refusal?.status ?? 200,
    headers: pageHeaders(refused === undefined ? 'live' : 'error'),
    html: layout(site, {
      title: `${refused === undefined ? '' : 'Not found · '}Transparency log · CodeRisk`,
      description:
        'Every certificate that was issued or revoked, and every key, in a public log that can only grow. Browse it and verify it.',
      path: '/log',
      listed: refused === undefined && first,
      styles: ['log'],
      scripts: ['log'],
      main: html`<div class="sheet">
<header class="title"><h1>Transparency log</h1>
<p class="lead">Every certificate that is issued or revoked, every key and every trust root is an entry here, in the order in which it happened. The log can only grow: whoever takes an entry out or changes one is seen by anyone who compares two checkpoints.</p></header>
${logLookUp({ value: refused?.asked, error: refusal?.words })}
${checkpointSection(checkpoint, input.newest, input.now)}
${entriesPart(input)}
</div>`,
    }),
  }
}

function entriesPart({ entries, checkpoint, before }: LogListInput): Html {
  if (checkpoint.size === 0) {
    return html`<section class="entries" aria-labelledby="entries"><h2 id="entries">Entries</h2><p class="hint">The log is empty. The first entry will be here about a second after it happens.</p></section>`
  }
  const newest = entries.at(-1)?.index ?? 0
  const oldest = entries[0]?.index ?? 0
  return html`<section class="entries" aria-labelledby="entries"><h2 id="entries">Entries</h2>
<p class="hint">${newest.toLocaleString('en-GB')} to ${oldest.toLocaleString('en-GB')}, newest first. Ids, names and code are not in the log: of each entry’s subject it has the SHA-256 alone.</p>
<table class="log" role="table" aria-labelledby="entries">
<thead role="rowgroup"><tr role="row">${COLUMNS.map((name) => html`<th scope="col" role="columnheader">${name}</th>`)}</tr></thead>
<tbody role="rowgroup">${entries.toReversed().map(row)}</tbody>
</table>
${paging(oldest, before, checkpoint.size)}</section>`
}

const COLUMNS = ['Index', 'What happened', 'Time', 'Subject', 'Leaf hash']

/** The roles are those that the elements have, until a narrow screen lays them out as something else than a table. */
function row(entry: LogPageEntry): Html {
  const { event, time, subject } = describeEntry(entry)
  const href = `/log?index=${entry.index}`
  return html`<tr role="row"><td role="cell" class="log__index">${entry.index.toLocaleString('en-GB')}</td><th scope="row" role="rowheader"><a class="log__link" href="${href}">${event}</a></th><td role="cell" class="log__time">${time !== null && html`<time datetime="${time}">${formatInstant(time)}</time>`}</td><td role="cell" class="log__hash" data-label="Subject"><code>${subject === null ? '—' : shortHash(subject)}</code></td><td role="cell" class="log__hash" data-label="Leaf"><code>${shortHash(entry.leafHash)}</code></td></tr>
`
}

function paging(oldest: number, before: number, size: number): Html | null {
  const newer = before + LOG_PAGE_ENTRIES
  const links = [
    before < size &&
      html`<li><a href="/log${newer < size && `?before=${newer}`}#entries" rel="prev">Newer</a></li>`,
    oldest > 0 && html`<li><a href="/log?before=${oldest}#entries" rel="next">Older</a></li>`,
    oldest > LOG_PAGE_ENTRIES &&
      html`<li><a href="/log?before=${LOG_PAGE_ENTRIES}#entries">First of all</a></li>`,
  ].filter((link) => link !== false)
  return links.length === 0
    ? null
    : html`<nav aria-label="Pages of the log"><ul class="paging">${links}</ul></nav>`
}
