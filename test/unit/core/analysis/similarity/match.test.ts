import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  Catalogue,
  CHUNK_FINGERPRINTS,
  MIN_SHARED,
  matchCatalogue,
  type Pattern,
  SPAN_TOKENS,
} from '../../../../../core/analysis/similarity/match.ts'
import { gramsWith } from './support.ts'

const range = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index)
const pattern = (id: string, ...samples: number[][]): Pattern => ({ id, private: false, samples })

describe('similarity', () => {
  const catalogue = new Catalogue([pattern('A', range(0, 20), range(100, 10)), pattern('B', range(15, 10))])

  test.each<[string, number[], Record<string, number>]>([
    ['nothing in common', range(1000, 50), {}],
    ['all of a sample', range(0, 20), { A: 1, B: 0.5 }],
    ['a part of one', range(0, 7), { A: 0.35 }],
    ['the nearest sample counts', [...range(0, 7), ...range(100, 8)], { A: 0.8 }],
    ['the order does not matter', range(100, 10).reverse(), { A: 1 }],
    ['what is there often counts once', Array.from({ length: 50 }, () => 1), {}],
    ['fewer than MIN_SHARED', range(100, MIN_SHARED - 1), {}],
    ['MIN_SHARED of them', range(100, MIN_SHARED), { A: MIN_SHARED / 10 }],
  ])('%s', (_, hashes, expected) => {
    const matches = matchCatalogue([gramsWith(hashes)], catalogue)
    expect(Object.fromEntries(matches.map((match) => [match.id, match.similarity]))).toEqual(expected)
  })

  test('most alike first, then by id', () => {
    const same = range(0, 10)
    const patterns = new Catalogue([pattern('C', same), pattern('B', same), pattern('A', range(5, 10))])
    expect(matchCatalogue([gramsWith(same)], patterns).map(({ id }) => id)).toEqual(['B', 'C', 'A'])
  })

  test('names the file and the line', () => {
    const change = [gramsWith(range(500, 5)), gramsWith(range(0, 20))]
    expect(matchCatalogue(change, catalogue)[0]).toMatchObject({ id: 'A', file: 1, line: 20 })
  })

  test('what stands in different files is not together', () => {
    expect(matchCatalogue([gramsWith(range(0, 4)), gramsWith(range(4, 4))], catalogue)).toEqual([])
  })

  test('what stands too far apart is not together', () => {
    const [near, far] = [SPAN_TOKENS, SPAN_TOKENS + 1].map((distance) => {
      const filler = range(10_000, distance - 4)
      return matchCatalogue([gramsWith([...range(0, 4), ...filler, 4])], catalogue)
    })
    expect(near).toHaveLength(1)
    expect(far).toEqual([])
  })

  test('what comes again stays as long as its last time does', () => {
    const at = [0, 200, 350, 351, 352, 353]
    const change = { ...gramsWith([0, 0, 1, 2, 3, 4]), at: Uint32Array.from(at) }
    expect(at[5]! - at[0]!).toBeGreaterThan(SPAN_TOKENS)
    expect(matchCatalogue([change], catalogue)[0]).toMatchObject({ id: 'A', similarity: 0.25 })
  })

  test('idioms count neither as shared nor as missing', () => {
    const patterns = new Catalogue([pattern('A', range(0, 20))], new Set(range(0, 10)))
    expect(matchCatalogue([gramsWith(range(0, 10))], patterns)).toEqual([])
    expect(matchCatalogue([gramsWith(range(10, 5))], patterns)[0]?.similarity).toBe(0.5)
  })

  test('a pattern without anything to tell it by matches nothing', () => {
    const patterns = new Catalogue(
      [pattern('A'), pattern('B', []), pattern('C', range(0, 5))],
      new Set(range(0, 5)),
    )
    expect(matchCatalogue([gramsWith(range(0, 10))], patterns)).toEqual([])
  })
})

describe('incidents', () => {
  const none = new Catalogue([])

  test('are compared like patterns, and stay private', () => {
    const incident = { id: 'inc-1', private: true, fingerprints: range(0, 20) }
    expect(matchCatalogue([gramsWith(range(0, 10))], none, [incident])).toMatchObject([
      { id: 'inc-1', private: true, similarity: 0.5 },
    ])
  })

  test('of a large change, a part is found wherever it begins', () => {
    const incident = { id: 'inc-1', private: true, fingerprints: range(0, 1000) }
    for (const from of [0, 17, 500, 1000 - CHUNK_FINGERPRINTS]) {
      const [match] = matchCatalogue([gramsWith(range(from, CHUNK_FINGERPRINTS))], none, [incident])
      expect(match?.similarity).toBeGreaterThanOrEqual(0.75)
    }
  })

  test('ignore the idioms that the catalogue knows', () => {
    const patterns = new Catalogue([], new Set(range(0, 10)))
    const incident = { id: 'inc-1', private: true, fingerprints: range(0, 20) }
    expect(matchCatalogue([gramsWith(range(0, 10))], patterns, [incident])).toEqual([])
    expect(matchCatalogue([gramsWith(range(10, 10))], patterns, [incident])[0]?.similarity).toBe(1)
  })

  test('with too little to tell them by match nothing', () => {
    const fingerprints = range(0, MIN_SHARED - 1)
    const incidents = [
      { id: 'a', private: true, fingerprints },
      { id: 'b', private: true, fingerprints: [] },
    ]
    expect(matchCatalogue([gramsWith(range(0, 10))], none, incidents)).toEqual([])
  })
})

describe('more code', () => {
  const hash = fc.nat({ max: 60 })
  const file = fc.array(hash, { maxLength: 60 })
  const patterns = fc.array(fc.array(fc.array(hash, { maxLength: 12 }), { maxLength: 3 }), { maxLength: 6 })
  const strongest = (files: readonly number[][], catalogue: Catalogue) =>
    matchCatalogue(
      files.map((hashes) => gramsWith(hashes)),
      catalogue,
    )[0]?.similarity ?? 0

  test('never lowers the similarity, at the end, at the beginning or in another file', () => {
    fc.assert(
      fc.property(patterns, file, file, (samples, code, more) => {
        const catalogue = new Catalogue(samples.map((list, index) => pattern(`P${index}`, ...list)))
        const before = strongest([code], catalogue)
        expect(strongest([[...code, ...more]], catalogue)).toBeGreaterThanOrEqual(before)
        expect(strongest([[...more, ...code]], catalogue)).toBeGreaterThanOrEqual(before)
        expect(strongest([more, code], catalogue)).toBeGreaterThanOrEqual(before)
      }),
    )
  })

  test('one pass gives what looking at each span gives', () => {
    const few = fc.nat({ max: 11 })
    const sparse = fc.array(fc.tuple(few, fc.integer({ min: 1, max: 120 })), { maxLength: 60 })
    const ofFew = fc.array(fc.array(fc.array(few, { maxLength: 12 }), { maxLength: 3 }), { maxLength: 4 })
    fc.assert(
      fc.property(ofFew, sparse, (samples, code) => {
        const at: number[] = []
        for (const [, step] of code) at.push((at.at(-1) ?? 0) + step)
        const change = { ...gramsWith(code.map(([value]) => value)), at: Uint32Array.from(at) }
        const catalogue = new Catalogue(samples.map((list, index) => pattern(`P${index}`, ...list)))
        const expected = samples.map((list) =>
          Math.max(0, ...list.map((sample) => naive(new Set(sample), [...change.hash], at))),
        )
        const found = matchCatalogue([change], catalogue)
        expect(samples.map((_, i) => found.find(({ id }) => id === `P${i}`)?.similarity ?? 0)).toEqual(
          expected,
        )
      }),
    )
  })
})

function naive(sample: ReadonlySet<number>, hashes: readonly number[], at: readonly number[]): number {
  const shared = at.map((end) => {
    const inSpan = hashes.filter(
      (hash, i) => at[i]! <= end && end - at[i]! <= SPAN_TOKENS && sample.has(hash),
    )
    return new Set(inSpan).size
  })
  const most = Math.max(0, ...shared)
  return most < MIN_SHARED ? 0 : Math.round((100 * most) / sample.size) / 100
}
