import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { canonicalText } from '../../../../core/verify/canonical.ts'
import { failed, PASSED } from '../../../../core/verify/checks.ts'
import { type Examined, examineJson, examineSigned, examineText } from '../../../../core/verify/examine.ts'
import type { TrustRoot, TrustRootKey } from '../../../../core/verify/trust-root.ts'
import {
  ISSUED_AT,
  makeCertificate,
  makeKey,
  makeTrustRoot,
  signCertificate,
  signedJson,
  type TestKey,
} from './fixtures.ts'

let key: TestKey
let stranger: TestKey
let root: TrustRoot

beforeAll(() => {
  key = makeKey()
  stranger = makeKey()
  root = makeTrustRoot(key.entry)
}, 120_000)

const rootWith = (more: Partial<TrustRootKey>) => makeTrustRoot({ ...key.entry, ...more })

function summary({ signature, keyValidity }: Examined) {
  return [signature.reason ?? signature.result, keyValidity.reason ?? keyValidity.result]
}

const HOLDS = ['passed', 'passed']
const MALFORMED = ['malformed', 'malformed']
const FORGED = ['signature_invalid', 'passed']

describe('a certificate as JSON', () => {
  test('holds as it was signed, and its members are given back', async () => {
    const examined = await examineText(JSON.stringify(signedJson(key)), root)
    expect(examined).toMatchObject({ signature: PASSED, keyValidity: PASSED })
    expect(examined.certificate).toEqual(makeCertificate())
  })

  test('holds with its members in another order, white space, and numbers written otherwise', async () => {
    const text = JSON.stringify(Object.fromEntries(Object.entries(signedJson(key)).reverse()), null, 3)
      .replace('"risk_score": 3', '"risk_score": 3.0')
      .replace('"confidence": 0.4', '"confidence": 40.00e-2')
      .replace('größe', 'gr\\u00f6\\u00dfe')
    expect(text).toContain('3.0,')
    expect(text).toContain('40.00e-2')
    expect(summary(await examineText(text, root))).toEqual(HOLDS)
  })

  test.each([
    ['a revoked status', { status: 'revoked' }],
    ['a log proof', { log: { state: 'pending', leaf_hash: '00' } }],
    ['an anchor', { blockchain_hash: '0x00' }],
    ['all of them', { status: 'valid', log: null, blockchain_hash: [] }],
  ])('holds with %s beside what is signed, and does not repeat it as signed', async (_, unsigned) => {
    const examined = await examineJson({ ...signedJson(key), ...unsigned }, root)
    expect(summary(examined)).toEqual(HOLDS)
    expect(examined.certificate).toEqual(makeCertificate())
  })

  test.each<[string, Record<string, unknown>]>([
    ['the risk score', { risk_score: 2.9 }],
    ['the level', { risk_level: 'MEDIUM' }],
    ['the code hash', { code_hash: '0'.repeat(64) }],
    ['the expiry', { expires_at: '2027-12-21T00:00:00.000Z' }],
    ['the status index', { status_list: { uri: 'https://network.example/v1/status-lists/0', idx: 6 } }],
    ['one path', { files_changed: ['src/größe.ts', 'src/payment.js'] }],
    ['the order of the paths', { files_changed: ['src/payment.ts', 'src/größe.ts'] }],
    ['the form of a path', { files_changed: ['src/größe.ts'.normalize('NFD'), 'src/payment.ts'] }],
    ['a nested figure', { change: { ...makeCertificate().change, lines_added: 13 } }],
    ['a member added', { note: 'approved' }],
    ['an empty member added', { agent: null }],
    ['__proto__ added', JSON.parse('{"__proto__":{"risk_score":0}}')],
  ])('with %s changed it does not hold', async (_, change) => {
    const tampered = JSON.stringify(signedJson(key)).replace(/}$/, '')
    const kept = Object.keys(change).filter((name) => !(name in makeCertificate()) || name === '__proto__')
    const text =
      kept.length > 0
        ? `${tampered},${JSON.stringify(change).slice(1)}`
        : JSON.stringify({ ...signedJson(key), ...change })
    expect(summary(await examineText(text, root))).toEqual(FORGED)
  })

  test.each(Object.keys(makeCertificate()))('without %s it does not hold', async (name) => {
    const { [name]: _, ...rest } = signedJson(key)
    expect((await examineJson(rest, root)).signature.result).toBe('failed')
  })

  test.each<[string, () => unknown]>([
    ['no certificate', () => ({ hello: 'world' })],
    ['null', () => null],
    ['an array', () => [signedJson(key)]],
    ['a string', () => JSON.stringify(signedJson(key))],
    ['unsigned', () => makeCertificate()],
    ['signature null', () => ({ ...signedJson(key), signature: null })],
    ['a signature without a value', () => ({ ...signedJson(key), signature: { algorithm: 'RS256' } })],
    [
      'another algorithm',
      () => ({
        ...signedJson(key),
        signature: { ...signCertificate(key, makeCertificate()), algorithm: 'HS256' },
      }),
    ],
    [
      'algorithm none',
      () => ({
        ...signedJson(key),
        signature: { ...signCertificate(key, makeCertificate()), algorithm: 'none' },
      }),
    ],
    [
      'a value in base64url',
      () => ({ ...signedJson(key), signature: { ...signCertificate(key, makeCertificate()), value: '-_8' } }),
    ],
    ['another schema version', () => signedJson(key, makeCertificate({ schema_version: '2.0' }))],
    ['an id of another form', () => signedJson(key, makeCertificate({ certificate_id: 'CERT-2026-ILOU' }))],
    [
      'an id with a line break after it',
      () => signedJson(key, makeCertificate({ certificate_id: 'CERT-2026-7k3m9q2x4w8t1v6z\n' })),
    ],
    ['livemode missing', () => signedJson(key, omit('livemode'))],
    ['livemode as text', () => signedJson(key, makeCertificate({ livemode: 'true' }))],
    ['no time of issue', () => signedJson(key, makeCertificate({ issued_at: 'yesterday' }))],
    ['no time of expiry', () => signedJson(key, makeCertificate({ expires_at: null }))],
    ['another risk level', () => signedJson(key, makeCertificate({ risk_level: 'NONE' }))],
    ['a score as text', () => signedJson(key, makeCertificate({ risk_score: '3' }))],
    ['no status list', () => signedJson(key, omit('status_list'))],
    [
      'a status index that is no integer',
      () => signedJson(key, makeCertificate({ status_list: { uri: 'https://a.example', idx: 0.5 } })),
    ],
  ])('%s is malformed, even when it is signed', async (_, make) => {
    expect(summary(await examineJson(make(), root))).toEqual(MALFORMED)
    expect((await examineJson(make(), root)).certificate).toBeNull()
  })

  test('a lone surrogate in it is malformed, since it has no canonical form', async () => {
    const text = JSON.stringify({ ...signedJson(key), user_id: '\ud800' })
    expect(summary(await examineText(text, root))).toEqual(MALFORMED)
  })

  test('a second form of the same signature bytes is malformed', async () => {
    const { signature, ...rest } = signedJson(key) as { signature: { value: string } }
    const last = signature.value.at(-2)!
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
    const value = `${signature.value.slice(0, -2)}${alphabet[alphabet.indexOf(last) + 1]}=`
    expect(Buffer.from(value, 'base64')).toEqual(Buffer.from(signature.value, 'base64'))
    expect(summary(await examineJson({ ...rest, signature: { ...signature, value } }, root))).toEqual(
      MALFORMED,
    )
  })
})

describe('the key', () => {
  test.each<[string, Partial<TrustRootKey>, string[]]>([
    ['active', {}, HOLDS],
    ['pending', { state: 'pending' }, HOLDS],
    ['retired after the issue', { state: 'retired', valid_to: '2026-11-21T00:00:00.001Z' }, HOLDS],
    ['retired at the moment of issue', { state: 'retired', valid_to: ISSUED_AT }, HOLDS],
    [
      'retired before the issue',
      { state: 'retired', valid_to: '2026-11-20T23:59:59.999Z' },
      ['passed', 'key_not_valid_at_issue'],
    ],
    ['valid from the moment of issue', { valid_from: ISSUED_AT }, HOLDS],
    ['valid only later', { valid_from: '2026-11-21T00:00:00.001Z' }, ['passed', 'key_not_valid_at_issue']],
    ['compromised', { state: 'compromised' }, ['passed', 'key_compromised']],
    ['of another kid', { kid: 'key-202611-ffffffff' }, ['key_unknown', 'key_unknown']],
  ])('%s', async (_, more, expected) => {
    expect(summary(await examineJson(signedJson(key), rootWith(more)))).toEqual(expected)
  })

  test.each<[string, Partial<TrustRootKey>, number | null]>([
    ['a sound key', {}, null],
    ['a compromised key', { state: 'compromised' }, null],
    ['a compromised key, and since when', { state: 'compromised', compromised_log_index: 7 }, 7],
    ['a key compromised with the first entry', { state: 'compromised', compromised_log_index: 0 }, 0],
    [
      'a compromised key that was not in force then',
      { state: 'compromised', compromised_log_index: 7, valid_to: '2026-11-20T23:59:59.999Z' },
      null,
    ],
  ])('what the log can make up for: %s', async (_, more, loggedBelow) => {
    const examined = await examineJson(signedJson(key), rootWith(more))
    expect(examined.loggedBelow).toBe(loggedBelow)
    expect(examined.keyValidity.result).toBe(more.state === 'compromised' ? 'failed' : 'passed')
  })

  test('no key at all in the trust root', async () => {
    expect(summary(await examineJson(signedJson(key), makeTrustRoot()))).toEqual([
      'key_unknown',
      'key_unknown',
    ])
  })

  test('that signed is not the one that is named', async () => {
    const forged = {
      ...makeCertificate(),
      signature: { ...signCertificate(stranger, makeCertificate()), public_key_id: key.entry.kid },
    }
    expect(summary(await examineJson(forged, root))).toEqual(FORGED)
  })

  test('is never taken from the certificate', async () => {
    const signature = {
      ...signCertificate(stranger, makeCertificate()),
      jwk: stranger.entry.jwk,
      public_key: stranger.entry.pem,
    }
    const forged = { ...makeCertificate(), signature: { ...signature, public_key_id: key.entry.kid } }
    expect(summary(await examineJson(forged, root))).toEqual(FORGED)
  })
})

describe('test mode', () => {
  test('never verifies as real, whichever key signed', async () => {
    const certificate = makeCertificate({ livemode: false })
    const examined = await examineJson(signedJson(key, certificate), root)
    expect(examined).toMatchObject({ signature: failed('test_mode'), keyValidity: failed('test_mode') })
    expect(examined.certificate).toMatchObject({ livemode: false })
  })
})

describe('the stored text and its signature', () => {
  test('hold', async () => {
    const certificate = makeCertificate()
    const examined = await examineSigned(canonicalText(certificate), signCertificate(key, certificate), root)
    expect(summary(examined)).toEqual(HOLDS)
  })

  test.each<[string, (text: string) => string, string[]]>([
    ['one changed byte', (text) => text.replace('"idx":5', '"idx":4'), FORGED],
    ['white space at the end', (text) => `${text} `, FORGED],
    ['a byte order mark', (text) => `\ufeff${text}`, MALFORMED],
    ['a doubled member', (text) => text.replace('{', '{"ai_tool":"x-v1",'), MALFORMED],
    ['half of it', (text) => text.slice(0, text.length / 2), MALFORMED],
    ['nothing', () => '', MALFORMED],
  ])('do not with %s', async (_, change, expected) => {
    const certificate = makeCertificate()
    const signature = signCertificate(key, certificate)
    expect(summary(await examineSigned(change(canonicalText(certificate)), signature, root))).toEqual(
      expected,
    )
  })
})

describe('anything at all', () => {
  test.each(['', 'null', '[]', '{}', '"x"', '{"a":1,"a":2}', '['.repeat(10_000), '\0'])(
    '%j is malformed',
    async (text) => {
      expect(summary(await examineText(text, root))).toEqual(MALFORMED)
    },
  )

  test('never throws and never passes', async () => {
    const hostile = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({ protected: fc.string(), payload: fc.string(), signature: fc.string() })
        .map((jws) => JSON.stringify(jws)),
    )
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        expect((await examineText(text, root)).signature.result).toBe('failed')
      }),
    )
  })

  test('a member replaced by anything never passes', async () => {
    const names = Object.keys(makeCertificate())
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.jsonValue(), async (name, value) => {
        const certificate = makeCertificate()
        fc.pre(JSON.stringify(value) !== JSON.stringify((certificate as Record<string, unknown>)[name]))
        const tampered = { ...signedJson(key, certificate), [name]: value }
        expect((await examineJson(tampered, root)).signature.result).toBe('failed')
      }),
      { numRuns: 60 },
    )
  })
})

function omit(name: string): object {
  const { [name]: _, ...rest } = makeCertificate() as Record<string, unknown>
  return rest
}
