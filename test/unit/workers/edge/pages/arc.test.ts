import { describe, expect, it } from 'vitest'
import { SEVERITIES } from '../../../../../schema/wire/vocabulary.ts'
import { arcEntryPage, arcListPage } from '../../../../../workers/edge/pages/index.ts'
import { arcEntry, SITE, structure, textOf } from './fixtures.ts'

const HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>&amp;'

describe('the page of an entry', () => {
  it('says all that is known of it', () => {
    const { html, status } = arcEntryPage(SITE, arcEntry())
    expect(status).toBe(200)
    const text = textOf(html)
    for (const words of [
      'ARC-2026-001',
      'Retry without backoff',
      'struggling service',
      'with jitter',
      'high',
      'CWE-400',
    ]) {
      expect(text).toContain(words)
    }
    expect(text).toMatch(/Confirmed incidents\s+3/)
    expect(text).toMatch(/41 fingerprints/)
    expect(html).toContain('href="https://cwe.mitre.org/data/definitions/400.html" rel="noreferrer"')
    expect(html).toContain(`<meta property="og:url" content="${SITE.baseUrl}/arc/ARC-2026-001">`)
  })

  it.each(SEVERITIES)('has the severity %s as a word', (severity) => {
    expect(textOf(arcEntryPage(SITE, arcEntry('ARC-2026-001', { severity })).html)).toContain(severity)
  })

  it('has no list of weaknesses when there are none', () => {
    expect(textOf(arcEntryPage(SITE, arcEntry('ARC-2026-001', { cwe: [] })).html)).not.toContain('Weaknesses')
  })

  it('is the same page with hostile texts, which are shown as they are', () => {
    const hostile = arcEntry('ARC-2026-001', {
      title: HOSTILE,
      description: HOSTILE,
      mitigation: HOSTILE,
      cwe: ['CWE-400', HOSTILE],
    })
    const { html } = arcEntryPage(SITE, hostile)
    const plain = arcEntryPage(SITE, arcEntry('ARC-2026-001', { cwe: ['CWE-400', 'words'] }))
    expect(structure(html)).toEqual(structure(plain.html))
    expect(html).not.toMatch(/<script>|<img/)
    expect(textOf(html)).toContain(HOSTILE)
  })
})

describe('the list', () => {
  const entries = [arcEntry('ARC-2026-001'), arcEntry('ARC-2026-500', { title: HOSTILE, severity: 'low' })]

  it('has each entry with its number and severity', () => {
    const { html, status } = arcListPage(SITE, { entries, total: 2, query: '' })
    expect(status).toBe(200)
    expect([...html.matchAll(/href="\/arc\/(ARC-[\d-]+)"/g)].map(([, id]) => id)).toEqual([
      'ARC-2026-001',
      'ARC-2026-500',
    ])
    expect(textOf(html)).toContain('All 2 patterns, by number.')
    expect(html).not.toMatch(/<script>|<img/)
  })

  it('gives back what was looked for, escaped', () => {
    const { html } = arcListPage(SITE, { entries: [], total: 2, query: HOSTILE })
    const plain = arcListPage(SITE, { entries: [], total: 2, query: 'words' })
    expect(structure(html)).toEqual(structure(plain.html))
    expect(html).toContain('value="&quot;&gt;&lt;script&gt;')
    expect(textOf(html)).toMatch(/0 patterns with “"><script>/)
  })
})
