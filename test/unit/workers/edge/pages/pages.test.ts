import { readFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import {
  arcEntryPage,
  arcListPage,
  certificatePage,
  docsPage,
  errorPage,
  homePage,
  logEntryAbsentPage,
  logEntryPage,
  logEntryPendingPage,
  logListPage,
  notFoundPage,
  type Page,
  verifyPage,
} from '../../../../../workers/edge/pages/index.ts'
import {
  arcEntry,
  certificate,
  ID,
  logEntry,
  logList,
  SITE,
  structure,
  textOf,
  verification,
} from './fixtures.ts'

const PAGES = path.resolve(import.meta.dirname, '../../../../../workers/edge/pages')

const pages: Record<string, Page> = {
  home: homePage(SITE),
  verify: verifyPage(SITE),
  'verify, refused': verifyPage(SITE, { id: 'nonsense' }),
  certificate: certificatePage(SITE, { certificate: certificate(), verification: verification() }),
  'not found': notFoundPage(SITE),
  error: errorPage(SITE, { status: 503, title: 'The core is not answering', requestId: 'req-1' }),
  'catalogue entry': arcEntryPage(SITE, arcEntry()),
  catalogue: arcListPage(SITE, { entries: [arcEntry()], total: 40, query: 'retry' }),
  log: logListPage(SITE, logList()),
  'log, older': logListPage(SITE, logList({ before: 500 })),
  'log, refused': logListPage(SITE, logList({ refused: { asked: 'nonsense', why: 'malformed' } })),
  'log entry': logEntryPage(SITE, {
    entry: logEntry(3, { reason: 'superseded' }),
    size: 1_000,
    tile: 'tile/0/000',
    bundle: 'tile/entries/000',
    certificateId: ID,
  }),
  'log entry, absent': logEntryAbsentPage(SITE, { index: 1_000, size: 1_000 }),
  'log entry, pending': logEntryPendingPage(SITE, { id: ID, leafHash: 'ab'.repeat(32) }),
  docs: docsPage(SITE),
}
const own = Object.entries(pages).filter(([name]) => name !== 'docs')

describe.each(Object.entries(pages))('%s', (name, { html, headers }) => {
  it('loads nothing from elsewhere and has no inline script or style', () => {
    const loaded = [...html.matchAll(/<(?:script|img|link|iframe)[^>]*?(?:src|href)="([^"]*)"/g)].map(
      ([, url]) => url,
    )
    expect(loaded.length).toBeGreaterThan(0)
    for (const url of loaded) expect(url).toMatch(/^\/(?:assets|badges)\//)
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/)
  })

  it('is closed by its headers', () => {
    const csp = headers['content-security-policy'] ?? ''
    expect(csp).toContain("default-src 'none'")
    expect(csp).toContain("script-src 'self';")
    expect(csp).toContain("frame-ancestors 'none'")
    expect(csp).toContain("base-uri 'none'")
    expect(csp).not.toMatch(/unsafe-eval|https?:|\*/)
    expect(csp.includes('unsafe-inline')).toBe(name === 'docs')
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    })
    expect(headers['permissions-policy']).toContain('camera=()')
  })

  it('has each id once, and every reference finds its id', () => {
    const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const references = [...html.matchAll(/\s(?:for|aria-labelledby|aria-describedby|data-copy)="([^"]*)"/g)]
    for (const [, list = ''] of references) for (const id of list.split(' ')) expect(ids).toContain(id)
    for (const [, id] of html.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(id)
  })

  it('closes every element that it opens', () => {
    const open: string[] = []
    for (const tag of structure(html).map((element) => element.split(' ')[0]!)) {
      if (/^(?:!doctype|meta|link|input|img|br|path|circle|ellipse|rect|use)$/i.test(tag)) continue
      if (tag.startsWith('/')) expect(open.pop()).toBe(tag.slice(1))
      else open.push(tag)
    }
    expect(open).toEqual([])
  })
})

describe.each(own)('%s', (_, { html }) => {
  it('has one main landmark, one first heading, and no heading that skips a level', () => {
    expect(html.match(/<main /g)).toHaveLength(1)
    const levels = [...html.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level))
    expect(levels.filter((level) => level === 1)).toHaveLength(1)
    expect(levels[0]).toBe(1)
    for (const [i, level] of levels.entries()) expect(level - (levels[i - 1] ?? 0)).toBeLessThanOrEqual(1)
  })
})

describe('indexing and previews', () => {
  it.each([
    ['home', true],
    ['verify', true],
    ['certificate', false],
    ['not found', false],
    ['error', false],
    ['catalogue entry', true],
    ['catalogue', true],
    ['log', true],
    ['log, older', false],
    ['log, refused', false],
    ['log entry', false],
    ['log entry, absent', false],
  ] as const)('%s may be listed: %s', (name, listed) => {
    expect(pages[name]!.html.includes('name="robots" content="noindex')).toBe(!listed)
  })

  it('gives a certificate a preview without an image', () => {
    const { html, headers } = pages.certificate!
    expect(html).toContain(`<meta property="og:title" content="Valid · ${ID} · CodeRisk">`)
    expect(html).toContain(`<meta property="og:url" content="${SITE.baseUrl}/certs/${ID}">`)
    expect(html).toContain('<meta name="twitter:card" content="summary">')
    expect(html).toMatch(/<meta property="og:description" content="Valid\. LOW risk, 3\.2 of 10\./)
    expect(html).not.toContain('og:image')
    expect(headers['x-robots-tag']).toContain('noindex')
    expect(headers['cache-control']).toBe('no-cache')
  })
})

describe('statuses and words', () => {
  it.each([
    ['home', 200],
    ['verify', 200],
    ['verify, refused', 400],
    ['certificate', 200],
    ['not found', 404],
    ['error', 503],
    ['catalogue entry', 200],
    ['catalogue', 200],
    ['log', 200],
    ['log, refused', 400],
    ['log entry', 200],
    ['log entry, absent', 404],
    ['log entry, pending', 200],
    ['docs', 200],
  ] as const)('%s answers %i', (name, status) => {
    expect(pages[name]!.status).toBe(status)
  })

  it('gives back a refused id, escaped, and says what an id is', () => {
    const { html } = verifyPage(SITE, { id: '"><script>alert(1)</script>' })
    expect(html).toContain('value="&quot;&gt;&lt;script&gt;')
    expect(html).toContain('aria-invalid="true"')
    expect(textOf(html)).toContain('This is not a certificate id.')
  })

  it('escapes the title and names the request of an error', () => {
    const { html } = errorPage(SITE, { status: 429, title: '<b>Too many</b>', requestId: '<i>r' })
    expect(html).not.toMatch(/<b>|<i>/)
    expect(textOf(html)).toContain('<i>r')
  })
})

describe('what a page weighs with all that it loads', () => {
  const long = Array.from({ length: 500 }, (_, i) => `packages/service-${i}/${'deep/'.repeat(20)}module.ts`)
  const large = JSON.stringify({ details: 'x'.repeat(65_000), type: 'certificate.issued' })
  const largest: Record<string, Page> = {
    certificate: certificatePage(SITE, {
      certificate: certificate({
        files_changed: long,
        log: { state: 'included', leaf_hash: 'ab'.repeat(32), index: 1_234_567 },
      }),
      verification: verification(),
      treeSize: 1_234_568,
    }),
    log: pages.log!,
    'log entry': logEntryPage(SITE, {
      entry: { ...logEntry(3), text: large },
      size: 1_000,
      tile: 'tile/0/000',
      bundle: 'tile/entries/000',
      certificateId: ID,
    }),
    verify: pages.verify!,
    home: pages.home!,
  }

  it.each([
    ['certificate', 60],
    ['log', 60],
    ['log entry', 60],
    ['home', 60],
    // It has the whole kernel, so that a bundle needs no network.
    ['verify', 72],
  ])('%s: at most %i KiB, and half of that compressed', async (name, kibibytes) => {
    const { html } = largest[name]!
    const files = [...html.matchAll(/\/assets\/([\w-]+)\.(css|svg|js)/g)].map(([, file, type]) => ({
      file,
      type,
    }))
    const loaded = await Promise.all(files.map(({ file, type }) => built(`${file}`, `${type}`)))
    const bytes = [html, ...loaded].reduce((sum, text) => sum + Buffer.byteLength(text), 0)
    const compressed = [html, ...loaded].reduce((sum, text) => sum + gzipSync(text).length, 0)
    expect(loaded.length).toBeGreaterThanOrEqual(4)
    expect(bytes).toBeLessThanOrEqual(kibibytes * 1024)
    expect(compressed).toBeLessThanOrEqual((kibibytes / 2) * 1024)
  })

  it('counts the files that a page of the largest certificate leaves out', () => {
    expect(textOf(largest.certificate!.html)).toMatch(/\d+ further files in the certificate itself/)
  })
})

/** An asset as `scripts/build.ts` makes it. */
async function built(name: string, type: string): Promise<string> {
  if (type === 'svg') return readFileSync(`${PAGES}/assets/${name}.svg`, 'utf8')
  const entry = type === 'js' ? `browser/${name}.ts` : `assets/${name}.css`
  const { outputFiles } = await build({
    entryPoints: [`${PAGES}/${entry}`],
    minify: true,
    write: false,
    ...(type === 'js' && { bundle: true, format: 'esm', target: 'es2022' }),
  })
  return outputFiles[0]!.text
}
