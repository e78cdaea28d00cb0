import { section } from './components/facts.ts'
import { lookupForm } from './components/lookup.ts'
import { pageHeaders } from './headers.ts'
import { type Html, html } from './html.ts'
import { layout } from './layout.ts'
import type { Page, Site } from './page.ts'

/**
 * Takes an id; or a bundle, a certificate or a JWS, with code if it is to be compared. `/verify`
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
      description:
        'Look up a certificate by its id, or verify a bundle and its code in your browser: nothing is uploaded.',
      path: '/verify',
      listed: !refused,
      styles: ['verify'],
      scripts: ['verify'],
      main: html`<div class="sheet">
<header class="title"><h1>Verify a certificate</h1></header>
${section('by-id', 'By its id', lookupForm(refused ? { value: input.id ?? '', error: NOT_AN_ID } : {}))}
${section('by-content', 'By its content', byContent())}
</div>`,
    }),
  }
}

const NOT_AN_ID =
  'This is not a certificate id. An id is CERT-, a year, a dash and 16 lower-case letters and digits.'

function byContent(): Html {
  return html`<p>Your browser does the checking: <strong>nothing that you choose, drop or paste here is uploaded.</strong></p>
<noscript><p class="note">This needs JavaScript, because the check runs in your browser. With an id, the form above works without; a bundle can be checked with <code>coderisk verify FILE</code>.</p></noscript>
<form class="given" data-given hidden>
<fieldset class="drop" data-drop="document"><legend>The certificate</legend>
<p class="hint" id="document-hint">An offline bundle (<code>.bundle.json</code>) is checked without any network. Of a certificate or its JWS only the id is sent, once its signature holds, to ask for the live status.</p>
<div class="drop__row"><label class="button button--quiet" for="document">Choose a file</label><input class="unseen" type="file" id="document" accept=".json,.jws,.txt,application/json" aria-describedby="document-hint"><span class="drop__or">or drop it here, or paste it:</span></div>
<p class="drop__chosen" data-chosen="document" hidden></p>
<label class="unseen" for="pasted">Bundle, certificate or JWS</label>
<textarea class="field field--tall" id="pasted" rows="6" spellcheck="false" autocomplete="off" autocapitalize="off"></textarea>
</fieldset>
<fieldset class="drop" data-drop="code"><legend>Its code (optional)</legend>
<p class="hint" id="code-hint">To see whether it is what was certified. The files are hashed here; in a folder only those are read that the certificate names.</p>
<div class="drop__row"><label class="button button--quiet" for="folder">Choose a folder</label><input class="unseen" type="file" id="folder" webkitdirectory aria-describedby="code-hint"><label class="button button--quiet" for="files">Choose files</label><input class="unseen" type="file" id="files" multiple aria-describedby="code-hint"><span class="drop__or">or drop them here</span></div>
<p class="drop__chosen" data-chosen="code" hidden></p>
</fieldset>
<button class="button" type="submit">Verify in your browser</button>
</form>
<div class="proof" data-proof role="status" aria-live="polite"></div>
<p class="hint" data-root-key hidden>Bundles are judged by the network root key <code class="long" id="root-key"></code> It came from this site: compare it with what the network says elsewhere, or with <code>coderisk trust show</code>.</p>`
}
