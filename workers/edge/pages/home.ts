import { lookupForm } from './components/lookup.ts'
import { seal } from './components/seal.ts'
import { pageHeaders } from './headers.ts'
import { html } from './html.ts'
import { layout } from './layout.ts'
import type { Page, Site } from './page.ts'

/** SHA-256 of nothing at all: the ornament of a page that is about no certificate. */
const EMPTY_HASH = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/** What this is, in one screen. `/` */
export function homePage(site: Site): Page {
  return {
    status: 200,
    headers: pageHeaders('document'),
    html: layout(site, {
      title: 'CodeRisk Trust Network',
      description:
        'Signed, public certificates that say how AI-generated code was checked, and that anyone can verify.',
      path: '/',
      listed: true,
      styles: ['home'],
      main: html`<div class="sheet hero"><div class="hero__text">
<h1>Was this AI‑generated code checked?</h1>
<p class="lead">A certificate says which code, by which tool, what was checked and what was not. It is signed, it can be revoked, and anyone can verify it without asking us.</p>
${lookupForm()}
<p class="hint">No id at hand? <a href="/verify">Drop a certificate or an offline bundle</a>, with its code if you like: your browser checks it, and nothing is uploaded.</p>
</div><div class="hero__seal">${seal(EMPTY_HASH)}</div></div>
<section class="how" aria-labelledby="how"><h2 id="how">How it works</h2><ol class="how__steps">
<li><h3>Check</h3><p>A change is sent to the network, which analyses it. A check that has no evidence is recorded as not evaluated, never as passed.</p></li>
<li><h3>Sign</h3><p>The result is signed with a 4096-bit RSA key and gets an id that cannot be guessed. The code itself is not kept.</p></li>
<li><h3>Verify</h3><p>A badge or a link leads to the certificate. Its signature is checked against public keys, its revocation against the live status.</p></li>
</ol><ul class="how__more">
<li><a href="/log">Transparency log</a>: every issue and every revocation is in a public log that can only grow.</li>
<li><a href="/verify">Offline bundles</a>: one file has all that verifying takes, without any network.</li>
<li><a href="/docs">API reference</a>: every route, with its inputs, answers and errors.</li>
</ul></section>`,
    }),
  }
}
