import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { openTrustRoot, type TrustRootKey, type TrustRootLog } from '../../../../core/verify/trust-root.ts'
import { readTrustedLog, trustedLog } from '../../../../core/verify/trusted-log.ts'
import { makeNoteKey, NOW, ORIGIN, signTrustRoot } from './bundle-fixtures.ts'
import { makeTrustRoot } from './fixtures.ts'

const rootKey = makeNoteKey('root')
const log = makeNoteKey(ORIGIN)
const witness = makeNoteKey('witness.example/1', 0x04)
const LOG: TrustRootLog = {
  origin: ORIGIN,
  verifier_key: log.vkey,
  url: 'https://network.example/log',
  witness_policy: `witness w1 ${witness.vkey} https://witness.example\nquorum w1\n`,
  witness_failure: 'closed',
}
const ENTRY: TrustRootKey = {
  kid: 'key-202611-0a1b2c3d',
  algorithm: 'RS256',
  state: 'active',
  valid_from: '2026-11-01T00:00:00.000Z',
  valid_to: null,
  jwk: { kty: 'RSA', n: 'n', e: 'AQAB' },
  pem: '',
}
const PEM = '-----BEGIN CERTIFICATE-----\nAAAA\nAAA=\n-----END CERTIFICATE-----\n'

afterEach(() => {
  vi.restoreAllMocks()
})

async function open(more: object) {
  const opened = await openTrustRoot(
    signTrustRoot(rootKey, { ...makeTrustRoot(ENTRY), ...more }),
    rootKey.jwk,
    {
      now: NOW,
    },
  )
  return opened.ok ? 'opened' : opened.reason
}

test('the log of a trust root is read: its key, its witnesses, and what becomes of too few', () => {
  expect(readTrustedLog(LOG)).toMatchObject({
    key: { name: ORIGIN, text: log.vkey },
    policy: { quorum: 'w1', witnesses: [{ name: 'w1', url: 'https://witness.example' }] },
    witnessFailure: 'closed',
  })
})

test('it is read once for each trust root', () => {
  const root = { ...makeTrustRoot(ENTRY), log: LOG }
  expect(trustedLog(root)).toBe(trustedLog({ ...root }))
  expect(trustedLog(makeTrustRoot(ENTRY))).toBeNull()
})

test.each<[string, object]>([
  ['none, as in old ones', {}],
  ['a log', { log: LOG }],
  ['a log on this machine', { log: { ...LOG, url: 'http://localhost:8787/log' } }],
  ['a log with a member that is not known yet', { log: { ...LOG, note: '' } }],
  ['a log without witnesses', { log: { ...LOG, witness_policy: 'quorum none\n', witness_failure: 'open' } }],
  ['no agents’ authority', { agent_ca_certificates: [] }],
  ['an agents’ authority', { agent_ca_certificates: [PEM, PEM] }],
  ['a compromised key', { keys: [{ ...ENTRY, state: 'compromised' }] }],
  [
    'a compromised key and since when',
    { keys: [{ ...ENTRY, state: 'compromised', compromised_log_index: 0 }] },
  ],
])('a trust root with %s opens', async (_, more) => {
  expect(await open(more)).toBe('opened')
})

test.each<[string, object]>([
  ['a log that is null', { log: null }],
  ['a log that is a list', { log: [LOG] }],
  ['a log without a key', { log: { ...LOG, verifier_key: undefined } }],
  ['a log key that is none', { log: { ...LOG, verifier_key: log.vkey.slice(0, -1) } }],
  [
    'a log key with another id',
    { log: { ...LOG, verifier_key: log.vkey.replace(/\+[0-9a-f]{8}\+/, '+00000000+') } },
  ],
  ['a log key of another name', { log: { ...LOG, origin: 'other.example/log' } }],
  ['a log key for cosignatures', { log: { ...LOG, verifier_key: makeNoteKey(ORIGIN, 0x04).vkey } }],
  ['a log without origin', { log: { ...LOG, origin: undefined } }],
  ['a log without URL', { log: { ...LOG, url: undefined } }],
  ['a log at no web address', { log: { ...LOG, url: 'javascript:alert(1)' } }],
  ['a log at an address that is none', { log: { ...LOG, url: 'https://' } }],
  ['a log without policy', { log: { ...LOG, witness_policy: undefined } }],
  ['an empty policy', { log: { ...LOG, witness_policy: '' } }],
  ['a policy with a quorum of nobody', { log: { ...LOG, witness_policy: 'quorum w1\n' } }],
  [
    'a log that does not say what becomes of too few witnesses',
    { log: { ...LOG, witness_failure: undefined } },
  ],
  ['a log that says something else of it', { log: { ...LOG, witness_failure: 'ajar' } }],
  ['an agents’ authority that is text', { agent_ca_certificates: PEM }],
  ['an agents’ authority that is no PEM', { agent_ca_certificates: ['AAAA'] }],
  ['a private key', { agent_ca_certificates: [PEM.replaceAll('CERTIFICATE', 'PRIVATE KEY')] }],
  ['two in one text', { agent_ca_certificates: [PEM + PEM] }],
  ['status lists that are no texts', { status_lists: [1] }],
  ['a log index of a key that is not compromised', { keys: [{ ...ENTRY, compromised_log_index: 5 }] }],
  ['a log index as text', { keys: [{ ...ENTRY, state: 'compromised', compromised_log_index: '5' }] }],
  ['a log index below the first', { keys: [{ ...ENTRY, state: 'compromised', compromised_log_index: -1 }] }],
  [
    'a log index that is no whole one',
    { keys: [{ ...ENTRY, state: 'compromised', compromised_log_index: 0.5 }] },
  ],
  ['a log index that is null', { keys: [{ ...ENTRY, state: 'compromised', compromised_log_index: null }] }],
])('a trust root with %s is malformed', async (_, more) => {
  expect(await open(more)).toBe('trust_root_malformed')
})

test('any log at all is read or refused, and never thrown at', () => {
  const member = fc.oneof(fc.anything(), fc.constantFrom(...Object.values(LOG)))
  const names = Object.keys(LOG) as (keyof TrustRootLog)[]
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.tuple(fc.constantFrom(...names), member)), (some) => {
      const value = Array.isArray(some) && names.includes(some[0]) ? { ...LOG, [some[0]]: some[1] } : some
      const read = readTrustedLog(value)
      if (read !== null) expect(read.key.name).toBe((value as TrustRootLog).origin)
    }),
  )
})

test('a trust root that is seen again costs no second signature, and is still judged by time, version and key', async () => {
  const jws = signTrustRoot(rootKey, { ...makeTrustRoot(ENTRY), log: LOG, version: 77 })
  const verify = vi.spyOn(crypto.subtle, 'verify')
  const reasonOf = async (given: unknown, options = {}, pinned = rootKey.jwk) => {
    const opened = await openTrustRoot(given, pinned, { now: NOW, ...options })
    return opened.ok ? 'opened' : opened.reason
  }
  for (let i = 0; i < 3; i++) expect(await reasonOf({ ...jws })).toBe('opened')
  expect(verify).toHaveBeenCalledTimes(1)
  expect(await reasonOf(jws, { now: new Date('2026-12-20T00:00:00.000Z') })).toBe('trust_root_expired')
  expect(await reasonOf(jws, { minimumVersion: 78 })).toBe('trust_root_rolled_back')
  expect(await reasonOf(jws, {}, makeNoteKey('other').jwk)).toBe('trust_root_not_pinned')
  expect(await reasonOf(jws, {}, { ...rootKey.jwk, crv: 'X25519' })).toBe('trust_root_not_pinned')
  const { payload } = signTrustRoot(rootKey, { ...makeTrustRoot(ENTRY), version: 78 })
  expect(await reasonOf({ ...jws, payload })).toBe('trust_root_not_pinned')
  expect(await reasonOf({ ...jws, protected: `${jws.protected}A` })).toBe('trust_root_not_pinned')
})
