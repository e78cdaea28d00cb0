import { describe, expect, test } from 'vitest'
import {
  ARC_ENTRIES,
  arcEntry,
  arcFingerprints,
  shippedCatalogue,
} from '../../../../../core/analysis/catalogue/catalogue.ts'
import fingerprints from '../../../../../core/analysis/catalogue/fingerprints.json' with { type: 'json' }
import idiomsData from '../../../../../core/analysis/catalogue/idioms.json' with { type: 'json' }
import { idioms } from '../../../../../core/analysis/catalogue/idioms.ts'
import { checkSimilarity, MATCH_THRESHOLD } from '../../../../../core/analysis/similarity/check.ts'
import { MIN_SHARED, matchCatalogue } from '../../../../../core/analysis/similarity/match.ts'
import { FINGERPRINT_VERSION, gramsOf } from '../../../../../core/analysis/similarity/winnow.ts'
import { type Language, languageOf } from '../../../../../core/analysis/source/language.ts'
import { tokenise } from '../../../../../core/analysis/source/tokens.ts'
import { familyOf } from '../../../../../tools/arc/corpus.ts'
import { readSamples } from '../../../../../tools/arc/samples.ts'

const samples: Readonly<Record<string, Readonly<Record<string, string>>>> = fingerprints.samples

function compare(code: string, language: Language) {
  return matchCatalogue([gramsOf(tokenise(code, language), code)], shippedCatalogue())
}

describe('the entries', () => {
  test('are at least 40, with ids and slugs of their own', () => {
    expect(ARC_ENTRIES.length).toBeGreaterThanOrEqual(40)
    expect(new Set(ARC_ENTRIES.map(({ id }) => id)).size).toBe(ARC_ENTRIES.length)
    expect(new Set(ARC_ENTRIES.map(({ slug }) => slug)).size).toBe(ARC_ENTRIES.length)
  })

  test('are in the order of their ids, and found by them', () => {
    expect(ARC_ENTRIES.map(({ id }) => id)).toEqual(ARC_ENTRIES.map(({ id }) => id).sort())
    for (const entry of ARC_ENTRIES) expect(arcEntry(entry.id)).toBe(entry)
    expect(arcEntry('ARC-1999-001')).toBeNull()
    expect(arcEntry('constructor')).toBeNull()
  })

  test.each(ARC_ENTRIES.map((entry) => [entry.slug, entry] as const))('%s is whole', (slug, entry) => {
    expect(entry.id).toMatch(/^ARC-\d{4}-\d{3}$/)
    expect(slug).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
    expect(entry.title.length).toBeLessThanOrEqual(70)
    expect(entry.description).toMatch(/\.$/)
    expect(entry.mitigation).toMatch(/\.$/)
    expect(entry.incident_count).toBe(0)
    for (const cwe of entry.cwe ?? []) expect(cwe).toMatch(/^CWE-\d+$/)
    const families = Object.keys(samples[slug] ?? {}).map((file) => familyOf(languageOf(file)!))
    expect(new Set(families).size).toBeGreaterThanOrEqual(2)
  })

  test('have samples each, and no samples are without one', () => {
    expect(Object.keys(samples).sort()).toEqual(ARC_ENTRIES.map(({ slug }) => slug).sort())
  })
})

describe('the fingerprints', () => {
  test('are unsigned 32-bit integers, enough of them to match', () => {
    for (const entry of ARC_ENTRIES) {
      for (const sample of arcFingerprints(entry)) {
        expect(sample.length).toBeGreaterThanOrEqual(MIN_SHARED)
        expect(sample.every((hash) => Number.isInteger(hash) && hash >= 0 && hash < 2 ** 32)).toBe(true)
      }
    }
  })

  test('and the idioms are of this version, and have nothing in common', () => {
    expect(fingerprints.version).toBe(FINGERPRINT_VERSION)
    expect(idiomsData.version).toBe(FINGERPRINT_VERSION)
    const common = idioms()
    expect(common.size).toBeGreaterThan(1000)
    expect(
      ARC_ENTRIES.flatMap(arcFingerprints)
        .flat()
        .filter((hash) => common.has(hash)),
    ).toEqual([])
  })

  test('find each sample again as what it is', () => {
    const bySlug = new Map(ARC_ENTRIES.map((entry) => [entry.slug, entry.id]))
    const missed = readSamples()
      .filter(({ slug, file }) => samples[slug]?.[file] !== undefined)
      .filter(({ slug, code, language }) => {
        const own = compare(code, language).find(({ id }) => id === bySlug.get(slug))
        return (own?.similarity ?? 0) < 1
      })
    expect(missed.map(({ slug, file }) => `${slug}/${file}`)).toEqual([])
  })
})

describe('a change', () => {
  const MIGRATION = [
    'def upgrade():',
    '    op.add_column("parcels", sa.Column("weight", sa.Integer(), nullable=False, server_default="0"))',
    '    op.create_index("ix_parcels_weight", "parcels", ["weight"])',
    '',
  ].join('\n')

  test('that locks a table fails, in the words of another author', () => {
    const matches = compare(MIGRATION, 'python')
    const slugs = matches.filter((m) => m.similarity >= MATCH_THRESHOLD).map(({ id }) => arcEntry(id)?.slug)
    expect(slugs).toContain('locking-migration')
    expect(checkSimilarity(matches, 1).result).toBe('failed')
  })

  test.each<[Language, string]>([
    ['typescript', 'export function add(a: number, b: number): number {\n  return a + b\n}\n'],
    ['python', 'class Point:\n    def __init__(self, x, y):\n        self.x = x\n        self.y = y\n'],
    ['go', 'func Max(a, b int) int {\n\tif a > b {\n\t\treturn a\n\t}\n\treturn b\n}\n'],
    [
      'java',
      'class Point {\n  private final int x;\n  Point(int x) { this.x = x; }\n  int x() { return x; }\n}\n',
    ],
  ])('in %s that does nothing of the kind is like nothing', (language, code) => {
    expect(compare(code, language)).toEqual([])
  })
})
