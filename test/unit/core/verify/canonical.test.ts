import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalBytes, canonicalText, signedMembers } from '../../../../core/verify/canonical.ts'
import { MAX_JSON_DEPTH, parseStrictJson } from '../../../../core/verify/json.ts'

/** RFC 8785, appendix B: IEEE 754 bits and their text. */
const NUMBERS: readonly [bits: string, text: string][] = [
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
]

function fromBits(hex: string): number {
  return Buffer.from(hex, 'hex').readDoubleBE()
}

describe('RFC 8785', () => {
  test.each(NUMBERS)('appendix B: %s is %s', (bits, text) => {
    expect(canonicalText(fromBits(bits))).toBe(text)
  })

  test.each(['7fffffffffffffff', '7ff0000000000000', 'fff0000000000000'])(
    'appendix B: %s has no form',
    (bits) => {
      expect(() => canonicalText([fromBits(bits)])).toThrow()
    },
  )

  test('section 3.2.2: literals, numbers and strings', () => {
    const input = String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`
    const output = String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`
    expect(canonicalText(JSON.parse(input))).toBe(output)
  })

  test('section 3.2.4: the UTF-8 bytes of that sample', () => {
    expect(Buffer.from(canonicalBytes({ string: '€$\u000f\nA' })).toString('hex')).toBe(
      '7b22737472696e67223a22e282ac245c75303030665c6e41227d',
    )
  })

  test('section 3.2.3: members in the order of their UTF-16 code units', () => {
    const input = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    }
    expect(Object.values(JSON.parse(canonicalText(input)))).toHaveLength(7)
    expect(canonicalText(input).match(/:"[^"]+"/g)).toEqual([
      ':"Carriage Return"',
      ':"One"',
      ':"Control"',
      ':"Latin Small Letter O With Diaeresis"',
      ':"Euro Sign"',
      ':"Emoji: Grinning Face"',
      ':"Hebrew Letter Dalet With Dagesh"',
    ])
  })

  test.each([
    ['a lone high surrogate', ['\ud800']],
    ['a lone low surrogate', ['\udc00x']],
    ['a lone surrogate in a name', { '\ud800': 1 }],
    ['nothing at all', undefined],
  ])('%s is refused', (_, value) => {
    expect(() => canonicalText(value)).toThrow(Error)
  })
})

describe('any JSON value', () => {
  const json = fc.jsonValue({ stringUnit: 'binary', maxDepth: 5 }).filter(readsAlike)

  test('has the form that the algorithm of the RFC, written out naively, gives it', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalText(value)).toBe(naive(value))
      }),
    )
  })

  test('keeps its form when it is parsed and canonicalised again', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalText(value)
        expect(canonicalText(JSON.parse(text))).toBe(text)
      }),
    )
  })

  test('has one form, whatever order its members are in', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), json), (members) => {
        const reversed = Object.fromEntries(Object.entries(members).reverse())
        expect(canonicalText(reversed)).toBe(canonicalText(Object.fromEntries(Object.entries(members))))
      }),
    )
  })

  test('is read back by the strict parser', () => {
    fc.assert(
      fc.property(json, (value) => {
        const parsed = parseStrictJson(canonicalText(value), MAX_JSON_DEPTH)
        expect(parsed.ok && canonicalText(parsed.value)).toBe(canonicalText(value))
      }),
    )
  })
})

describe('signedMembers', () => {
  test('leaves out the four members that are made after signing, and no other', () => {
    const unsigned = { signature: 1, status: 2, log: 3, blockchain_hash: 4 }
    const signed = { a: 1, Status: 2, statuses: 3, agent: null }
    expect(signedMembers({ ...signed, ...unsigned })).toEqual(signed)
  })

  test('takes only the outermost ones out', () => {
    const nested = { checks: { signature: 1, status: 2 } }
    expect(signedMembers(nested)).toEqual(nested)
  })

  test('keeps a member called __proto__, which would otherwise slip past the signature', () => {
    const parsed = JSON.parse('{"a":1,"__proto__":{"risk_score":0}}')
    expect(canonicalText(signedMembers(parsed))).toBe('{"__proto__":{"risk_score":0},"a":1}')
  })

  test('does not change what it is given', () => {
    const given = Object.freeze({ a: 1, signature: 2 })
    expect(signedMembers(given)).toEqual({ a: 1 })
    expect(given).toEqual({ a: 1, signature: 2 })
  })
})

/** V8 13.6 misreads an escaped member name once it has seen a name that begins with a backslash in its place. */
function readsAlike(value: unknown): boolean {
  return !JSON.stringify(value).includes('"\\\\')
}

/** RFC 8785 §3.2, on top of what ECMAScript does for numbers and strings. */
function naive(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(naive).join(',')}]`
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, item]) => `${JSON.stringify(name)}:${naive(item)}`).join(',')}}`
}
