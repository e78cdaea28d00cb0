import { type Html, html } from '../html.ts'

/** The form that finds an entry. It works without a script: GET /log?find=… */
export function logLookUp(
  options: { readonly value?: string | undefined; readonly error?: string | undefined } = {},
): Html {
  const described = options.error ? 'find-error find-hint' : 'find-hint'
  return html`<form class="lookup" action="/log" method="get" role="search">
<label for="find">Find an entry</label>
<div class="lookup__row"><input class="field" id="find" name="find" value="${options.value ?? ''}" required maxlength="200" autocomplete="off" autocapitalize="off" spellcheck="false" aria-describedby="${described}"${options.error && html` aria-invalid="true"`}><button class="button" type="submit">Find</button></div>
${options.error && html`<p class="lookup__error" id="find-error">${options.error}</p>`}
<p class="hint" id="find-hint">A certificate’s id, a leaf hash of 64 hex digits, or an index.</p>
</form>`
}
