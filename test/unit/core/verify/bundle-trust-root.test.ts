import { beforeAll, describe, expect, test } from 'vitest'
import { type BundleOptions, type BundleVerification, verifyBundle } from '../../../../core/verify/bundle.ts'
import type { TrustRoot } from '../../../../core/verify/trust-root.ts'
import {
  makeBundle,
  makeNetwork,
  makeToken,
  NOW,
  networkTrustRoot,
  signTrustRoot,
  type TestNetwork,
} from './bundle-fixtures.ts'
import { makeKey, type TestKey } from './fixtures.ts'

let network: TestNetwork
let later: TestKey
let attacker: TestNetwork

beforeAll(() => {
  network = makeNetwork()
  later = makeKey({ kid: 'key-202611-11111111', valid_from: '2026-11-23T00:00:00.000Z' })
  // Names everything as the network does.
  attacker = makeNetwork()
}, 120_000)

const root = (more: Partial<TrustRoot> = {}) => signTrustRoot(network.root, networkTrustRoot(network, more))

function verify(more: Record<string, unknown> = {}, options: Partial<BundleOptions> = {}) {
  const text = JSON.stringify(makeBundle(network, more))
  return verifyBundle(text, { rootKey: network.root.jwk, now: NOW, ...options })
}

/** `valid`, or the verdict and its reasons. */
function summary({ verdict: { verdict, reasons } }: BundleVerification): string {
  return [verdict, ...reasons].join(' ')
}

describe('the trust root', () => {
  const accepted = () => networkTrustRoot(network, { version: 9 })

  test('that another key signed proves nothing, however well everything in the bundle fits it', async () => {
    const forged = makeBundle(attacker)
    const self = { rootKey: attacker.root.jwk, now: NOW }
    expect(summary(await verifyBundle(JSON.stringify(forged), self))).toBe('valid')
    const judged = await verifyBundle(JSON.stringify(forged), { rootKey: network.root.jwk, now: NOW })
    expect(summary(judged)).toBe('indeterminate trust_root_not_pinned status_unavailable')
    expect(judged.trustRoot).toMatchObject({
      accepted: false,
      reason: 'trust_root_not_pinned',
      version: null,
    })
    expect([judged.certificate, judged.examined.certificate]).toEqual([null, null])
    // Nor does it once the verifier holds a good one: whoever made the bundle lied about where it is from.
    const options = { rootKey: network.root.jwk, now: NOW, trustRoot: accepted() }
    expect(summary(await verifyBundle(JSON.stringify(forged), options))).toContain('trust_root_not_pinned')
  })

  test.each<[string, () => Record<string, unknown>, Partial<BundleOptions>, string]>([
    [
      'rolled back',
      () => ({}),
      { minimumVersion: 8 },
      'indeterminate trust_root_rolled_back status_unavailable',
    ],
    ['of the version seen', () => ({}), { minimumVersion: 7 }, 'valid'],
    [
      'expired',
      () => ({ trust_root: root({ expires_at: NOW.toISOString() }) }),
      {},
      'indeterminate trust_root_expired status_unavailable',
    ],
    [
      'signed, but none',
      () => ({ trust_root: root({ keys: 'none' as never }) }),
      {},
      'indeterminate trust_root_malformed status_unavailable',
    ],
    [
      'that names no log',
      () => ({ trust_root: signTrustRoot(network.root, { ...networkTrustRoot(network), log: undefined }) }),
      {},
      'valid',
    ],
  ])('%s', async (_, make, options, expected) => {
    expect(summary(await verify(make(), options))).toBe(expected)
  })

  test('that the verifier holds counts instead of an older one', async () => {
    const revoking = networkTrustRoot(network, {
      version: 9,
      keys: [{ ...network.key.entry, state: 'compromised' }, later.entry],
    })
    const judged = await verify({ status_list: makeToken(later) }, { trustRoot: revoking })
    expect(summary(judged)).toBe('invalid key_compromised')
    expect(judged.trustRoot).toMatchObject({ accepted: true, reason: null, version: 9 })
  })

  test.each<[string, () => TrustRoot, number | undefined, string, number | null]>([
    ['a newer one, of the version seen', accepted, 9, 'valid', 9],
    ['an older one than the bundle’s', () => ({ ...accepted(), version: 6 }), 6, 'valid', 7],
    [
      'a newer one that is past its time',
      () => ({ ...accepted(), expires_at: NOW.toISOString() }),
      9,
      'indeterminate trust_root_expired status_unavailable',
      null,
    ],
    [
      'a newer one, older than what was seen',
      accepted,
      10,
      'indeterminate trust_root_rolled_back status_unavailable',
      null,
    ],
  ])('held: %s', async (_, held, minimumVersion, expected, version) => {
    const judged = await verify({}, { trustRoot: held(), minimumVersion })
    expect([summary(judged), judged.trustRoot.version]).toEqual([expected, version])
  })

  test('that the verifier holds makes up for one that is past its time', async () => {
    const trust_root = root({ expires_at: '2026-11-24T00:00:00.000Z' })
    expect(summary(await verify({ trust_root }, { trustRoot: accepted() }))).toBe('valid')
  })
})
