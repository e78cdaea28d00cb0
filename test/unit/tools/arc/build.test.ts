import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { idioms } from '../../../../core/analysis/catalogue/idioms.ts'
import { fingerprint } from '../../../../core/analysis/similarity/winnow.ts'
import { tokenise } from '../../../../core/analysis/source/tokens.ts'
import {
  buildFingerprints,
  FINGERPRINTS,
  MAX_ENTRIES_PER_FINGERPRINT,
  MIN_FINGERPRINTS,
} from '../../../../tools/arc/build.ts'
import { readSamples, type Sample } from '../../../../tools/arc/samples.ts'

const CODE = `
  async function send(order) {
    const connection = await pool.connect()
    try { await connection.query('INSERT INTO orders VALUES ($1)', [order]) }
    finally { connection.release() }
    return [order.id, Math.round(order.total * 100) / 100, new Date().toISOString()]
  }`
const sample = (slug: string, file: string, code = CODE): Sample => ({
  slug,
  file,
  language: 'typescript',
  code,
})
const hashesOf = (code: string) => fingerprint(tokenise(code, 'typescript'), code).map(({ hash }) => hash)

function read(text: string): Record<string, Record<string, string>> {
  return (JSON.parse(text) as { samples: Record<string, Record<string, string>> }).samples
}

describe('the fingerprints of samples', () => {
  test('are those that are shipped: after a change of samples, of idioms or of the lexer, run `npm run arc:build`', () => {
    const { text, weak } = buildFingerprints(readSamples(), idioms())
    expect(text === readFileSync(FINGERPRINTS, 'utf8')).toBe(true)
    // Each leaves a shape of a pattern out.
    expect(weak.length).toBeLessThanOrEqual(5)
  })

  test('are in base 36, once each, in the order of the code', () => {
    const { text } = buildFingerprints([sample('a', 'b.ts')], new Set())
    const hashes = read(text)
      .a!['b.ts']!.split(' ')
      .map((word) => Number.parseInt(word, 36))
    expect(hashes).toEqual([...new Set(hashesOf(CODE))])
  })

  test('leave idioms out', () => {
    const [first, ...others] = new Set(hashesOf(CODE))
    const { text } = buildFingerprints([sample('a', 'b.ts')], new Set([first!]))
    expect(read(text).a!['b.ts']!.split(' ')).toHaveLength(others.length)
  })

  test('leave out what too many entries share, and not what samples of one do', () => {
    const own = `${CODE}\nwhile (true) { for (const a of b) { if (c && d || e) { f += g - h * i } } }`
    const sharing = (count: number) =>
      Array.from({ length: count }, (_, index) => sample(`s${index}`, 'b.ts'))
    const few = buildFingerprints(
      [...sharing(MAX_ENTRIES_PER_FINGERPRINT - 1), sample('z', 'b.ts', own)],
      new Set(),
    )
    const many = buildFingerprints(
      [...sharing(MAX_ENTRIES_PER_FINGERPRINT), sample('z', 'b.ts', own)],
      new Set(),
    )
    const count = (text: string) => read(text).z!['b.ts']!.split(' ').length
    expect(count(few.text)).toBe(new Set(hashesOf(own)).size)
    expect(count(many.text)).toBeLessThan(count(few.text))
    const variants = Array.from({ length: 9 }, (_, index) => sample('a', `${index}.ts`))
    expect(Object.keys(read(buildFingerprints(variants, new Set()).text).a!)).toHaveLength(9)
  })

  test('a sample with too few is left out and named', () => {
    const { text, weak } = buildFingerprints(
      [sample('a', 'b.ts', 'a = b + c'), sample('a', 'c.ts')],
      new Set(),
    )
    expect(Object.keys(read(text).a!)).toEqual(['c.ts'])
    expect(weak).toEqual(['a/b.ts (1)'])
    expect(MIN_FINGERPRINTS).toBeGreaterThan(1)
  })

  test('are the same each time', () => {
    const samples = [sample('b', 'x.ts'), sample('a', 'y.ts')]
    expect(buildFingerprints(samples, new Set())).toEqual(buildFingerprints(samples, new Set()))
  })
})
