import { createHmac } from 'node:crypto'
import { deflateRawSync, deflateSync, gzipSync, inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { STATUS_LIST_SIZE } from '../../../../core/verify/status-list.ts'
import {
  decodeStatusList,
  encodeStatusList,
  MAX_STATUS_TOKEN_LENGTH,
  openStatusToken,
  statusFromToken,
} from '../../../../core/verify/status-token.ts'
import type { TrustRoot, TrustRootKey } from '../../../../core/verify/trust-root.ts'
import {
  encode,
  LIST_URI,
  makeToken,
  NOW,
  seconds,
  signCompact,
  type TokenOptions,
} from './bundle-fixtures.ts'
import { makeKey, makeTrustRoot, type TestKey } from './fixtures.ts'

let key: TestKey
let stranger: TestKey
let root: TrustRoot

beforeAll(() => {
  key = makeKey()
  stranger = makeKey({ kid: 'key-202611-ffffffff' })
  root = makeTrustRoot(key.entry)
}, 120_000)

afterEach(() => {
  vi.restoreAllMocks()
})

const LIST_BYTES = STATUS_LIST_SIZE / 8
const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
const zlib = (bytes: Uint8Array) => base64url(deflateSync(bytes))
const rootWith = (more: Partial<TrustRootKey>) => makeTrustRoot({ ...key.entry, ...more })

/** What a token tells of the certificate with that index. */
async function statusOf(text: string, idx = 5, trustRoot = root, uri = LIST_URI) {
  const token = await openStatusToken(text, trustRoot)
  const { status, statusFault } = statusFromToken(token, { uri, idx }, NOW.getTime())
  return statusFault ?? (status?.revoked ? 'revoked' : 'good')
}

describe('a status list token', () => {
  test('tells of each certificate, from when, and until when', async () => {
    const text = makeToken(key, { revoked: [0, 7, 131_071] })
    const token = await openStatusToken(text, root)
    const asOf = seconds(NOW) * 1000
    expect(token).toMatchObject({
      uri: LIST_URI,
      issuedAt: asOf,
      expiresAt: asOf + 86_400_000,
      ttl: 300,
      bits: 1,
    })
    const told = [0, 1, 6, 7, 8, 131_070, 131_071].map(
      (idx) => statusFromToken(token, { uri: LIST_URI, idx }, NOW.getTime()).status,
    )
    expect(told.map((status) => status?.revoked)).toEqual([true, false, false, true, false, false, true])
    expect(told[0]).toEqual({ revoked: true, asOf, until: asOf + 86_400_000, source: 'signed_status_list' })
  })

  test.each([131_072, 131_079, -1, 0.5, Number.NaN, 2 ** 32])('has no place %d', async (idx) => {
    expect(await statusOf(makeToken(key), idx)).toBe('status_index_out_of_range')
  })

  test('may be shorter than a full one; what is beyond it has no place', async () => {
    const text = makeToken(key, { list: { lst: 'eNrbuRgAAhcBXQ' } })
    const told = await Promise.all([0, 1, 15, 16].map((idx) => statusOf(text, idx)))
    expect(told).toEqual(['revoked', 'good', 'revoked', 'status_index_out_of_range'])
  })

  test.each([
    'https://network.example/v1/status-lists/1',
    'https://network.example/v1/status-lists/00',
    'https://network.example/v1/status-lists/0/',
    'http://network.example/v1/status-lists/0',
    '',
  ])('of another list than %j tells nothing', async (uri) => {
    expect(await statusOf(makeToken(key), 5, root, uri)).toBe('status_list_mismatch')
    expect(await statusOf(makeToken(key, { claims: { sub: uri } }))).toBe('status_list_mismatch')
  })

  test('with two bits for each status is opened, but is no list of certificates', async () => {
    const text = makeToken(key, { list: { bits: 2, lst: zlib(new Uint8Array(2 * LIST_BYTES)) } })
    const token = await openStatusToken(text, root)
    expect([token?.bits, token?.list.length]).toEqual([2, 2 * LIST_BYTES])
    expect(await statusOf(text)).toBe('status_token_invalid')
  })

  test('from the future tells nothing good, as clocks do not differ that much', async () => {
    const at = (ms: number) => makeToken(key, { issuedAt: new Date(NOW.getTime() + ms), revoked: [6] })
    expect(await statusOf(at(60_000))).toBe('good')
    expect(await statusOf(at(61_000))).toBe('status_token_invalid')
    expect(await statusOf(at(61_000), 6)).toBe('revoked')
  })
})

describe('is refused', () => {
  const swapped = (part: 0 | 1 | 2, value: string) => () =>
    makeToken(key).split('.').with(part, value).join('.')
  const headed = (header: object) => () => makeToken(key, { header })
  const claiming = (claims: object) => () => makeToken(key, { claims })
  const listing = (list: object) => () => makeToken(key, { list })

  test.each<[string, () => string]>([
    ['nothing', () => ''],
    ['no JWT', () => 'hello'],
    ['two parts', () => makeToken(key).split('.').slice(0, 2).join('.')],
    ['four parts', () => `${makeToken(key)}.`],
    ['the flattened form', () => JSON.stringify({ protected: 'e30', payload: 'e30', signature: '' })],
    ['white space', () => ` ${makeToken(key)}`],
    ['padding', () => `${makeToken(key)}==`],
    ['more than a token can have', () => makeToken(key).padEnd(MAX_STATUS_TOKEN_LENGTH + 1, 'A')],
    [
      'alg none',
      () =>
        `${encode({ alg: 'none', typ: 'statuslist+jwt', kid: key.entry.kid })}.${makeToken(key).split('.')[1]}.`,
    ],
    ['alg HS256 under the public key', () => hmacToken()],
    ['alg RS512', headed({ alg: 'RS512' })],
    ['alg PS256', headed({ alg: 'PS256' })],
    ['typ JWT', headed({ typ: 'JWT' })],
    ['typ in capitals', headed({ typ: 'STATUSLIST+JWT' })],
    ['no typ', headed({ typ: undefined })],
    ['no kid', headed({ kid: undefined })],
    ['a kid that is no text', headed({ kid: ['key-202611-0a1b2c3d'] })],
    ['crit', headed({ crit: ['exp'] })],
    ['b64', headed({ b64: true })],
    ['the kid of a stranger', () => makeToken(stranger)],
    ["a stranger's signature under our kid", () => makeToken({ ...stranger, entry: key.entry })],
    [
      'its own key in the header',
      () => makeToken({ ...stranger, entry: key.entry }, { header: { jwk: stranger.entry.jwk } }),
    ],
    [
      'another header',
      swapped(0, encode({ alg: 'RS256', typ: 'statuslist+jwt', kid: 'key-202611-0a1b2c3d', x: 1 })),
    ],
    [
      'another payload',
      () =>
        makeToken(key)
          .split('.')
          .with(1, makeToken(key, { revoked: [1] }).split('.')[1]!)
          .join('.'),
    ],
    ['no signature', swapped(2, '')],
    ['a payload that is no JSON', () => signCompact(key, HEADER(), 'hello')],
    ['a payload that is a list', () => signCompact(key, HEADER(), [])],
    ['a member twice', () => signCompact(key, HEADER(), `{"iat":1,${JSON.stringify(CLAIMS()).slice(1)}`)],
    [
      'a header member twice',
      () =>
        signCompact(key, `{"alg":"none",${JSON.stringify(HEADER()).slice(1)}` as unknown as object, CLAIMS()),
    ],
    ['no sub', claiming({ sub: undefined })],
    ['a sub that is no text', claiming({ sub: [LIST_URI] })],
    ['no iat', claiming({ iat: undefined })],
    ['iat as text', claiming({ iat: String(seconds(NOW)) })],
    ['iat with a fraction', claiming({ iat: seconds(NOW) + 0.5 })],
    ['iat before there was time', claiming({ iat: -1 })],
    ['iat beyond what milliseconds can count', claiming({ iat: 2 ** 52 })],
    ['no exp', claiming({ exp: undefined })],
    ['exp that is none', claiming({ exp: null })],
    ['no ttl', claiming({ ttl: undefined })],
    ['no list', claiming({ status_list: undefined })],
    ['a list that is text', claiming({ status_list: 'eNrbuRgAAhcBXQ' })],
    ['no lst', listing({ lst: undefined })],
    ['no bits', listing({ bits: undefined })],
    ['bits as text', listing({ bits: '1' })],
    ['four bits', listing({ bits: 4 })],
    ['no bits at all', listing({ bits: 0 })],
    ['an empty lst', listing({ lst: '' })],
    ['an lst that is no base64url', listing({ lst: 'eNrbuRgAAhcBXQ==' })],
    ['an lst that is garbage', listing({ lst: base64url(Buffer.alloc(100, 0x5a)) })],
    ['an lst that is cut short', listing({ lst: zlib(Buffer.alloc(LIST_BYTES, 0x5a)).slice(0, 20) })],
    [
      'an lst without its checksum',
      listing({ lst: base64url(deflateSync(new Uint8Array(8)).subarray(0, -4)) }),
    ],
    [
      'an lst with another checksum',
      listing({ lst: base64url(withLastByteChanged(deflateSync(new Uint8Array(8)))) }),
    ],
    [
      'an lst with something behind it',
      listing({ lst: base64url(Buffer.concat([deflateSync(new Uint8Array(8)), Buffer.from('x')])) }),
    ],
    ['an lst in the raw form', listing({ lst: base64url(deflateRawSync(new Uint8Array(LIST_BYTES))) })],
    ['an lst in the form of gzip', listing({ lst: base64url(gzipSync(new Uint8Array(LIST_BYTES))) })],
    ['an lst of one byte too many', listing({ lst: zlib(new Uint8Array(LIST_BYTES + 1)) })],
    ['an lst of two bits that says one', listing({ lst: zlib(new Uint8Array(2 * LIST_BYTES)) })],
    ['a bomb', listing({ lst: zlib(new Uint8Array(15 * 1024 * 1024)) })],
  ])('%s', async (_, make) => {
    expect(await openStatusToken(make(), root)).toBeNull()
    expect(await statusOf(make())).toBe('status_token_invalid')
  })

  test.each<[string, Partial<TrustRootKey>, TokenOptions, string]>([
    ['a pending key', { state: 'pending' }, {}, 'good'],
    ['a key that retired later', { state: 'retired', valid_to: NOW.toISOString() }, {}, 'good'],
    [
      'a key that had retired',
      { state: 'retired', valid_to: '2026-11-25T11:59:59.999Z' },
      {},
      'status_token_invalid',
    ],
    ['a key that came later', { valid_from: '2026-11-25T12:00:00.001Z' }, {}, 'status_token_invalid'],
    ['a compromised key', { state: 'compromised' }, {}, 'status_token_invalid'],
    [
      'a compromised key, whatever the log',
      { state: 'compromised', compromised_log_index: 10 ** 9 },
      {},
      'status_token_invalid',
    ],
    [
      'a key with that name that is another',
      { jwk: { kty: 'RSA', n: 'AAAA', e: 'AQAB' } },
      {},
      'status_token_invalid',
    ],
  ])('by its key: %s', async (_, more, options, expected) => {
    const text = makeToken(key, options)
    expect(await statusOf(text, 5, rootWith(more))).toBe(expected)
    // That it was good once, and is remembered, makes no difference.
    expect(await statusOf(text)).toBe('good')
    expect(await statusOf(text, 5, rootWith(more))).toBe(expected)
  })

  test('a token that is remembered, with its signature kept and the rest replaced', async () => {
    const text = makeToken(key, { revoked: [5] })
    expect(await statusOf(text)).toBe('revoked')
    const [header, , signature] = text.split('.')
    expect(await statusOf([header, makeToken(key).split('.')[1], signature].join('.'))).toBe(
      'status_token_invalid',
    )
  })
})

describe('a list is inflated no further than it may be', () => {
  test('and a bomb is not waited for', async () => {
    const bomb = deflateSync(new Uint8Array(15 * 1024 * 1024))
    expect(bomb.length).toBeLessThan(LIST_BYTES)
    const read = vi.spyOn(ReadableStreamDefaultReader.prototype, 'read')
    expect(await decodeStatusList(base64url(bomb), LIST_BYTES)).toBeNull()
    const chunks = await Promise.all(
      read.mock.results.map(({ value }) => value as Promise<{ value?: Uint8Array }>),
    )
    const inflated = chunks.reduce((sum, { value }) => sum + (value?.length ?? 0), 0)
    expect(inflated).toBeGreaterThan(LIST_BYTES)
    expect(inflated).toBeLessThan(10 * LIST_BYTES)
  })

  test('and what is too long to be one is not inflated at all', async () => {
    const random = crypto.getRandomValues(new Uint8Array(LIST_BYTES))
    expect(await decodeStatusList(zlib(random), LIST_BYTES)).toEqual(random)
    const read = vi.spyOn(ReadableStreamDefaultReader.prototype, 'read')
    expect(await decodeStatusList(base64url(new Uint8Array(LIST_BYTES + 65)), LIST_BYTES)).toBeNull()
    expect(read).not.toHaveBeenCalled()
  })
})

describe('lst', () => {
  test('is what the vector of the Token Status List says', async () => {
    expect(await decodeStatusList('eNrbuRgAAhcBXQ', 2)).toEqual(new Uint8Array([0xb9, 0xa3]))
  })

  test('of any list comes back, and zlib reads it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (bytes) => {
        const lst = await encodeStatusList(bytes)
        expect(await decodeStatusList(lst, bytes.length)).toEqual(new Uint8Array(bytes))
        expect(new Uint8Array(inflateSync(Buffer.from(lst, 'base64url')))).toEqual(new Uint8Array(bytes))
      }),
    )
  })
})

test('many certificates of one list cost one signature and one inflation', async () => {
  const text = makeToken(key, { issuedAt: new Date(NOW.getTime() - 77_000) })
  const verify = vi.spyOn(crypto.subtle, 'verify')
  const inflate = vi.spyOn(ReadableStreamDefaultReader.prototype, 'read')
  const first = await openStatusToken(text, root)
  const costs = [verify.mock.calls.length, inflate.mock.calls.length]
  expect(costs[0]).toBe(1)
  for (let i = 0; i < 10; i++) expect(await openStatusToken(text, { ...root })).toBe(first)
  expect([verify.mock.calls.length, inflate.mock.calls.length]).toEqual(costs)
})

describe('anything at all', () => {
  test('is refused, and never thrown at', async () => {
    const part = fc.oneof(fc.base64String(), fc.json().map(encode), fc.string())
    const hostile = fc.oneof(
      fc.string(),
      fc.array(part, { maxLength: 5 }).map((parts) => parts.join('.')),
    )
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        expect(await openStatusToken(text, root)).toBeNull()
      }),
    )
  })

  test('that is signed is opened or refused, and never thrown at', async () => {
    const claims = fc.record(
      {
        sub: fc.anything(),
        iat: fc.anything(),
        exp: fc.anything(),
        ttl: fc.anything(),
        status_list: fc.anything(),
      },
      { requiredKeys: [] },
    )
    await fc.assert(
      fc.asyncProperty(claims.filter(hasJson), async (some) => {
        const text = makeToken(key, { claims: some })
        const faults = ['good', 'status_token_invalid', 'status_list_mismatch', 'status_index_out_of_range']
        expect(faults).toContain(await statusOf(text))
      }),
      { numRuns: 40 },
    )
  })

  test('as an lst is inflated or refused, and never thrown at', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string(), fc.uint8Array({ maxLength: 200 }).map(base64url)),
        async (lst) => {
          const list = await decodeStatusList(lst, 100)
          expect(list === null || list.length <= 100).toBe(true)
        },
      ),
    )
  })

  test('a byte changed anywhere in a token is refused', async () => {
    const text = makeToken(key)
    const other = fc.constantFrom(...'ABCabc012_-.')
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), other, async (at, character) => {
        fc.pre(text[at] !== character)
        expect(await statusOf(text.slice(0, at) + character + text.slice(at + 1))).toBe(
          'status_token_invalid',
        )
      }),
      { numRuns: 60 },
    )
  })
})

const HEADER = () => ({ alg: 'RS256', typ: 'statuslist+jwt', kid: key.entry.kid })
const CLAIMS = () => JSON.parse(Buffer.from(makeToken(key).split('.')[1]!, 'base64url').toString()) as object

function hmacToken(): string {
  const input = `${encode({ ...HEADER(), alg: 'HS256' })}.${encode(CLAIMS())}`
  return `${input}.${createHmac('sha256', key.entry.pem).update(input).digest('base64url')}`
}

function withLastByteChanged(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes)
  changed[changed.length - 1]! ^= 1
  return changed
}

function hasJson(value: unknown): boolean {
  try {
    return JSON.stringify(value) !== undefined
  } catch {
    return false
  }
}
