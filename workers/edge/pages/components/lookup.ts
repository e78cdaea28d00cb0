import { type Html, html } from '../html.ts'

/** The form that takes a certificate's id. It works without a script: GET /verify?id=… */
export function lookupForm(options: { value?: string; error?: string | null } = {}): Html {
  const described = options.error ? 'lookup-error lookup-hint' : 'lookup-hint'
  return html`<form class="lookup" action="/verify" method="get" role="search">
<label for="lookup-id">Certificate id</label>
<div class="lookup__row"><input class="field" id="lookup-id" name="id" value="${options.value ?? ''}" required maxlength="200" autocomplete="off" autocapitalize="off" spellcheck="false" aria-describedby="${described}"${options.error && html` aria-invalid="true"`}><button class="button" type="submit">Look up</button></div>
${options.error && html`<p class="lookup__error" id="lookup-error">${options.error}</p>`}
<p class="hint" id="lookup-hint">For example <code>CERT-2026-7k3m9q2x4w8t1v6z</code>. It is printed on the badge’s page and in the certificate.</p>
</form>`
}
