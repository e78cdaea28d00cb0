import { facts } from '../components/facts.ts'
import { pageHeaders } from '../headers.ts'
import { type Child, html, pathSegment } from '../html.ts'
import { layout } from '../layout.ts'
import type { Page, Site } from '../page.ts'
import { logLookUp } from './look-up.ts'

/** No entry has that place or that hash: it may be on its way. */
export function logEntryAbsentPage(
  site: Site,
  asked: { readonly index: number; readonly size: number } | { readonly leafHash: string },
): Page {
  const words =
    'index' in asked
      ? `The log has ${asked.size.toLocaleString('en-GB')} entries so far, numbered from 0.`
      : 'No entry of the log has this leaf hash. One that was made just now gets its place within seconds.'
  const what =
    'index' in asked ? null : facts([{ name: 'Leaf hash', value: html`<code>${asked.leafHash}</code>` }])
  return absent(site, 404, 'No such entry', [html`<p class="lead">${words}</p>`, what, logLookUp()])
}

/** The certificate exists, and no published checkpoint covers its entry yet. */
export function logEntryPendingPage(
  site: Site,
  pending: { readonly id: string; readonly leafHash: string },
): Page {
  const again = `/log?find=${pathSegment(pending.id)}`
  return absent(site, 200, 'On its way into the log', [
    html`<p class="lead">The entry of this certificate is made and has no place yet. It is in a published checkpoint within seconds.</p>`,
    facts([
      { name: 'Certificate', value: html`<a href="/certs/${pathSegment(pending.id)}">${pending.id}</a>` },
      { name: 'Leaf hash', value: html`<code>${pending.leafHash}</code>` },
    ]),
    html`<p><a href="${again}">Look again</a></p>`,
  ])
}

function absent(site: Site, status: number, title: string, content: Child): Page {
  return {
    status,
    headers: { ...pageHeaders('error'), 'x-robots-tag': 'noindex, nofollow' },
    html: layout(site, {
      title: `${title} · Transparency log · CodeRisk`,
      description: title,
      path: null,
      listed: false,
      styles: ['log'],
      main: html`<div class="sheet"><header class="title"><p class="eyebrow"><a href="/log">Transparency log</a></p><h1>${title}</h1></header><div class="notice">${content}</div></div>`,
    }),
  }
}
