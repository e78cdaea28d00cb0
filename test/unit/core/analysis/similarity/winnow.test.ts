import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fingerprint, GRAM, gramsOf, WINDOW, winnow } from '../../../../../core/analysis/similarity/winnow.ts'
import { tokenise } from '../../../../../core/analysis/source/tokens.ts'
import { grams, hashes, keptToken } from './support.ts'

function fingerprints(code: string): Set<number> {
  return new Set(fingerprint(tokenise(code, 'typescript'), code).map(({ hash }) => hash))
}

describe('the guarantee', () => {
  const words = (constraints: fc.ArrayConstraints) => fc.array(keptToken, constraints)

  test('two sources that share WINDOW + GRAM − 1 tokens share a fingerprint', () => {
    const shared = words({ minLength: WINDOW + GRAM - 1, maxLength: WINDOW + GRAM + 5 })
    fc.assert(
      fc.property(words({}), words({}), shared, words({}), words({}), (a, b, run, c, d) => {
        // A plus on both sides: no token of the run reads differently for its neighbours.
        const one = fingerprints([...a, '+', ...run, '+', ...b].join(' '))
        const other = fingerprints([...c, '+', ...run, '+', ...d].join(' '))
        expect([...one].some((hash) => other.has(hash))).toBe(true)
      }),
    )
  })

  test('each window of hashes has one that is kept, and it is the least of it', () => {
    const few = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 40 })
    fc.assert(
      fc.property(few, (list) => {
        const kept = winnow(Uint32Array.from(list))
        expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b))
        for (let start = 0; start + WINDOW <= list.length; start++) {
          const window = list.slice(start, start + WINDOW)
          const inWindow = kept.filter((index) => index >= start && index < start + WINDOW)
          expect(inWindow.map((index) => list[index])).toContain(Math.min(...window))
        }
      }),
    )
  })

  test.each<[string, number[], number[]]>([
    ['nothing', [], []],
    ['less than a window', [5, 3], [1]],
    ['the rightmost of equal ones', [4, 4, 4], [2]],
    ['one that is still the least is kept', [9, 1, 9, 9, 1], [1, 4]],
    ['falling', [9, 8, 7, 6, 5], [2, 3, 4]],
  ])('winnowing: %s', (_, list, kept) => {
    expect(winnow(Uint32Array.from(list))).toEqual(kept)
  })
})

describe('grams', () => {
  test('equal runs have equal hashes wherever they stand', () => {
    const run = 'if (a) { return await b.commit() }'
    const alone = hashes(run)
    expect(alone.length).toBeGreaterThan(WINDOW)
    const inside = hashes(`x = y + 1\n${run}\nz(x)`)
    expect(inside.join()).toContain(alone.join())
  })

  test('other order, other hashes', () => {
    const [a, b] = ['a = b + c - d', 'a = b - c + d'].map((code) => new Set(hashes(code)))
    expect([...a!].filter((hash) => b!.has(hash))).toEqual([])
  })

  test('less than a gram is none', () => {
    expect(grams('a = 1').count).toBe(0)
    expect(grams('a = 1 + 2').count).toBe(1)
    expect(grams('').count).toBe(0)
  })

  test('the line and the place are those of the first token', () => {
    const { line, at, count } = grams('a = 1\n+ 2\n- 3')
    expect(count).toBe(3)
    expect([...line]).toEqual([1, 1, 1])
    expect([...at]).toEqual([0, 1, 2])
  })
})

describe('the grams of a change', () => {
  const code = ['a = 1', 'b = 2', 'c = 3', 'd = 4', 'e = 5'].join('\n')

  test('reach into a line that it added', () => {
    const { at, tokensSeen } = grams(code, new Set([3]))
    expect([...at]).toEqual([2, 3, 4, 5, 6, 7, 8])
    expect(tokensSeen).toBe(3)
  })

  test.each<[string, string, number[]]>([
    ['no lines', code, []],
    ['a line beyond the end', code, [99]],
    ['a comment', `${code}\n// f`, [6]],
    ['an empty line', `${code}\n\nf = 6`, [6]],
  ])('%s: none, and no token was seen', (_, source, lines) => {
    expect(grams(source, new Set(lines))).toMatchObject({ count: 0, tokensSeen: 0 })
  })

  test('a line in the middle of a string is its token’s', () => {
    const source = 'q(`SELECT a\nFROM b\nWHERE c`)'
    expect(grams(source, new Set([2])).count).toBeGreaterThan(0)
    expect(grams(source, new Set([4])).count).toBe(0)
  })

  test('all lines are the whole source', () => {
    expect(grams(code, new Set([1, 2, 3, 4, 5]))).toEqual(grams(code))
  })

  test('fingerprints of lines are those of the source that have a gram of theirs', () => {
    fc.assert(
      fc.property(
        fc.array(keptToken, { maxLength: 60 }),
        fc.uniqueArray(fc.nat({ max: 60 })),
        (words, added) => {
          const source = words.join('\n')
          const lines = new Set(added)
          const tokens = tokenise(source, 'typescript')
          const places = new Set(gramsOf(tokens, source, lines).at)
          const whole = gramsOf(tokens, source)
          const expected = winnow(whole.hash).filter((index) => places.has(whole.at[index]!))
          expect(fingerprint(tokens, source, { lines }).map(({ hash }) => hash)).toEqual(
            expected.map((index) => whole.hash[index]),
          )
        },
      ),
    )
  })
})
