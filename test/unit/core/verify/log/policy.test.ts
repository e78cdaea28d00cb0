import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatVerifierKey } from '../../../../../core/verify/log/note.ts'
import {
  MAX_POLICY_ITEMS,
  MAX_POLICY_LENGTH,
  parsePolicy,
  quorumReached,
  type WitnessPolicy,
} from '../../../../../core/verify/log/policy.ts'

/** Another key for each number. */
function vkey(name: string, seed: number, type: 0x01 | 0x04 = 0x04): string {
  const publicKey = new Uint8Array(32)
  new DataView(publicKey.buffer).setUint32(0, seed)
  return formatVerifierKey(name, publicKey, type)
}
const witness = (name: string, seed: number) =>
  `witness ${name} ${vkey(`${name.toLowerCase()}.example`, seed)}\n`
const LOG = vkey('log.example/one', 1000, 0x01)

function parse(text: string): WitnessPolicy {
  const parsed = parsePolicy(text)
  if (!parsed.ok) throw new Error(`line ${parsed.line}: ${parsed.fault}`)
  return parsed.policy
}

/** The example of c2sp.org/tlog-policy, with keys. */
const EXAMPLE = `log ${LOG}

${witness('X1', 1)}${witness('X2', 2)}${witness('X3', 3)}group X-witnesses 2 X1 X2 X3

${witness('Y1', 4)}${witness('Y2', 5)}${witness('Y3', 6)}group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
`

describe('a policy', () => {
  test('the example of c2sp.org/tlog-policy', () => {
    const policy = parse(EXAMPLE)
    expect(policy.logs).toEqual([{ key: expect.objectContaining({ text: LOG, type: 1 }), url: null }])
    expect(policy.witnesses.map(({ name }) => name)).toEqual(['X1', 'X2', 'X3', 'Y1', 'Y2', 'Y3'])
    expect(policy.witnesses[0]?.key).toMatchObject({ name: 'x1.example', type: 4 })
    expect(policy.groups).toEqual([
      { name: 'X-witnesses', threshold: 2, members: ['X1', 'X2', 'X3'] },
      { name: 'Y-witnesses', threshold: 1, members: ['Y1', 'Y2', 'Y3'] },
      { name: 'X-and-Y', threshold: 2, members: ['X-witnesses', 'Y-witnesses'] },
    ])
    expect(policy.quorum).toBe('X-and-Y')
  })

  test.each([
    [[], false],
    [['X1', 'X2'], false],
    [['X1', 'Y1'], false],
    [['Y1', 'Y2', 'Y3'], false],
    [['X1', 'X2', 'Y3'], true],
    [['X3', 'X2', 'Y1'], true],
    [['X1', 'X2', 'X3', 'Y1', 'Y2', 'Y3'], true],
    [['X-witnesses', 'Y-witnesses'], false],
    [['X-and-Y'], false],
    [['none', 'x1.example', 'x2.example', 'y1.example'], false],
  ])('with the cosignatures of %j', (cosigned, reached) => {
    expect(quorumReached(parse(EXAMPLE), new Set(cosigned))).toBe(reached)
  })

  test.each([
    'quorum none\n',
    'quorum none',
    '  quorum\t none \t\n\n',
    '# none\n \t# indented\n\nquorum none\n',
  ])('without witnesses: %j', (text) => {
    const policy = parse(text)
    expect(policy).toEqual({ logs: [], witnesses: [], groups: [], quorum: 'none' })
    expect(quorumReached(policy, new Set())).toBe(true)
  })

  test('of one witness', () => {
    const policy = parse(`${witness('W', 1)}quorum W\n${witness('V', 2)}`)
    expect(quorumReached(policy, new Set(['V']))).toBe(false)
    expect(quorumReached(policy, new Set(['W']))).toBe(true)
  })

  test('witnesses that no quorum asks for do no harm', () => {
    expect(quorumReached(parse(`${witness('W', 1)}quorum none\n`), new Set())).toBe(true)
  })

  test('URLs', () => {
    const policy = parse(
      `log ${LOG} https://log.example/one\nwitness W ${vkey('w', 1)}\thttps://größe.example/\nquorum W\n`,
    )
    expect(policy.logs[0]?.url).toBe('https://log.example/one')
    expect(policy.witnesses[0]?.url).toBe('https://größe.example/')
  })

  test('names are their bytes: K and the Kelvin sign differ, # may be inside, and only space and tab part words', () => {
    const text = `witness K ${vkey('k', 1)}\nwitness \u212a ${vkey('k', 2)}\nwitness a#\u00a0b ${vkey('k', 3)}\nquorum a#\u00a0b\n`
    expect(parse(text).witnesses.map(({ name }) => name)).toEqual(['K', '\u212a', 'a#\u00a0b'])
  })

  test('a log and a witness may have one key, and a witness may be named as the words of the format', () => {
    const names = ['all', 'any', '1', 'log', 'quorum']
    const text = `log ${vkey('a', 0, 0x01)}\n${names.map(witness).join('')}group any all ${names.join(' ')}\nquorum any\n`
    expect(parsePolicy(text).ok).toBe(false)
    expect(
      parse(text.replaceAll('group any', 'group g').replace('quorum any\n', 'quorum g\n')).groups,
    ).toEqual([{ name: 'g', threshold: 5, members: names }])
  })

  const [a, b] = [witness('A', 1), witness('B', 2)]
  test.each([
    ['', 1, 'there is no quorum line'],
    ['# quorum none\n', 2, 'there is no quorum line'],
    ['quorum\n', 1, 'a quorum has one name'],
    ['quorum none none\n', 1, 'a quorum has one name'],
    ['quorum none\nquorum none\n', 2, 'there is a quorum line already'],
    [`quorum A\n${a}`, 1, 'the quorum is not defined on a line before'],
    ['quorum # none\n', 1, 'a quorum has one name'],
    ['Quorum none\n', 1, 'the line begins with none of log, witness, group, quorum'],
    ['none\n', 1, 'the line begins with none of log, witness, group, quorum'],
    ['constructor none\n', 1, 'the line begins with none of log, witness, group, quorum'],
    ['quorum none\r\n', 1, 'there is a control character'],
    ['\n# \u0007\nquorum none\n', 2, 'there is a control character'],
    ['quorum none\u007f\n', 1, 'there is a control character'],
    ['quorum none # \ud800\n', 1, 'the text is not Unicode'],
    ['log\n', 1, 'a log has a verifier key and perhaps a URL'],
    [`log ${LOG} a b\n`, 1, 'a log has a verifier key and perhaps a URL'],
    [`log ${LOG}x\n`, 1, 'the verifier key of the log is not a valid Ed25519 key (type 0x01)'],
    [`log ${vkey('a', 1)}\n`, 1, 'the verifier key of the log is not a valid Ed25519 key (type 0x01)'],
    [`log ${LOG}\nlog ${LOG}\n`, 2, 'there is a log with that key already'],
    [`log ${LOG}\nlog ${vkey('other', 1000, 0x01)}\n`, 2, 'there is a log with that key already'],
    ['witness\n', 1, 'a witness has a name, a verifier key and perhaps a URL'],
    ['witness A\n', 1, 'a witness has a name, a verifier key and perhaps a URL'],
    [`${a.trim()} a b\n`, 1, 'a witness has a name, a verifier key and perhaps a URL'],
    [`witness A ${LOG}\n`, 1, 'the verifier key of the witness is not a valid cosignature key (type 0x04)'],
    [`witness none ${vkey('a', 1)}\n`, 1, 'none is not a name'],
    [`${a}\n${a.replace('A', 'B')}`, 3, 'there is a witness with that key already'],
    [`${a}${b.replace('B', 'A')}`, 2, 'the name is defined already'],
    ['group g\n', 1, 'a group has a name, a threshold (all, any or a number) and members'],
    ['group g all\n', 1, 'a group has a name, a threshold (all, any or a number) and members'],
    [`${a}${b}group none all A B\n`, 3, 'none is not a name'],
    [`${a}${b}group A all B\n`, 3, 'the name is defined already'],
    [`${a}group g all A C\n`, 2, 'a member is not defined on a line before'],
    [`${a}group g all A none\n`, 2, 'a member is not defined on a line before'],
    [`${a}group g all A g\n`, 2, 'a member is not defined on a line before'],
    [`${a}group g all A A\n`, 2, 'a member is in a group already'],
    [`${a}${b}group g all A B\ngroup h all B\n`, 4, 'a member is in a group already'],
    ...['0', '3', '-1', '01', '1.0', 'ALL', 'most', '٢', '99999999999999999999'].map(
      (rule) =>
        [
          `${a}${b}group g ${rule} A B\n`,
          3,
          'the threshold is not all, any, or a number from 1 to the number of members',
        ] as const,
    ),
  ] as const)('refused: %j', (text, line, fault) => {
    expect(parsePolicy(text)).toEqual({ ok: false, line, fault })
  })

  test('has limits, beyond the 32 that the specification asks for', () => {
    const names = Array.from({ length: MAX_POLICY_ITEMS }, (_, i) => `w${i}`)
    const witnesses = names.map(witness).join('')
    const groups = names.map((name) => `group g${name} all ${name}\n`).join('')
    const logs = names.map((name, i) => `log ${vkey(name, i, 0x01)}\n`).join('')
    expect(parse(`${logs}${witnesses}${groups}quorum none`).groups).toHaveLength(MAX_POLICY_ITEMS)
    const line = MAX_POLICY_ITEMS + 1
    expect(parsePolicy(`${witnesses}${witness('more', 999)}`)).toMatchObject({
      ok: false,
      line,
      fault: 'there are too many witnesses',
    })
    expect(parsePolicy(`${logs}log ${LOG}\n`)).toMatchObject({
      ok: false,
      line,
      fault: 'there are too many logs',
    })
    const last = `group more any ${names[0]}\n`
    const others = groups.replace(`all ${names[0]}\n`, 'all gw1\n').split('\n').toSpliced(0, 1).join('\n')
    expect(parsePolicy(`${witnesses}${others}group gw0 all gw1\n${last}`)).toMatchObject({
      fault: 'there are too many groups',
    })
    expect(parsePolicy(' '.repeat(MAX_POLICY_LENGTH + 1))).toMatchObject({ fault: 'the policy is too long' })
  })

  test('of noise comes a policy or a fault in one of its lines', () => {
    const word = fc.constantFrom(
      'log',
      'witness',
      'group',
      'quorum',
      'none',
      'all',
      'any',
      '1',
      '2',
      'A',
      'B',
      '#',
      ...[1, 2].map((seed) => vkey('a', seed)),
      LOG,
    )
    const line = fc.oneof(
      fc.array(word, { maxLength: 6 }).map((words) => words.join(' ')),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const parsed = parsePolicy(lines.join('\n'))
        if (parsed.ok) {
          const everyone = new Set(parsed.policy.witnesses.map(({ name }) => name))
          expect(quorumReached(parsed.policy, everyone)).toBe(true)
          expect(quorumReached(parsed.policy, new Set())).toBe(parsed.policy.quorum === 'none')
        } else {
          expect(parsed.line).toBeGreaterThan(0)
          expect(parsed.line).toBeLessThanOrEqual(Math.max(1, lines.join('\n').split('\n').length))
        }
      }),
      { numRuns: 3000 },
    )
  })

  test('one more cosignature never undoes a quorum', () => {
    const names = ['X1', 'X2', 'X3', 'Y1', 'Y2', 'Y3']
    const policy = parse(EXAMPLE)
    fc.assert(
      fc.property(fc.subarray(names), fc.constantFrom(...names), (cosigned, more) => {
        const [x, y] = ['X', 'Y'].map((group) => cosigned.filter((name) => name.startsWith(group)).length)
        expect(quorumReached(policy, new Set(cosigned))).toBe(x! >= 2 && y! >= 1)
        if (quorumReached(policy, new Set(cosigned))) {
          expect(quorumReached(policy, new Set([...cosigned, more]))).toBe(true)
        }
      }),
    )
  })
})
