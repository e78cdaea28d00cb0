import { lookupForm } from './components/lookup.ts'
import { pageHeaders } from './headers.ts'
import { type Child, html } from './html.ts'
import { layout } from './layout.ts'
import type { Page, Site } from './page.ts'

/** For a path or a certificate that does not exist; it cannot tell which, and says so. */
export function notFoundPage(site: Site): Page {
  return notice(site, 404, 'Nothing is here', [
    html`<p class="lead">There is no page at this address. If it names a certificate, the id may be mistyped, or the certificate may have been issued a moment ago.</p>`,
    lookupForm(),
  ])
}

export interface ErrorPageInput {
  /** HTTP status of the answer, 400 to 599. */
  readonly status: number
  /** The problem's title; nothing internal. */
  readonly title: string
  readonly requestId: string
}

/** For a refusal or a failure of ours. */
export function errorPage(site: Site, { status, title, requestId }: ErrorPageInput): Page {
  const advice =
    status >= 500
      ? 'This is our fault. Trying again in a minute may help.'
      : 'The request could not be answered as it was sent.'
  return notice(site, status, title, [
    html`<p class="lead">${advice}</p>`,
    html`<p class="hint">Status ${status}. If you write to us, name the request: <code>${requestId}</code></p>`,
  ])
}

function notice(site: Site, status: number, title: string, content: Child): Page {
  return {
    status,
    headers: { ...pageHeaders('error'), 'x-robots-tag': 'noindex, nofollow' },
    html: layout(site, {
      title: `${title} · CodeRisk`,
      description: title,
      path: null,
      listed: false,
      main: html`<div class="sheet"><header class="title"><p class="eyebrow">${status}</p><h1>${title}</h1></header><div class="notice">${content}</div></div>`,
    }),
  }
}
