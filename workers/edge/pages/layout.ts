import { coverNotice } from '../../../schema/wire/money.ts'
import { mark } from './components/icons.ts'
import { type Child, type Html, html } from './html.ts'
import type { Site } from './page.ts'

export interface LayoutOptions {
  readonly title: string
  readonly description: string
  /** Path of the page, for `og:url`; null where no one should link to it. */
  readonly path: string | null
  readonly main: Child
  /** Entry points of `pages/browser/`, by name. */
  readonly scripts?: readonly string[]
  /** Style sheets of `pages/assets/` beyond those that every page has, by name. */
  readonly styles?: readonly string[]
  /** False for what names someone's work, and for errors. */
  readonly listed: boolean
}

/** The frame of every page: head, masthead, main landmark, footer. */
export function layout(site: Site, options: LayoutOptions): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${options.title}</title>
<meta name="description" content="${options.description}">
${!options.listed && html`<meta name="robots" content="noindex, nofollow">`}
<meta name="color-scheme" content="light dark">
<meta name="theme-color" media="(prefers-color-scheme: light)" content="#eef2f1">
<meta name="theme-color" media="(prefers-color-scheme: dark)" content="#0e1417">
${options.path !== null && preview(site, options.path, options)}
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/tokens.css">
<link rel="stylesheet" href="/assets/base.css">
<link rel="stylesheet" href="/assets/components.css">
${(options.styles ?? []).map((name) => html`<link rel="stylesheet" href="/assets/${name}.css">`)}
${(options.scripts ?? []).map((name) => html`<script type="module" src="/assets/${name}.js"></script>`)}
</head>
<body>
<a class="skip" href="#content">Skip to content</a>
${masthead()}
<main id="content">
${options.main}
</main>
${footer(site)}
</body>
</html>`.toString()
}

function preview(site: Site, path: string, options: LayoutOptions): Html {
  return html`<meta property="og:site_name" content="CodeRisk Trust Network">
<meta property="og:type" content="website">
<meta property="og:title" content="${options.title}">
<meta property="og:description" content="${options.description}">
<meta property="og:url" content="${site.baseUrl}${path}">
<meta name="twitter:card" content="summary">`
}

function masthead(): Html {
  return html`<header class="masthead">
<a class="masthead__name" href="/">${mark()}<span>CodeRisk <span class="masthead__network">Trust Network</span></span></a>
<nav aria-label="Main"><ul class="masthead__nav"><li><a href="/verify">Verify</a></li><li><a href="/log">Log</a></li><li><a href="/arc">Catalogue</a></li><li><a href="/docs">API</a></li></ul></nav>
</header>`
}

function footer(site: Site): Html {
  return html`<footer class="footer">
<p>Nothing here has to be taken on trust: the keys are public, and so is the way to check.</p>
<p>${coverNotice(site.carrier)}</p>
<ul>
<li><a href="/.well-known/jwks.json">Public keys</a></li>
<li><a href="/.well-known/coderisk/trust-root.json">Trust root</a></li>
<li><a href="/log/checkpoint">Log checkpoint</a></li>
<li><a href="/openapi.json">OpenAPI</a></li>
</ul>
</footer>`
}
