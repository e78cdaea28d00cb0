import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RULE_SETS } from '../../../../../core/analysis/security/rules/index.ts'
import { WordFinder } from '../../../../../core/analysis/security/word-finder.ts'

const naive = (words: readonly string[], text: string) => new Set(words.filter((word) => text.includes(word)))

describe('WordFinder', () => {
  test.each([
    [['he', 'she', 'his', 'hers'], 'ushers', ['he', 'she', 'hers']],
    [['a', 'aa', 'aaa'], 'aa', ['a', 'aa']],
    [['exec', 'execFile'], 'execFil', ['exec']],
    [['abc'], 'ab\u00e9c', []],
    [['abc'], '\u00e9abc', ['abc']],
    [['bcd', 'abcde'], 'abcd', ['bcd']],
    [[], 'abc', []],
    [['abc'], '', []],
  ])('%j in %j', (words, text, expected) => {
    expect([...new WordFinder(words).find(text)].sort()).toEqual([...expected].sort())
  })

  test('finds what includes() finds', () => {
    const letters = (max: number) =>
      fc.string({ unit: fc.constantFrom('a', 'b', 'c', '\u00e9'), maxLength: max })
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), letters(60), (words, text) => {
        expect(new WordFinder(words).find(text)).toEqual(naive([...new Set(words)], text))
      }),
    )
  })

  test.each(['', 'caf\u00e9'])('refuses the word %j', (word) => {
    expect(() => new WordFinder([word])).toThrow(RangeError)
  })

  test('takes the words of every rule', () => {
    for (const { rules } of RULE_SETS) {
      const words = rules.flatMap(({ needs }) => needs.flat())
      expect(new WordFinder(words).find(words.join('\n'))).toEqual(new Set(words))
    }
  })
})
