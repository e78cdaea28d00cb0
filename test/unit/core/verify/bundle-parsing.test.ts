import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { MAX_BUNDLE_LENGTH, parseBundle, verifyBundle } from '../../../../core/verify/bundle.ts'
import {
  makeBundle,
  makeJws,
  makeNetwork,
  makeNoteKey,
  makeProof,
  NOW,
  networkTrustRoot,
  ORIGIN,
  signTrustRoot,
  type TestNetwork,
} from './bundle-fixtures.ts'
import { makeCertificate, signedJson } from './fixtures.ts'

let network: TestNetwork

beforeAll(() => {
  network = makeNetwork()
}, 120_000)

const judge = (text: string) => verifyBundle(text, { rootKey: network.root.jwk, now: NOW })

describe('a text is no bundle', () => {
  const without = (name: string) => {
    const { [name]: _, ...rest } = makeBundle(network)
    return JSON.stringify(rest)
  }
  const with_ = (more: Record<string, unknown>) => JSON.stringify(makeBundle(network, more))

  test.each<[string, () => string]>([
    ['nothing', () => ''],
    ['no JSON', () => '{'],
    ['a list', () => `[${with_({})}]`],
    ['cut short', () => with_({}).slice(0, -1)],
    ['a member twice', () => with_({}).replace('{', '{"schema_version":"1.0",')],
    ['nested too deep', () => with_({ note: JSON.parse('['.repeat(64) + ']'.repeat(64)) })],
    ['a bare certificate', () => JSON.stringify(signedJson(network.key))],
    ['another media type', () => with_({ media_type: 'application/vnd.dev.sigstore.bundle.v0.3+json' })],
    ['another version', () => with_({ schema_version: '2.0' })],
    ['without media type', () => without('media_type')],
    ['without version', () => without('schema_version')],
    ['without certificate', () => without('certificate')],
    ['without trust root', () => without('trust_root')],
    ['without JWS', () => without('jws')],
    [
      'a certificate as text',
      () =>
        with_({
          certificate: 'CERT-2026-7k3m9q2x4w8t1v6z',
          log_proof: null,
          jws: makeJws(network.key, makeCertificate()),
        }),
    ],
    [
      'a trust root as text',
      () => with_({ trust_root: JSON.stringify(signTrustRoot(network.root, networkTrustRoot(network))) }),
    ],
    ['a bare trust root', () => with_({ trust_root: networkTrustRoot(network) })],
    ['a compact JWS', () => with_({ jws: 'a.b.c' })],
    [
      'a JWS with an unprotected header',
      () => with_({ jws: { ...makeJws(network.key, makeCertificate()), header: {} } }),
    ],
    ['a status list that is no text', () => with_({ status_list: {} })],
    ['a proof that is no text', () => with_({ log_proof: [] })],
    ['too long', () => with_({}).padEnd(MAX_BUNDLE_LENGTH + 1)],
  ])('%s', async (_, make) => {
    expect(parseBundle(make())).toBeNull()
    const { verdict, trustRoot } = await judge(make())
    expect(verdict).toMatchObject({ verdict: 'invalid', reasons: ['malformed', 'status_unavailable'] })
    expect(trustRoot.accepted).toBe(false)
  })

  test('anything at all is read or refused, and never valid', async () => {
    const member = fc.oneof(
      fc.anything(),
      fc.string(),
      fc.record({ protected: fc.string(), payload: fc.string(), signature: fc.string() }),
    )
    const names = [
      'certificate',
      'trust_root',
      'status_list',
      'log_proof',
      'jws',
      'media_type',
      'schema_version',
    ]
    const hostile = fc.oneof(
      fc.string(),
      fc.json(),
      fc.tuple(fc.constantFrom(...names), member).map(([name, value]) => toJson({ ...whole, [name]: value })),
    )
    const whole = makeBundle(network, { log_proof: makeProof(makeNoteKey(ORIGIN), makeCertificate()) })
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        const { verdict } = await judge(text)
        expect(verdict.verdict).not.toBe('valid')
      }),
    )
  })

  test('a character changed anywhere never makes it good, nor makes a good one another', async () => {
    const text = JSON.stringify(makeBundle(network))
    const good = await judge(text)
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.constantFrom('A', '0', '"', '}', ' '), async (at, put) => {
        const changed = text.slice(0, at) + put + text.slice(at + 1)
        const judged = await judge(changed)
        if (judged.verdict.verdict === 'valid') expect(judged.certificate).toEqual(good.certificate)
      }),
      { numRuns: 150 },
    )
  })
})

function toJson(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    return ''
  }
}
