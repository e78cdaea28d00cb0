import { copyable, type Fact, facts, section } from '../components/facts.ts'
import { formatCount, formatInstant } from '../format.ts'
import { pageHeaders } from '../headers.ts'
import { type Html, html } from '../html.ts'
import { layout } from '../layout.ts'
import type { Page, Site } from '../page.ts'
import { describeEntry, type LogPageEntry } from './describe.ts'
import { leftOut, shownEntry } from './shown.ts'

export interface LogEntryInput {
  readonly entry: LogPageEntry
  /** Entries in the newest checkpoint. */
  readonly size: number
  /** Paths of the tile of its leaf hash and of the bundle that it is in, below `/log/`. */
  readonly tile: string
  readonly bundle: string
  /** A well-formed id: the certificate whose issue the reader came to see. */
  readonly certificateId?: string | undefined
}

/** One entry of the log, and the button that proves in the reader's browser that it is there. `/log?index=…` */
export function logEntryPage(site: Site, input: LogEntryInput): Page {
  const { entry, certificateId } = input
  const described = describeEntry(entry)
  const index = entry.index.toLocaleString('en-GB')
  return {
    status: 200,
    headers: { ...pageHeaders('live'), 'x-robots-tag': 'noindex' },
    html: layout(site, {
      title: `Entry ${index} · Transparency log · CodeRisk`,
      description: `${described.event}: entry ${index} of the transparency log.`,
      path: `/log?index=${entry.index}`,
      listed: false,
      styles: ['log'],
      scripts: ['log-entry'],
      main: html`<article class="sheet">
<header class="title"><p class="eyebrow"><a href="/log?before=${entry.index + 1}#entries">Transparency log</a> · entry ${index} of ${input.size.toLocaleString('en-GB')}</p>
<h1>${described.event}</h1>
${certificateId !== undefined && html`<p class="lead">You came here from <a href="/certs/${certificateId}">${certificateId}</a>. Whether this entry is of that certificate, your browser can tell.</p>`}</header>
${section('entry', 'The entry', html`${facts(members(described))}${asHashed(entry)}`)}
${section('place', 'Its place', facts(place(input)))}
${verification(input)}
</article>`,
    }),
  }
}

/** Entries have one or two. */
const MAX_DETAILS = 20

function members({ type, time, subject, digest, details }: ReturnType<typeof describeEntry>): Fact[] {
  return [
    { name: 'Type', value: type && html`<code>${type}</code>` },
    { name: 'Time', value: time && html`<time datetime="${time}">${formatInstant(time)}</time>` },
    {
      name: 'Subject',
      value:
        subject &&
        html`<code>${subject}</code><span class="hint">SHA-256 of its id, so that the log lists none</span>`,
    },
    {
      name: 'Digest',
      value:
        digest &&
        html`<code>${digest}</code><span class="hint">SHA-256 of what was signed, or of the facts</span>`,
    },
    ...details.slice(0, MAX_DETAILS).map(([name, value]) => ({
      name: html`<bdi>${name}</bdi>`,
      value: html`<bdi>${value}</bdi>`,
    })),
    {
      name: 'And',
      value:
        details.length > MAX_DETAILS ? formatCount(details.length - MAX_DETAILS, 'further member') : null,
    },
  ]
}

function asHashed({ text, index }: LogPageEntry): Html {
  const left = leftOut(text)
  return html`<h3>As it is hashed</h3>
${copyable('entry-text', 'The entry as JSON, RFC 8785', shownEntry(text))}
${left > 0 && html`<p class="hint">${formatCount(left, 'further character')} in <a href="/v1/log/entries?start=${index}&amp;limit=1">the entry itself</a>.</p>`}`
}

function place({ entry, tile, bundle, certificateId }: LogEntryInput): Fact[] {
  return [
    { name: 'Index', value: entry.index },
    { name: 'Leaf hash', value: html`<code data-leaf-hash>${entry.leafHash}</code>` },
    { name: 'Hash tile', value: html`<a href="/log/${tile}"><code>/log/${tile}</code></a>` },
    { name: 'Entry bundle', value: html`<a href="/log/${bundle}"><code>/log/${bundle}</code></a>` },
    { name: 'Proof', value: proofLinks(entry.index, certificateId) },
  ]
}

function proofLinks(index: number, certificateId: string | undefined): Html {
  const json = html`<a href="/v1/log/proof?index=${index}">as JSON</a>`
  if (certificateId === undefined) return json
  return html`${json}, <a href="/v1/trust/certs/${certificateId}.tlog-proof">as .tlog-proof</a> of the certificate`
}

function verification({ entry, certificateId }: LogEntryInput): Html {
  return section(
    'verify',
    'Verify it',
    html`<p>Your browser fetches the signed checkpoint and the tiles, and hashes from this entry up to the signed root. It asks for no proof and believes none of our answers; only the network root key comes from this site too, and you can compare it.</p>
<div data-entry="${entry.index}"${certificateId !== undefined && html` data-certificate="${certificateId}"`} hidden><button class="button" type="button">Verify in your browser</button></div>
<noscript><p class="note">Checking here needs JavaScript. The command below does the same.</p></noscript>
<div class="proof" data-proof role="status" aria-live="polite"></div>
<h3>With the command line</h3>
${copyable('command', 'Command that verifies the entry', `coderisk log proof ${certificateId ?? entry.index}`)}`,
  )
}
