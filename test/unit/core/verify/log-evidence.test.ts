import fc from 'fast-check'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { failed, indeterminate, notEvaluated, PASSED } from '../../../../core/verify/checks.ts'
import { type Examined, examineJson, unexamined } from '../../../../core/verify/examine.ts'
import { parseProof } from '../../../../core/verify/log/proof.ts'
import {
  examineLogProof,
  LOG_PROOF_MISSING,
  LOG_UNKNOWN,
  type LogEvidence,
} from '../../../../core/verify/log-evidence.ts'
import type { TrustRootLog } from '../../../../core/verify/trust-root.ts'
import {
  makeNetwork,
  makeNoteKey,
  makeProof,
  networkTrustRoot,
  ORIGIN,
  oneWitness,
  type TestNetwork,
  trustRootLog,
} from './bundle-fixtures.ts'
import { makeCertificate, makeTrustRoot, signedJson } from './fixtures.ts'

let network: TestNetwork
let certificate: Record<string, unknown>
let examined: Examined

beforeAll(async () => {
  network = makeNetwork()
  certificate = signedJson(network.key)
  examined = await examineJson(certificate, networkTrustRoot(network))
}, 120_000)

afterEach(() => {
  vi.restoreAllMocks()
})

const INVALID: LogEvidence = {
  log: failed('log_proof_invalid'),
  witnesses: indeterminate('log_proof_invalid'),
  index: null,
}

const rootWith = (more: Partial<TrustRootLog>) =>
  networkTrustRoot(network, { log: trustRootLog(network, more) })
const prove = (proof: string | null, more: Partial<TrustRootLog> = {}) =>
  examineLogProof(examined, proof, rootWith(more))

describe('a proof that the log has the certificate', () => {
  test.each([
    [0, 1],
    [0, 2],
    [1, 2],
    [5, 11],
    [10, 11],
    [63, 64],
    [64, 65],
    [255, 257],
  ])('holds at index %d of %d', async (index, size) => {
    const evidence = await prove(makeProof(network.log, certificate, { index, size }))
    expect(evidence).toEqual({ log: PASSED, witnesses: notEvaluated('no_witnesses_required'), index })
  })

  test('holds as parsed, and with opaque data beside it', async () => {
    const text = makeProof(network.log, certificate)
    const root = networkTrustRoot(network)
    expect((await examineLogProof(examined, parseProof(text), root)).log).toBe(PASSED)
    expect((await prove(text.replace('\nindex', '\nextra AAAA\nindex'))).log).toBe(PASSED)
  })

  test('does not ask what the certificate says of the log itself', async () => {
    const told = { ...certificate, log: { state: 'included', index: 3 } }
    const other = await examineJson(told, networkTrustRoot(network))
    const evidence = await examineLogProof(
      other,
      makeProof(network.log, certificate),
      networkTrustRoot(network),
    )
    expect(evidence.index).toBe(5)
  })
})

describe('does not hold', () => {
  const good = () => makeProof(network.log, certificate)
  const stranger = makeNoteKey(ORIGIN)

  test.each<[string, () => string]>([
    [
      'of another certificate',
      () => makeProof(network.log, signedJson(network.key, makeCertificate({ risk_score: 2 }))),
    ],
    ['at another index', () => good().replace('index 5', 'index 4')],
    ['at an index beyond the tree', () => good().replace('index 5', 'index 11')],
    ['with a hash less', () => good().split('\n').toSpliced(2, 1).join('\n')],
    ['with a hash twice', () => good().split('\n').toSpliced(2, 0, good().split('\n')[2]!).join('\n')],
    ['with its hashes in another order', () => swapLines(good(), 2, 3)],
    [
      'with another root',
      () => good().replace(/\n11\n[^\n]+/, `\n11\n${Buffer.alloc(32, 7).toString('base64')}`),
    ],
    ['with another size', () => good().replace('\n11\n', '\n12\n')],
    ['with a checkpoint of another log', () => makeProof(makeNoteKey('other.example/log'), certificate)],
    ['with a checkpoint by a stranger of that name', () => makeProof(stranger, certificate)],
    [
      'with a checkpoint of another origin by the same key',
      () => makeProof(network.log, certificate, { origin: 'x' }),
    ],
    ['with a checkpoint without signature', () => good().slice(0, good().indexOf('\n— '))],
    [
      'with a signature that is another note’s',
      () => good().replace(/— .*\n$/, signatureLineOf(makeProof(network.log, certificate, { size: 12 }))),
    ],
    ['of another version', () => good().replace('@v1', '@v2')],
    ['without an index', () => good().replace('index 5\n', '')],
    ['of nothing', () => ''],
    ['of text', () => 'hello'],
    ['of a bare checkpoint', () => good().slice(good().indexOf('\n\n') + 2)],
  ])('%s', async (_, make) => {
    expect(await prove(make())).toEqual(INVALID)
  })

  test('for anything at all, and never throws', async () => {
    const text = good()
    const hostile = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }).map((noise) => `c2sp.org/tlog-proof@v1\nindex 5\n${noise}`),
      fc.nat(text.length).map((at) => text.slice(0, at)),
      fc
        .tuple(fc.nat(text.length - 1), fc.constantFrom('A', '0', '\n', '—'))
        .map(([at, put]) => (text[at] === put ? '' : text.slice(0, at) + put + text.slice(at + 1))),
    )
    await fc.assert(
      fc.asyncProperty(hostile, async (proof) => {
        const { log, index } = await prove(proof)
        expect([log, index]).toEqual([failed('log_proof_invalid'), null])
      }),
    )
  })
})

describe('is not evaluated', () => {
  test('without a proof', async () => {
    expect(await prove(null)).toBe(LOG_PROOF_MISSING)
    expect(LOG_PROOF_MISSING.log).toEqual(notEvaluated('log_proof_missing'))
  })

  test('by a trust root that names no log', async () => {
    const proof = makeProof(network.log, certificate)
    expect(await examineLogProof(examined, proof, makeTrustRoot(network.key.entry))).toBe(LOG_UNKNOWN)
    expect(LOG_UNKNOWN.witnesses).toEqual(notEvaluated('log_unknown'))
  })
})

test('what is no certificate is in no log', async () => {
  const nothing = unexamined('trust_root_unavailable')
  const { log } = await examineLogProof(
    nothing,
    makeProof(network.log, certificate),
    networkTrustRoot(network),
  )
  expect(log).toEqual(indeterminate('trust_root_unavailable'))
})

describe('witnesses', () => {
  const proofBy = (...which: (0 | 1)[]) =>
    makeProof(network.log, certificate, { witnesses: which.map((at) => network.witnesses[at]) })
  const both = () => oneWitness(network).replace('any-of-us any', 'any-of-us all')
  const witnessesOf = async (proof: string, more: Partial<TrustRootLog>) =>
    (await prove(proof, more)).witnesses

  test.each<[string, () => string, () => string, string]>([
    ['one of two, when one is enough', () => proofBy(1), () => oneWitness(network), 'passed'],
    ['both, when one is enough', () => proofBy(0, 1), () => oneWitness(network), 'passed'],
    ['both, when both are asked for', () => proofBy(0, 1), both, 'passed'],
    ['one, when both are asked for', () => proofBy(0), both, 'witness_quorum_missing'],
    ['none', () => proofBy(), () => oneWitness(network), 'witness_quorum_missing'],
    [
      'one of that name with another key',
      () => strangersProof(),
      () => oneWitness(network),
      'witness_quorum_missing',
    ],
    [
      'one of another checkpoint',
      () => movedCosignature(),
      () => oneWitness(network),
      'witness_quorum_missing',
    ],
    ['none, when none are asked for', () => proofBy(), () => 'quorum none\n', 'no_witnesses_required'],
    ['one, when none are asked for', () => proofBy(0), () => 'quorum none\n', 'no_witnesses_required'],
  ])('%s', async (_, proof, policy, expected) => {
    const open = await witnessesOf(proof(), { witness_policy: policy() })
    const closed = await witnessesOf(proof(), { witness_policy: policy(), witness_failure: 'closed' })
    const missing = expected === 'witness_quorum_missing'
    expect(open).toEqual(expected === 'passed' ? PASSED : notEvaluated(expected as 'no_witnesses_required'))
    expect(closed).toEqual(missing ? failed('witness_quorum_missing') : open)
  })

  test('of a proof that does not hold say nothing', async () => {
    const proof = proofBy(0, 1).replace('index 5', 'index 4')
    const witnesses = await witnessesOf(proof, { witness_policy: oneWitness(network) })
    expect(witnesses).toEqual(indeterminate('log_proof_invalid'))
  })

  test('are asked again under another policy, though the checkpoint is remembered', async () => {
    const proof = proofBy(0)
    expect(await witnessesOf(proof, { witness_policy: oneWitness(network) })).toBe(PASSED)
    expect((await witnessesOf(proof, { witness_policy: both() })).reason).toBe('witness_quorum_missing')
  })

  function strangersProof(): string {
    const stranger = makeNoteKey(network.witnesses[0].name, 0x04)
    return makeProof(network.log, certificate, { witnesses: [stranger] })
  }

  /** A cosignature of a smaller tree under the checkpoint of this one. */
  function movedCosignature(): string {
    const [witness] = network.witnesses
    const smaller = makeProof(network.log, certificate, { size: 8, witnesses: [witness] })
    return proofBy() + signatureLineOf(smaller)
  }
})

test('proofs that share a checkpoint cost its signature once', async () => {
  const proof = makeProof(network.log, certificate, { size: 19 })
  const root = networkTrustRoot(network)
  const verify = vi.spyOn(crypto.subtle, 'verify')
  for (let i = 0; i < 5; i++) expect((await examineLogProof(examined, proof, root)).log).toBe(PASSED)
  expect(verify).toHaveBeenCalledTimes(1)
  // By another log's key it is looked at anew.
  const other = networkTrustRoot(network, {
    log: trustRootLog(network, { verifier_key: makeNoteKey(ORIGIN).vkey }),
  })
  expect(await examineLogProof(examined, proof, other)).toEqual(INVALID)
})

function swapLines(text: string, a: number, b: number): string {
  const lines = text.split('\n')
  return lines.with(a, lines[b]!).with(b, lines[a]!).join('\n')
}

/** The last line of a proof. */
function signatureLineOf(proof: string): string {
  return proof.slice(proof.lastIndexOf('\n— ') + 1)
}
