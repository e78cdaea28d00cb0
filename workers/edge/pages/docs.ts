import { coverNotice } from '../../../schema/wire/money.ts'
import { mark } from './components/icons.ts'
import { pageHeaders } from './headers.ts'
import { html } from './html.ts'
import type { Page, Site } from './page.ts'

/** The API reference: Scalar, served by us, set up in `browser/docs.ts`. `/docs` */
export function docsPage(site: Site): Page {
  return {
    status: 200,
    headers: pageHeaders('document', 'reference'),
    html: html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API reference · CodeRisk</title>
<meta name="description" content="Every route of the CodeRisk Trust Network’s API, with its inputs, answers and errors.">
<meta property="og:title" content="CodeRisk API reference">
<meta property="og:description" content="Every route of the CodeRisk Trust Network’s API, with its inputs, answers and errors.">
<meta property="og:url" content="${site.baseUrl}/docs">
<meta name="twitter:card" content="summary">
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/tokens.css">
<link rel="stylesheet" href="/assets/docs.css">
<script src="/assets/docs-settings.js" defer></script>
<script src="/assets/api-reference.js" defer></script>
<script src="/assets/docs.js" type="module"></script>
</head>
<body>
<header class="bar"><a class="bar__name" href="/">${mark()}<span>CodeRisk Trust Network</span></a>
<nav aria-label="Main"><ul><li><a href="/log">Transparency log</a></li><li><a href="/verify">Offline bundles</a></li></ul></nav></header>
<main id="reference"></main>
<footer class="bar"><p>${coverNotice(site.carrier)}</p></footer>
<noscript><p>The interactive reference needs JavaScript. The same is in <a href="/openapi.json">openapi.json</a>, for people and tools. The <a href="/log">transparency log</a> and <a href="/verify">offline bundles</a> have pages of their own. <a href="/">Back to the start</a>.</p></noscript>
</body>
</html>`.toString(),
  }
}
