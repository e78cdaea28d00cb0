import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mayTakeExponentialTime } from '../../../../../../../core/analysis/security/rules/javascript/regex.ts'

describe('patterns that may take exponential time', () => {
  it.each([
    '^(a+)+$',
    '^(?:a*)*b',
    '^([a-zA-Z0-9]+)*@x$',
    '^(\\w+\\s?)*$',
    '(.*)*x',
    '^(\\w|\\d)+$',
    '^(a|aa)+$',
    '^(([a-z])+.)+[A-Z]$',
    '^(?<part>\\s*\\w+)*$',
    '^((?:c)*|[b-z]*)*$',
    '^(a{1,})*$',
    '^(\\u0061|a+)*\\.$',
    '^[_a-z0-9-]+(\\.[_a-z0-9-]+)*(x+x+)+y$',
  ])('finds %s', (pattern) => {
    expect(mayTakeExponentialTime(pattern)).toBe(true)
  })

  it.each([
    'a+',
    '^\\d+(?:,\\d+)*$',
    '(?:[a-z]+\\s)+x',
    '"(?:[^"\\\\]|\\\\.)*"',
    '(a+)?b',
    '(a+){2}b',
    // Nothing that may fail follows: what it has matched stays matched.
    '(a+)+',
    '(a+)+b*',
    '^(?:ab|cd)*$',
    '^(?:a[bc])*$',
    '^(?=a+)*$',
    '^([-*_])[ \\t]*(?:\\1[ \\t]*){2,}$',
    '^(?:\\p{L}\\d)*$',
    '^[\\w.+-]+@[\\w-]+\\.[\\w.]+$',
  ])('is silent on %s', (pattern) => {
    expect(mayTakeExponentialTime(pattern)).toBe(false)
  })

  it.each(['(', '[', '\\', '(?', 'a)', '(((a+)+$', '[a'])('takes %s for no pattern', (pattern) => {
    expect(mayTakeExponentialTime(pattern)).toBe(false)
  })

  it('gives long and deep patterns up', () => {
    expect(mayTakeExponentialTime(`${'a'.repeat(1_000)}(a+)+$`)).toBe(false)
    expect(mayTakeExponentialTime(`${'('.repeat(100)}(a+)+$${')'.repeat(100)}`)).toBe(false)
  })

  it('throws nothing, whatever it is given', () => {
    const alphabet = fc.constantFrom(...'ab0 ()[]{}|*+?^$.\\,-:=!<>wds12')
    fc.assert(
      fc.property(fc.array(alphabet, { maxLength: 60 }), (characters) => {
        expect(typeof mayTakeExponentialTime(characters.join(''))).toBe('boolean')
      }),
      { numRuns: 2_000 },
    )
  })

  it('reads everything that the language reads', () => {
    const part = fc.constantFrom(
      'a',
      '[a-z]',
      '\\d',
      '(b)',
      '(?:c|d)',
      '\\.',
      '.',
      '(?=e)',
      '[^f\\]]',
      '\\x41',
      '\\u{1F600}',
    )
    const quantifier = fc.constantFrom('', '*', '+', '?', '{2}', '{1,3}', '*?', '{2,}?')
    fc.assert(
      fc.property(fc.array(fc.tuple(part, quantifier), { maxLength: 12 }), (parts) => {
        const pattern = parts.map(([text, count]) => text + (text === '(?=e)' ? '' : count)).join('')
        new RegExp(pattern, 'u')
        // It was read to its end: what follows is found.
        expect(mayTakeExponentialTime(`${pattern}(?:\\w+)+$`)).toBe(true)
      }),
    )
  })
})
