import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type BundleOptions, type BundleVerification, verifyBundle } from '../../../../core/verify/bundle.ts'
import { canonicalText } from '../../../../core/verify/canonical.ts'
import type { TrustRoot, TrustRootKey } from '../../../../core/verify/trust-root.ts'
import {
  encode,
  makeBundle,
  makeJws,
  makeNetwork,
  makeProof,
  makeToken,
  NOW,
  networkTrustRoot,
  seconds,
  signTrustRoot,
  type TestNetwork,
} from './bundle-fixtures.ts'
import { makeCertificate, makeKey, signedJson, type TestKey } from './fixtures.ts'

let network: TestNetwork
let later: TestKey
let attacker: TestNetwork

beforeAll(() => {
  network = makeNetwork()
  later = makeKey({ kid: 'key-202611-11111111', valid_from: '2026-11-23T00:00:00.000Z' })
  // Names everything as the network does.
  attacker = makeNetwork()
}, 120_000)

afterEach(() => {
  vi.restoreAllMocks()
})

const root = (more: Partial<TrustRoot> = {}) => signTrustRoot(network.root, networkTrustRoot(network, more))
const other = () => signedJson(network.key, makeCertificate({ certificate_id: 'CERT-2026-0000000000000000' }))

function verify(more: Record<string, unknown> = {}, options: Partial<BundleOptions> = {}) {
  const text = JSON.stringify(makeBundle(network, more))
  return verifyBundle(text, { rootKey: network.root.jwk, now: NOW, ...options })
}

/** `valid`, or the verdict and its reasons. */
function summary({ verdict: { verdict, reasons } }: BundleVerification): string {
  return [verdict, ...reasons].join(' ')
}

describe('a good bundle', () => {
  test('is valid, check by check, and says from when its status is', async () => {
    const { verdict, certificate, statusAsOf, trustRoot } = await verify()
    const passed = { result: 'passed', reason: null }
    expect(verdict).toEqual({
      verdict: 'valid',
      reasons: [],
      status: 'valid',
      checks: {
        signature: passed,
        key_validity: passed,
        expiry: passed,
        status: passed,
        log: passed,
        witnesses: { result: 'not_evaluated', reason: 'no_witnesses_required' },
      },
    })
    expect(certificate).toEqual(makeCertificate())
    expect(statusAsOf).toBe(NOW.getTime())
    expect(trustRoot).toEqual({
      accepted: true,
      reason: null,
      version: 7,
      expiresAt: '2026-12-20T00:00:00.000Z',
    })
  })

  test.each<[string, (text: string) => string]>([
    ['written another way', (text) => JSON.stringify(JSON.parse(text), null, 4)],
    ['with members that are not known yet', (text) => text.replace('{', '{"note":[1],')],
  ])('is valid %s', async (_, change) => {
    const text = change(JSON.stringify(makeBundle(network)))
    expect(summary(await verifyBundle(text, { rootKey: network.root.jwk, now: NOW }))).toBe('valid')
  })

  test('is valid with a JWS that a later key made, as forms are made when they are first asked for', async () => {
    const keys = [network.key.entry, later.entry]
    const trust_root = root({ keys })
    const jws = makeJws(later, makeCertificate(), { iat: seconds(NOW) })
    expect(summary(await verify({ trust_root, jws }))).toBe('valid')
    // A certificate itself is not signed by a key that comes after it.
    const certificate = signedJson(later)
    expect(summary(await verify({ trust_root, certificate, jws }))).toBe('invalid key_not_valid_at_issue')
  })

  test('is valid without what does not weigh', async () => {
    const { verdict } = await verify({ log_proof: undefined })
    expect([verdict.verdict, verdict.checks.log.reason]).toEqual(['valid', 'log_proof_missing'])
  })

  test('is not valid without a status', async () => {
    expect(summary(await verify({ status_list: undefined }))).toBe('indeterminate status_unavailable')
  })
})

describe('the certificate and its JWS', () => {
  const tampered = () => ({ ...signedJson(network.key), risk_score: 0 })
  const keys = () => [network.key.entry, later.entry]
  const retired = (): TrustRootKey => ({
    ...later.entry,
    state: 'retired',
    valid_to: '2026-11-20T00:00:00.000Z',
  })

  test.each<[string, () => Record<string, unknown>, string]>([
    [
      'the certificate altered',
      () => ({
        certificate: tampered(),
        jws: makeJws(network.key, makeCertificate()),
        log_proof: makeProof(network.log, makeCertificate()),
      }),
      'invalid signature_invalid log_proof_invalid',
    ],
    [
      'both altered',
      () => ({
        certificate: tampered(),
        jws: {
          ...makeJws(network.key, tampered()),
          signature: makeJws(network.key, makeCertificate()).signature,
        },
      }),
      'invalid signature_invalid',
    ],
    [
      'another certificate, with all that was there',
      () => ({
        certificate: other(),
        jws: makeJws(network.key, makeCertificate()),
        log_proof: makeProof(network.log, other()),
      }),
      'invalid jws_mismatch',
    ],
    [
      'the JWS of another certificate',
      () => ({ jws: makeJws(network.key, other()) }),
      'invalid jws_mismatch',
    ],
    [
      'a JWS of the same, written another way',
      () => ({ jws: jwsOf(JSON.stringify(makeCertificate())) }),
      'invalid jws_mismatch',
    ],
    [
      'a JWS of the whole certificate',
      () => ({ jws: jwsOf(canonicalText(signedJson(network.key))) }),
      'invalid jws_mismatch',
    ],
    ['a JWS of nothing', () => ({ jws: jwsOf('') }), 'invalid jws_mismatch'],
    [
      'a JWS by a stranger',
      () => ({ jws: makeJws(attacker.key, makeCertificate()) }),
      'invalid signature_invalid',
    ],
    [
      'a JWS by a key that is not listed',
      () => ({ jws: makeJws(later, makeCertificate()) }),
      'invalid key_unknown',
    ],
    [
      'a JWS by a key that had retired',
      () => ({
        trust_root: root({ keys: [network.key.entry, retired()] }),
        jws: makeJws(later, makeCertificate()),
      }),
      'invalid key_not_valid_at_issue',
    ],
    [
      'a JWS with alg none',
      () => ({ jws: { ...makeJws(network.key, makeCertificate(), { alg: 'none' }), signature: '' } }),
      'invalid jws_mismatch',
    ],
    [
      'a JWS with alg HS256',
      () => ({ jws: makeJws(network.key, makeCertificate(), { alg: 'HS256' }) }),
      'invalid jws_mismatch',
    ],
    ['a test certificate', () => testCertificate(), 'invalid test_mode'],
    [
      'a certificate that is none',
      () => ({ certificate: { hello: 'world' } }),
      'invalid malformed status_unavailable',
    ],
    ['expired', () => ofCertificate({ expires_at: '2026-11-25T12:00:00.000Z' }), 'invalid expired'],
    [
      'from the future',
      () => ofCertificate({ issued_at: '2026-11-25T12:02:00.000Z' }),
      'invalid not_yet_valid',
    ],
  ])('%s', async (_, make, expected) => {
    expect(summary(await verify(make()))).toBe(expected)
  })

  test.each<[string, Partial<TrustRootKey>, string]>([
    ['compromised after the entry', { compromised_log_index: 6 }, 'valid'],
    ['compromised at the entry', { compromised_log_index: 5 }, 'invalid key_compromised'],
    ['compromised since nobody knows when', {}, 'invalid key_compromised'],
  ])('by a key that is %s', async (_, more, expected) => {
    const compromised = { ...network.key.entry, ...more, state: 'compromised' as const }
    const trust_root = root({ keys: [compromised, later.entry] })
    const rest = { trust_root, status_list: makeToken(later) }
    expect(summary(await verify(rest))).toBe(expected)
    expect(summary(await verify({ ...rest, log_proof: undefined }))).toBe('invalid key_compromised')
  })

  test('of two compromised keys, the entry must be older than both compromises', async () => {
    const at = (own: number, second: number) => {
      const entries = [
        { ...network.key.entry, state: 'compromised' as const, compromised_log_index: own },
        { ...later.entry, state: 'compromised' as const, compromised_log_index: second },
        { ...third().entry },
      ]
      const jws = makeJws(later, makeCertificate(), { iat: seconds(NOW) })
      return verify({ trust_root: root({ keys: entries }), jws, status_list: makeToken(third()) })
    }
    expect(summary(await at(6, 6))).toBe('valid')
    expect(summary(await at(6, 5))).toBe('invalid key_compromised')
    expect(summary(await at(5, 6))).toBe('invalid key_compromised')
  })

  function third(): TestKey {
    return { ...attacker.key, entry: { ...attacker.key.entry, kid: 'key-202611-22222222' } }
  }

  function jwsOf(payload: string) {
    const { protected: head } = makeJws(network.key, makeCertificate())
    return { protected: head, payload: encode(payload), signature: 'AAAA' }
  }

  function ofCertificate(more: Record<string, unknown>) {
    const certificate = signedJson(network.key, makeCertificate(more))
    return { certificate, trust_root: root({ keys: keys() }) }
  }

  function testCertificate() {
    return { certificate: signedJson(network.key, makeCertificate({ livemode: false })) }
  }
})

describe('status and log', () => {
  test.each<[string, () => Record<string, unknown>, string]>([
    ['revoked', () => ({ status_list: makeToken(network.key, { revoked: [5] }) }), 'invalid revoked'],
    ['a token that has expired', () => ({ status_list: tokenUntil(0) }), 'indeterminate status_stale'],
    ['a token about to expire', () => ({ status_list: tokenUntil(1) }), 'valid'],
    ['revoked by a token that has expired', () => ({ status_list: tokenUntil(0, [5]) }), 'invalid revoked'],
    [
      'a token by a stranger',
      () => ({ status_list: makeToken(attacker.key) }),
      'indeterminate status_token_invalid',
    ],
    [
      'a token of another list',
      () => ({
        status_list: makeToken(network.key, { claims: { sub: 'https://network.example/v1/status-lists/1' } }),
      }),
      'indeterminate status_list_mismatch',
    ],
    [
      'a token too short',
      () => ({ status_list: makeToken(network.key, { list: { lst: 'eJwDAAAAAAE' } }) }),
      'indeterminate status_index_out_of_range',
    ],
    [
      'the proof of another certificate',
      () => ({ log_proof: makeProof(network.log, other()) }),
      'invalid log_proof_invalid',
    ],
    [
      'the checkpoint of another log',
      () => ({ log_proof: makeProof(attacker.log, makeCertificate()) }),
      'invalid log_proof_invalid',
    ],
  ])('%s', async (_, make, expected) => {
    expect(summary(await verify(make()))).toBe(expected)
  })

  function tokenUntil(after: number, revoked: number[] = []): string {
    const issuedAt = new Date(NOW.getTime() - 3_600_000)
    return makeToken(network.key, { issuedAt, lifetime: 3_600 + after, revoked })
  }
})

test('code is compared when it is given', async () => {
  const code = { code: 'something else' }
  const { verdict } = await verify({}, { code })
  expect([verdict.verdict, verdict.checks.code_hash?.reason]).toEqual(['invalid', 'code_hash_mismatch'])
  const refused = await verify({}, { code, minimumVersion: 8 })
  expect(refused.verdict.checks.code_hash?.reason).toBe('trust_root_rolled_back')
  expect((await verify()).verdict.checks).not.toHaveProperty('code_hash')
})

test('many bundles by one trust root and status list cost those once', async () => {
  const parts = { trust_root: root({ version: 8 }), status_list: makeToken(network.key, { revoked: [77] }) }
  const bundles = [4, 5, 6].map((risk_score) => {
    const certificate = signedJson(network.key, makeCertificate({ risk_score }))
    return makeBundle(network, { ...parts, certificate, log_proof: makeProof(network.log, certificate) })
  })
  const verified = vi.spyOn(crypto.subtle, 'verify')
  const costs: number[] = []
  for (const bundle of bundles) {
    const before = verified.mock.calls.length
    const judged = await verifyBundle(JSON.stringify(bundle), { rootKey: network.root.jwk, now: NOW })
    expect(summary(judged)).toBe('valid')
    costs.push(verified.mock.calls.length - before)
  }
  // Trust root, certificate, JWS, token, checkpoint; then certificate, JWS, checkpoint.
  expect(costs).toEqual([5, 3, 3])
})
