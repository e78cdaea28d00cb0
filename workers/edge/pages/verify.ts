import { lookupForm } from './components/lookup.ts'
import { pageHeaders } from './headers.ts'
import { html } from './html.ts'
import { layout } from './layout.ts'
import type { Page, Site } from './page.ts'

/**
 * Takes an id or a pasted certificate. `/verify`
 *
 * @param input.id what was asked for, when it is not a well-formed id (one that is has its own page)
 */
export function verifyPage(site: Site, input: { id?: string } = {}): Page {
  const refused = input.id !== undefined && input.id !== ''
  return {
    status: refused ? 400 : 200,
    headers: pageHeaders(refused ? 'error' : 'document'),
    html: layout(site, {
      title: `${refused ? 'Not a certificate id · ' : ''}Verify a certificate · CodeRisk`,
      description: 'Look up a certificate by its id, or paste one and verify its signature in your browser.',
      path: '/verify',
      listed: !refused,
      scripts: ['verify'],
      main: html`<div class="sheet">
<header class="title"><h1>Verify a certificate</h1></header>
<section class="part" aria-labelledby="by-id"><h2 id="by-id">By its id</h2><div class="part__body">
${lookupForm(refused ? { value: input.id ?? '', error: NOT_AN_ID } : {})}
</div></section>
<section class="part" aria-labelledby="by-content"><h2 id="by-content">By its content</h2><div class="part__body">
<p>Paste a certificate as JSON, or in its JWS form. Your browser checks the signature against the network’s public keys. The text stays in this page; only the id inside it is sent, to ask for the live status, and only once the signature holds.</p>
<noscript><p class="note">This needs JavaScript, because the check runs in your browser. With an id, the form above works without.</p></noscript>
<form class="paste" data-paste hidden><label for="pasted">Certificate or JWS</label>
<textarea class="field field--tall" id="pasted" rows="10" required spellcheck="false" autocomplete="off" autocapitalize="off"></textarea>
<button class="button" type="submit">Verify in your browser</button></form>
<div class="proof" data-proof role="status" aria-live="polite"></div>
</div></section>
</div>`,
    }),
  }
}

const NOT_AN_ID =
  'This is not a certificate id. An id is CERT-, a year, a dash and 16 lower-case letters and digits.'
