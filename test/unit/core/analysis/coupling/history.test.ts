import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  changeCoupling,
  FORGOTTEN_AFTER,
  historyScore,
  MAX_PARTNERS,
  MAX_PATHS_PER_CHANGESET,
  MIN_COMMITS,
} from '../../../../../core/analysis/coupling/history.ts'

type Paths = readonly string[]

const commits = (...groups: (readonly [number, Paths])[]) =>
  groups.flatMap(([count, paths]) => Array.from({ length: count }, () => ({ paths })))
const filler = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ paths: [`filler/${index}`] }))

describe('degree', () => {
  test.each([
    ['always together', commits([10, ['a', 'b']]), { degree: 100, shared: 10, revisions: 10 }],
    ['five of six', commits([5, ['a', 'b']], [1, ['a']]), { degree: 90.9, shared: 5, revisions: 5.5 }],
    [
      'each alone as well',
      commits([5, ['a', 'b']], [3, ['a']], [1, ['b']]),
      { degree: 71.4, shared: 5, revisions: 7 },
    ],
    [
      'a path twice in a commit',
      commits([6, ['a', 'b', 'a', 'b']]),
      { degree: 100, shared: 6, revisions: 6 },
    ],
    ['just enough', commits([6, ['a', 'b']], [28, ['b']]), { degree: 30, shared: 6, revisions: 20 }],
  ])('%s', (_, history, expected) => {
    const { partners } = changeCoupling([...history, ...filler(20)], ['a'])
    expect(partners).toEqual([{ path: 'a', with: 'b', ...expected }])
  })

  test.each([
    ['four shared', commits([4, ['a', 'b']], [1, ['a']], [1, ['b']])],
    ['four revisions', commits([4, ['a', 'b']], [3, ['a']])],
    ['a degree below 30 %', commits([6, ['a', 'b']], [29, ['b']])],
    [
      'mass changes',
      commits(
        [9, ['a', 'b', ...Array.from({ length: MAX_PATHS_PER_CHANGESET - 1 }, (_, i) => `${i}`)]],
        [9, ['a']],
      ),
    ],
    ['none of the latest', commits([FORGOTTEN_AFTER, ['a']], [20, ['a', 'b']])],
  ])('no partner: %s', (_, history) => {
    expect(changeCoupling([...history, ...filler(20)], ['a'])).toMatchObject({ partners: [], score: 0 })
  })

  test('the largest changeset that counts, and one of the latest that touched both', () => {
    const others = Array.from({ length: MAX_PATHS_PER_CHANGESET - 2 }, (_, index) => `${index}`)
    const history = commits([FORGOTTEN_AFTER - 1, ['a']], [20, ['a', 'b', ...others]])
    expect(changeCoupling(history, ['a', ...others]).partners).toMatchObject([{ with: 'b', shared: 20 }])
  })

  test('a partner that is in the change is not missing', () => {
    const history = commits([20, ['a', 'b']])
    expect(changeCoupling(history, ['a', 'b'])).toMatchObject({ score: 0, partners: [], knownPaths: 2 })
    expect(changeCoupling(history, ['a'])).toMatchObject({ score: 10 })
  })

  test('a partner of several is named once, with the one it is coupled with most', () => {
    const history = commits([5, ['a', 'x']], [10, ['__proto__', 'a']], [5, ['a', 'x']], [5, ['b', 'x']])
    expect(changeCoupling(history, ['b', 'a'])).toMatchObject({
      partners: [
        { path: 'a', with: '__proto__', degree: 66.7 },
        { path: 'a', with: 'x', degree: 57.1 },
      ],
    })
  })

  test('the strongest partners are named, all count', () => {
    const partners = Array.from({ length: MAX_PATHS_PER_CHANGESET - 1 }, (_, index) => `p${index}`)
    const result = changeCoupling(commits([9, ['a']], [20, ['a', ...partners]]), ['a'])
    expect(result.partners).toHaveLength(MAX_PARTNERS)
    expect(result.score).toBeCloseTo(historyScore(partners.map(() => (100 * 20) / 24.5)), 10)
  })
})

describe('too little history', () => {
  test.each([
    ['no commits', [], ['a'], 0, 0],
    ['one commit too few', commits([MIN_COMMITS - 1, ['a', 'b']]), ['a'], 19, 1],
    ['empty commits', commits([40, []], [19, ['a']]), ['a'], 19, 1],
    ['mass changes', commits([40, Array.from({ length: 31 }, (_, i) => `${i}`)]), ['1'], 0, 0],
    ['a new file', commits([30, ['a', 'b']]), ['new'], 30, 0],
    ['four revisions', commits([4, ['a']], [30, ['b']]), ['a'], 34, 0],
    ['no change', commits([30, ['a']]), [], 30, 0],
  ])('%s', (_, history, changed, usableCommits, knownPaths) => {
    expect(changeCoupling(history, changed)).toEqual({ score: null, partners: [], usableCommits, knownPaths })
  })

  test('a known file is enough, whatever is new beside it', () => {
    expect(changeCoupling(commits([MIN_COMMITS, ['a']]), ['a', 'new']).score).toBe(0)
  })
})

describe('score', () => {
  test.each([
    [[], 0],
    [[83], 8.3],
    [[50], 5],
    [[50, 50], 6.25],
    [[30, 30, 30, 30, 30], 4.8],
    [[60, 60, 60, 60, 60, 60], 7.9],
    [[70, 70], 8.05],
    [[100, 30], 10],
  ])('%j → %f', (degrees, score) => expect(historyScore(degrees)).toBeCloseTo(score, 1))

  const degree = fc.double({ min: 0, max: 100, noNaN: true })

  test('stays within 0 and 10, and knows no order', () => {
    fc.assert(
      fc.property(fc.array(degree), (degrees) => {
        const score = historyScore(degrees)
        expect(score).toBeGreaterThanOrEqual(0)
        expect(score).toBeLessThanOrEqual(10)
        expect(historyScore(degrees.toReversed())).toBe(score)
      }),
    )
  })

  test('a further or a stronger missing partner never lowers it', () => {
    fc.assert(
      fc.property(fc.array(degree), degree, degree, (degrees, one, other) => {
        const [weaker, stronger] = [Math.min(one, other), Math.max(one, other)]
        const without = historyScore(degrees)
        const weak = historyScore([...degrees, weaker])
        expect(weak).toBeGreaterThanOrEqual(without - 1e-12)
        expect(historyScore([...degrees, stronger])).toBeGreaterThanOrEqual(weak - 1e-12)
      }),
    )
  })
})

describe('against a plain reference', () => {
  const path = fc.constantFrom('a', 'b', 'c', 'd', 'e')
  const history = fc.array(fc.record({ paths: fc.array(path, { maxLength: 4 }) }), {
    minLength: 20,
    maxLength: 60,
  })

  /** The definition, pair by pair. */
  function reference(all: readonly { paths: Paths }[], changed: Paths) {
    const touch = (path: string) => all.flatMap(({ paths }, index) => (paths.includes(path) ? [index] : []))
    return ['a', 'b', 'c', 'd', 'e']
      .filter((partner) => !changed.includes(partner))
      .flatMap((partner) => {
        const degrees = changed.map((file) => {
          const [one, other] = [touch(file), touch(partner)]
          const shared = one.filter((index) => other.includes(index))
          const lately = one.slice(0, FORGOTTEN_AFTER).some((index) => other.includes(index))
          const degree = (100 * shared.length) / ((one.length + other.length) / 2)
          return one.length >= 5 && other.length >= 5 && shared.length >= 5 && lately ? degree : 0
        })
        const degree = Math.max(0, ...degrees)
        return degree < 30 ? [] : [{ with: partner, degree: Math.round(degree * 10) / 10 }]
      })
      .sort((x, y) => (x.with < y.with ? -1 : 1))
  }

  test('finds the same partners', () => {
    let found = 0
    fc.assert(
      fc.property(history, fc.uniqueArray(path, { minLength: 1, maxLength: 3 }), (all, changed) => {
        const result = changeCoupling(all, changed)
        if (result.score === null) return
        const partners = result.partners
          .map(({ with: partner, degree }) => ({ with: partner, degree }))
          .sort((x, y) => (x.with < y.with ? -1 : 1))
        expect(partners).toEqual(reference(all, changed))
        found += partners.length
      }),
      { numRuns: 300 },
    )
    expect(found).toBeGreaterThan(100)
  })

  test('the degree of two files is the same from both sides', () => {
    const often = fc.constantFrom('a', 'a', 'b', 'b', 'c')
    const shorter = fc.array(fc.record({ paths: fc.array(often, { maxLength: 4 }) }), {
      minLength: 20,
      maxLength: 24,
    })
    let compared = 0
    fc.assert(
      fc.property(shorter, (all) => {
        const [from, back] = [changeCoupling(all, ['a']), changeCoupling(all, ['b'])]
        const there = from.partners.find((partner) => partner.with === 'b')
        const here = back.partners.find((partner) => partner.with === 'a')
        if (there === undefined || here === undefined) return
        expect([there.degree, there.shared, there.revisions]).toEqual([
          here.degree,
          here.shared,
          here.revisions,
        ])
        compared++
      }),
      { numRuns: 500 },
    )
    expect(compared).toBeGreaterThan(20)
  })

  test('one more commit with a file and a missing partner never lowers the score', () => {
    fc.assert(
      fc.property(history, (all) => {
        const before = changeCoupling(all, ['a']).score
        const after = changeCoupling([{ paths: ['a', 'b'] }, ...all], ['a']).score
        const apart = changeCoupling(all, ['a']).partners.filter(({ with: partner }) => partner !== 'b')
        // The others of `a` lose, since it was touched once more without them.
        if (before !== null && apart.length === 0) expect(after).toBeGreaterThanOrEqual(before - 1e-9)
      }),
    )
  })
})
