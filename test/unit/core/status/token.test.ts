import { compactVerify, createLocalJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../../../../core/context.ts'
import { currentTrustRoot } from '../../../../core/keys/trust-root.ts'
import {
  STATUS_TOKEN_LIFETIME_S,
  STATUS_TOKEN_TTL_S,
  statusListToken,
} from '../../../../core/status/token.ts'
import { openStatusToken, statusFromToken } from '../../../../core/verify/status-token.ts'
import { jsonWebKeySet, openTrustRoot, type TrustRoot } from '../../../../core/verify/trust-root.ts'
import { refusalCode, START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'
import { bitOf, countBits, readToken, revoke } from './status-support.ts'

let core: TestCore
let owner: Actor
let trustRoot: TrustRoot

beforeAll(async () => {
  core = await startTestCore()
  owner = await core.organisation()
  const root = await core.db.database.asSystem(currentTrustRoot)
  const opened = await openTrustRoot(root!.jws, core.pinned, { now: new Date() })
  if (!opened.ok) throw new Error(opened.reason)
  trustRoot = opened.trustRoot
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

const sign = (list = 0) => statusListToken(core.ctx(), list)
const secondsNow = async () =>
  Number((await core.db.owner`SELECT floor(extract(epoch FROM now())) AS s`)[0]!.s)

describe('the token of a status list', () => {
  test('is a JWT that the key set of the network verifies, with the claims of the draft', async () => {
    const before = await secondsNow()
    const { text } = await sign(7)
    const { payload, protectedHeader } = await jwtVerify(
      text,
      createLocalJWKSet(jsonWebKeySet(trustRoot) as never),
      { algorithms: ['RS256'], typ: 'statuslist+jwt' },
    )
    const active = await core.db.owner`SELECT kid FROM signing_keys WHERE livemode AND state = 'active'`
    expect(protectedHeader).toEqual({ alg: 'RS256', typ: 'statuslist+jwt', kid: active[0]!.kid })
    expect(payload).toEqual({
      sub: 'https://network.example/v1/status-lists/7',
      iat: expect.any(Number),
      exp: payload.iat! + STATUS_TOKEN_LIFETIME_S,
      ttl: STATUS_TOKEN_TTL_S,
      status_list: { bits: 1, lst: expect.any(String) },
    })
    expect(payload.iat).toBeGreaterThanOrEqual(before)
    expect(payload.iat).toBeLessThanOrEqual(await secondsNow())
  })

  test('of a list without a revocation is 16,384 bytes of zeros, and of version 0', async () => {
    const { text, version } = await sign(3)
    expect([readToken(text).bytes.length, countBits(text), version]).toEqual([16_384, 0, 0])
  })

  test('has the bit of each revoked certificate, and of no other', async () => {
    const issued = await Promise.all(Array.from({ length: 20 }, () => core.issue(owner)))
    const revoked = issued.filter((_, index) => index % 3 === 0)
    for (const certificate of revoked) await revoke(core, owner, certificate)
    const { text, version } = await sign()
    expect(issued.map((certificate) => bitOf(text, certificate))).toEqual(
      issued.map((certificate) => (revoked.includes(certificate) ? 1 : 0)),
    )
    expect([countBits(text), version]).toEqual([revoked.length, revoked.length])
  })

  test('is what the kernel makes a verdict of', async () => {
    const certificate = await core.issue(owner)
    const reference = { ...certificate.status_list, uri: 'https://network.example/v1/status-lists/0' }
    const status = async () => {
      const token = await openStatusToken((await sign()).text, trustRoot)
      return statusFromToken(token, reference, Date.now()).status
    }
    expect(await status()).toMatchObject({ revoked: false, source: 'signed_status_list' })
    await revoke(core, owner, certificate)
    expect(await status()).toMatchObject({ revoked: true })
  })

  test('does not verify once a byte of it is another', async () => {
    const { text } = await sign()
    const keys = createLocalJWKSet(jsonWebKeySet(trustRoot) as never)
    await expect(compactVerify(text, keys)).resolves.toBeDefined()
    const [header, payload, signature] = text.split('.') as [string, string, string]
    const other = payload[40] === 'A' ? 'B' : 'A'
    const tampered = `${header}.${payload.slice(0, 40)}${other}${payload.slice(41)}.${signature}`
    await expect(compactVerify(tampered, keys)).rejects.toThrow()
  })
})

test(
  'without an active key there is none',
  async () => {
    const other = await startTestCore({ keys: false })
    try {
      expect(await refusalCode(statusListToken(other.ctx(), 0))).toBe('signing_unavailable')
    } finally {
      await other.db.stop()
    }
  },
  START_LIMIT_MS,
)
