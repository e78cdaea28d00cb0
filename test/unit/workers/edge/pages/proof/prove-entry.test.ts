import { beforeEach, describe, expect, it } from 'vitest'
import { canonicalText, signedMembers } from '../../../../../../core/verify/canonical.ts'
import { toHex, utf8 } from '../../../../../../core/verify/encoding.ts'
import {
  openCheckpoint,
  parseProof,
  parseVerifierKey,
  verifyInclusion,
} from '../../../../../../core/verify/log/index.ts'
import { issuedLogEntry } from '../../../../../../core/verify/log-entry.ts'
import { LOG_CHECKPOINT_OBJECT, logObject, TRUST_ROOT_KEY } from '../../../../../../schema/kv.ts'
import { type LogSource, proveEntry } from '../../../../../../workers/edge/pages/proof/prove-entry.ts'
import { makeNoteKey } from '../../../../core/verify/bundle-fixtures.ts'
import { makeCertificate, makeKey, signCertificate } from '../../../../core/verify/fixtures.ts'
import { edgeOf, entries, type FakeEdge, NOW, ORIGIN, TestLog } from '../../log/support.ts'

const SIZE = 600
const key = makeKey({ valid_from: '2026-01-01T00:00:00.000Z' })
const ID = 'CERT-2026-7k3m9q2x4w8t1v6z'

let log: TestLog
let edge: FakeEdge
let certificate: Record<string, unknown>
let source: LogSource
const asked: string[] = []

beforeEach(async () => {
  log = await TestLog.create()
  edge = await edgeOf(log, { keys: [key.entry] })
  const made = makeCertificate()
  certificate = { ...made, signature: signCertificate(key, made) }
  await log.grow(...(await entries(300)))
  await log.grow((await issuedLogEntry(made, utf8(canonicalText(made)))).bytes)
  await log.grow(...(await entries(SIZE - log.size, log.size)))
  asked.length = 0
  source = {
    rootKey: async () => JSON.parse(edge.env.NETWORK_ROOT_PUBLIC_KEY),
    trustRoot: async () => JSON.parse(edge.kv.get(TRUST_ROOT_KEY)!),
    checkpoint: async () => text(LOG_CHECKPOINT_OBJECT),
    object: async (path) => {
      asked.push(path)
      return log.r2.objects.get(logObject(path)) ?? null
    },
    certificate: async () => JSON.stringify(certificate),
  }
})

const text = (key: string) => {
  const bytes = log.r2.objects.get(key)
  return bytes === undefined ? null : new TextDecoder().decode(bytes)
}
const prove = (index: number, more: object = {}) => proveEntry(source, { index, now: new Date(NOW), ...more })

/** The step at which it ended, and how. */
async function endOf(proof: ReturnType<typeof prove>): Promise<[string, string, string]> {
  const { steps, tone } = await proof
  const step = steps.find(({ result }) => result === 'failed' || result === 'unsure')
  const after = steps.slice(steps.indexOf(step!) + 1)
  expect(after.every(({ result }) => result === 'skipped')).toBe(true)
  return [tone, step?.title ?? '', step?.detail ?? '']
}

describe('an entry that the log has', () => {
  it.each([0, 255, 256, 300, 511, 512, SIZE - 1])('at %i is proven, step by step', async (index) => {
    const { tone, title, steps, proof } = await prove(index)
    expect({ tone, title }).toEqual({
      tone: 'good',
      title: `Proven in this browser: the log has entry ${index}.`,
    })
    expect(steps.map(({ result }) => result)).toEqual(['passed', 'passed', 'noted', 'passed', 'passed'])
    expect(steps[3]?.value).toBe(log.leafHash(index))
    expect(steps[1]?.value).toBe(toHex(log.roots.get(SIZE)!))
    const parsed = parseProof(proof!)!
    const checkpoint = (await openCheckpoint(parsed.checkpoint, parseVerifierKey(log.verifierKey)!))!
    const leafHash = Buffer.from(log.leafHash(index), 'hex')
    expect(
      verifyInclusion({ leafHash, index, size: SIZE, hashes: parsed.hashes, root: checkpoint.root }),
    ).toBe(true)
  })

  it('is proven from tiles alone', async () => {
    await prove(300)
    expect(asked.sort()).toEqual(
      ['tile/0/001', 'tile/0/002.p/88', 'tile/1/000.p/2', 'tile/entries/001'].sort(),
    )
  })

  it('is proven also when its partial tiles are gone, and full ones are there', async () => {
    const checkpoint = text(LOG_CHECKPOINT_OBJECT)
    await log.grow(...(await entries(1024 - SIZE, SIZE)))
    for (const name of [...log.r2.objects.keys()]) if (name.endsWith('.p/88')) log.r2.objects.delete(name)
    source = { ...source, checkpoint: async () => checkpoint }
    expect((await prove(599)).tone).toBe('good')
    expect(asked).toContain('tile/0/002')
  })

  it('is the one that its certificate makes', async () => {
    const { tone, steps } = await prove(300, { certificateId: ID })
    expect(tone).toBe('good')
    expect(steps.at(-1)).toMatchObject({ result: 'passed', detail: expect.stringContaining(ID) })
  })

  it('is compared with the page', async () => {
    const compare = ({ leafHash }: { leafHash: string }) =>
      ({ title: 'x', result: leafHash === log.leafHash(3) ? 'passed' : 'failed', detail: '' }) as const
    expect((await prove(3, { compare })).tone).toBe('good')
    expect(await endOf(prove(4, { compare }))).toEqual(['bad', 'Compare this page with it', ''])
  })
})

describe('what does not hold', () => {
  it.each([
    ['its own tile', 'tile/0/001', 44 * 32 + 32],
    ['the tile above', 'tile/1/000.p/2', 0],
    ['the tile at the edge', 'tile/0/002.p/88', 7],
  ])('a changed hash in %s', async (_, path, at) => {
    log.r2.tamper(logObject(path), at)
    expect(await endOf(prove(300))).toEqual([
      'bad',
      'Hash up to the root',
      expect.stringContaining('does not come to'),
    ])
    expect((await prove(300)).proof).toBeNull()
  })

  it('a changed entry', async () => {
    const bundle = logObject('tile/entries/001')
    const at = Buffer.from(log.r2.objects.get(bundle)!).indexOf(log.entries[300]!)
    log.r2.tamper(bundle, at + '{"digest":"'.length)
    expect((await endOf(prove(300)))[1]).toBe('Hash up to the root')
  })

  it('an entry that is not in the one form of its JSON', async () => {
    await log.grow(utf8('{"type":"x", "digest":"y"}'))
    expect((await endOf(prove(SIZE)))[1]).toBe('Hash the entry')
  })

  it('a checkpoint that was changed, is of another log, or is shorter', async () => {
    const note = text(LOG_CHECKPOINT_OBJECT)!
    log.r2.put(LOG_CHECKPOINT_OBJECT, note.replace('\n600\n', '\n601\n'))
    expect(await endOf(prove(3))).toEqual([
      'bad',
      'Open the checkpoint',
      expect.stringContaining('not signed'),
    ])
    log.r2.put(LOG_CHECKPOINT_OBJECT, await log.sign(SIZE, log.roots.get(SIZE)!, 'other.example/log'))
    expect((await endOf(prove(3)))[1]).toBe('Open the checkpoint')
    log.r2.put(LOG_CHECKPOINT_OBJECT, await log.sign(300, log.roots.get(300)!, ORIGIN))
    expect(await endOf(prove(300))).toEqual([
      'bad',
      'Open the checkpoint',
      expect.stringContaining('not this one'),
    ])
  })

  it('a trust root that another root key signed, or that names no log', async () => {
    const other = await edgeOf(log)
    source = { ...source, rootKey: async () => JSON.parse(other.env.NETWORK_ROOT_PUBLIC_KEY) }
    expect(await endOf(prove(3))).toEqual([
      'bad',
      'Open the trust root',
      expect.stringContaining('vouches for itself'),
    ])
    await edge.publishTrustRoot({ log: undefined })
    source = { ...source, rootKey: async () => JSON.parse(edge.env.NETWORK_ROOT_PUBLIC_KEY) }
    expect((await endOf(prove(3)))[1]).toBe('Open the trust root')
  })

  it('a certificate of another entry, another one, or one that was changed', async () => {
    expect((await endOf(prove(299, { certificateId: ID })))[2]).toContain('make another entry')
    expect((await endOf(prove(300, { certificateId: 'CERT-2026-0000000000000000' })))[2]).toContain(
      'not the one',
    )
    certificate = { ...certificate, risk_score: 0 }
    expect((await endOf(prove(300, { certificateId: ID })))[2]).toContain('does not match')
    expect(signedMembers(certificate).risk_score).toBe(0)
  })

  it('a quorum that the network insists on', async () => {
    const witness_policy = `witness w ${WITNESS}\nquorum w\n`
    const policy = {
      origin: ORIGIN,
      verifier_key: log.verifierKey,
      url: 'https://trust.example/log',
      witness_policy,
    }
    await edge.publishTrustRoot({ log: { ...policy, witness_failure: 'closed' } })
    expect((await endOf(prove(3)))[1]).toBe('Look for witnesses')
    await edge.publishTrustRoot({ log: { ...policy, witness_failure: 'open' } })
    const { tone, steps } = await prove(3)
    expect([tone, steps[2]?.result]).toEqual(['good', 'noted'])
  })
})

/** Whoever has its key: here nobody. */
const WITNESS = makeNoteKey('witness.example', 0x04).vkey

describe('what cannot be had is no proof, and no failure', () => {
  it.each<[string, Partial<LogSource>]>([
    ['Open the trust root', { rootKey: async () => null }],
    ['Open the trust root', { trustRoot: async () => null }],
    ['Open the checkpoint', { checkpoint: async () => null }],
    ['Hash the entry', { object: async () => null }],
    ['Hash the entry', { object: async () => new Uint8Array([0, 9, 1]) }],
    ['Make the entry from the certificate', { certificate: async () => null }],
  ])('%s', async (title, away) => {
    source = { ...source, ...away }
    const proof = prove(300, { certificateId: ID })
    expect((await endOf(proof)).slice(0, 2)).toEqual(['unsure', title])
    expect((await proof).title).toContain('Nothing is proven')
  })

  it('a tile', async () => {
    log.r2.objects.delete(logObject('tile/1/000.p/2'))
    expect((await endOf(prove(300))).slice(0, 2)).toEqual(['unsure', 'Hash up to the root'])
    log.r2.put(logObject('tile/1/000.p/2'), new Uint8Array(31))
    expect((await endOf(prove(300))).slice(0, 2)).toEqual(['unsure', 'Hash up to the root'])
  })
})
