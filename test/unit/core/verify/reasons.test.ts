import { beforeAll, describe, expect, test } from 'vitest'
import { inWords } from '../../../../cli/reports/words.ts'
import { type BundleOptions, verifyBundle } from '../../../../core/verify/bundle.ts'
import { type CheckReason, VERDICT_REASONS } from '../../../../core/verify/checks.ts'
import { examineText, unexamined } from '../../../../core/verify/examine.ts'
import { LOG_NOT_ASKED } from '../../../../core/verify/log-evidence.ts'
import type { TrustRoot, TrustRootLog } from '../../../../core/verify/trust-root.ts'
import { decide, OFFLINE_POLICY, type Verdict } from '../../../../core/verify/verdict.ts'
import { reasonWords } from '../../../../workers/edge/pages/words.ts'
import { read, section, tableRows } from '../../docs/markdown.ts'
import {
  makeBundle,
  makeJws,
  makeNetwork,
  makeProof,
  makeToken,
  NOW,
  networkTrustRoot,
  oneWitness,
  signTrustRoot,
  type TestNetwork,
  trustRootLog,
} from './bundle-fixtures.ts'
import { makeCertificate, makeKey, signedJson, type TestKey } from './fixtures.ts'

let network: TestNetwork
let other: TestKey

beforeAll(() => {
  network = makeNetwork()
  other = makeKey({ kid: 'key-202611-11111111' })
}, 120_000)

const rootOf = (more: Partial<TrustRoot>) => signTrustRoot(network.root, networkTrustRoot(network, more))
const rootWithLog = (more: Partial<TrustRootLog>) => rootOf({ log: trustRootLog(network, more) })
const ofCertificate = (more: Record<string, unknown>) => ({
  certificate: signedJson(network.key, makeCertificate(more)),
})

async function offline(
  more: Record<string, unknown>,
  options: Partial<BundleOptions> = {},
): Promise<Verdict> {
  const text = JSON.stringify(makeBundle(network, more))
  return (await verifyBundle(text, { rootKey: network.root.jwk, now: NOW, ...options })).verdict
}

/** A verdict with nothing but the certificate to go by. */
async function bare(text: string | null): Promise<Verdict> {
  const examined =
    text === null ? unexamined('trust_root_unavailable') : await examineText(text, networkTrustRoot(network))
  return decide(examined, { status: null, log: LOG_NOT_ASKED }, NOW.getTime(), OFFLINE_POLICY)
}

/** How each reason comes about. */
const CAUSES: Record<CheckReason, () => Promise<Verdict>> = {
  malformed: () => bare('{}'),
  test_mode: () => offline(ofCertificate({ livemode: false })),
  signature_invalid: () => offline({ certificate: { ...signedJson(network.key), risk_score: 0 } }),
  jws_mismatch: () => offline({ jws: makeJws(network.key, makeCertificate({ risk_score: 0 })) }),
  key_unknown: () => offline({ certificate: signedJson(other) }),
  key_compromised: () =>
    offline({ trust_root: rootOf({ keys: [{ ...network.key.entry, state: 'compromised' }] }) }),
  key_not_valid_at_issue: () => offline(ofCertificate({ issued_at: '2026-10-01T00:00:00.000Z' })),
  trust_root_unavailable: () => bare(null),
  trust_root_malformed: () => offline({ trust_root: rootOf({ version: 0.5 }) }),
  trust_root_not_pinned: () => offline({}, { rootKey: network.log.jwk }),
  trust_root_rolled_back: () => offline({}, { minimumVersion: 8 }),
  trust_root_expired: () => offline({ trust_root: rootOf({ expires_at: NOW.toISOString() }) }),
  expired: () => offline(ofCertificate({ expires_at: NOW.toISOString() })),
  not_yet_valid: () => offline(ofCertificate({ issued_at: '2026-11-25T12:01:00.001Z' })),
  revoked: () => offline({ status_list: makeToken(network.key, { revoked: [5] }) }),
  status_stale: () =>
    offline({ status_list: makeToken(network.key, { claims: { exp: NOW.getTime() / 1000 } }) }),
  status_unavailable: () => bare(JSON.stringify(signedJson(network.key))),
  status_token_invalid: () => offline({ status_list: makeToken(other) }),
  status_list_mismatch: () => offline({ status_list: makeToken(network.key, { claims: { sub: 'x' } }) }),
  status_index_out_of_range: () =>
    offline({ status_list: makeToken(network.key, { list: { lst: 'eJwDAAAAAAE' } }) }),
  log_proof_invalid: () => offline({ log_proof: makeProof(network.log, makeCertificate({ risk_score: 0 })) }),
  log_proof_missing: () => offline({ log_proof: null }),
  log_unknown: () =>
    offline({ trust_root: signTrustRoot(network.root, { ...networkTrustRoot(network), log: undefined }) }),
  log_not_asked: () => bare(JSON.stringify(signedJson(network.key))),
  no_witnesses_required: () => offline({}),
  witness_quorum_missing: () => offline({ trust_root: rootWithLog({ witness_policy: oneWitness(network) }) }),
  code_hash_mismatch: () => offline({}, { code: { code: 'other' } }),
  code_hash_missing: () => offline(ofCertificate({ code_hash: undefined }), { code: { code: '' } }),
  code_files_missing: () => offline({}, { code: { files: [] } }),
}

/** Rows of the format's document: reason, the checks that give it, what that comes to. */
const DOCUMENTED = tableRows(section(read('docs/certificate-format.md'), '### Reasons'))

describe.each(VERDICT_REASONS.map((reason) => ({ reason })))('$reason', ({ reason }) => {
  test('comes about, and is given by the checks, with the results, that the format’s document names', async () => {
    const { checks, reasons, verdict } = await CAUSES[reason]()
    const [, names, results] = DOCUMENTED.find(([cell]) => cell === `\`${reason}\``)!
    const given = Object.entries(checks).filter(([, check]) => check.reason === reason)
    const own = given.filter(([name]) => names!.split(', ').includes(name.replace('_', ' ')))
    expect(own.length, `given by ${given.map(([name]) => name)}`).toBeGreaterThan(0)
    for (const [name, { result }] of own) {
      expect(results!.split(', '), name).toContain(result.replace('_', ' '))
    }
    // A check that is not named repeats the reason of another one.
    for (const [name, { result }] of given.filter((one) => !own.includes(one))) {
      expect(result, name).toBe('indeterminate')
    }
    const weighs = results!.split(', ')[0] !== 'not evaluated'
    expect(reasons.includes(reason)).toBe(weighs)
    if (weighs) expect(verdict).toBe(results === 'failed' ? 'invalid' : 'indeterminate')
  })

  test('has words on pages and in the terminal', () => {
    const code = reason.replaceAll('_', ' ')
    expect(reasonWords(reason).toLowerCase()).not.toBe(`${code}.`)
    expect(inWords(reason)).not.toBe(code)
  })
})

test('a missing quorum fails where the trust root says so', async () => {
  const trust_root = rootWithLog({ witness_policy: oneWitness(network), witness_failure: 'closed' })
  const { verdict, reasons } = await offline({ trust_root })
  expect([verdict, reasons]).toEqual(['invalid', ['witness_quorum_missing']])
})
