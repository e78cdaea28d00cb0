import { beforeAll, describe, expect, it } from 'vitest'
import { askWitness, type PostCheckpoint, type Question } from '../../../../../core/log/witness/ask.ts'
import { utf8 } from '../../../../../core/verify/encoding.ts'
import {
  COSIGNATURE_TYPE,
  cosignatureLine,
  cosignedMessage,
  formatCheckpoint,
  formatNote,
  formatVerifierKey,
  growTree,
  hashLeaf,
  openCheckpoint,
  parseNote,
  parseVerifierKey,
  proveConsistency,
  type ReadTile,
  signatureLine,
  type VerifierKey,
  verifyCosignature,
} from '../../../../../core/verify/log/index.ts'
import { createWitness, type TestWitness } from '../../../../support/witness.ts'

const ORIGIN = 'witnessed.example/log'
const leaves = Array.from({ length: 300 }, (_, index) => hashLeaf(utf8(`entry ${index}`)))
const tiles = new Map(
  growTree(0, new Map(), leaves).tiles.map(({ level, index, hashes }) => [`${level}/${index}`, hashes]),
)
const read: ReadTile = async ({ level, index, width }) =>
  tiles.get(`${level}/${index}`)?.slice(0, 32 * width) ?? null

let privateKey: CryptoKey
let logKey: VerifierKey
let witness: TestWitness

beforeAll(async () => {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
  privateKey = pair.privateKey
  const raw = new Uint8Array((await crypto.subtle.exportKey('raw', pair.publicKey)) as ArrayBuffer)
  logKey = parseVerifierKey(formatVerifierKey(ORIGIN, raw))!
})

const rootAt = (size: number) => growTree(0, new Map(), leaves.slice(0, size)).root

async function question(size: number, knownSize: number): Promise<Question> {
  const text = formatCheckpoint({ origin: ORIGIN, size, root: rootAt(size) })
  const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, utf8(text)))
  const checkpoint = await openCheckpoint(formatNote(text, [signatureLine(logKey, signature)]), logKey)
  return { checkpoint: checkpoint!, knownSize, prove: (from) => proveConsistency(from, size, read) }
}

const named = (post: PostCheckpoint, asked: TestWitness = witness) => ({
  post,
  witness: { name: 'w1', key: asked.key, url: 'https://witness.example/' },
})

describe('askWitness', () => {
  it.each([
    ['the first checkpoint', 0, 0, 1],
    ['one that follows what we know', 100, 100, 1],
    ['one that the witness has seen already', 300, 300, 1],
    ['a witness that is further than we know', 250, 0, 2],
    ['a witness that has lost what it knew', 0, 120, 2],
  ])('gets a cosignature: %s', async (_, follows, known, requests) => {
    witness = await createWitness('witness.example', logKey)
    if (follows > 0) witness.follow(follows, rootAt(follows))
    const asked = await question(300, known)
    const { post, witness: policy } = named(witness.post)
    const answer = await askWitness(post, policy, asked)
    expect(answer).toMatchObject({ ok: true, time: 1_790_000_000 })
    expect(witness.asked).toHaveLength(requests)
    const note = parseNote(`${asked.checkpoint.text}${answer.ok ? answer.line : ''}`)
    expect(await verifyCosignature(note!, witness.key)).not.toBeNull()
  })

  it('does not ask a witness that is past the checkpoint to go back', async () => {
    witness = await createWitness('witness.example', logKey)
    witness.follow(300, rootAt(300))
    const { post, witness: policy } = named(witness.post)
    expect(await askWitness(post, policy, await question(200, 0))).toEqual({
      ok: false,
      failure: 'witness_ahead',
    })
    expect(witness.size()).toBe(300)
  })

  it.each([
    ['another root at the same size', { status: 409, body: '300\n' }, 'conflict', 2],
    ['a conflict that names no size', { status: 409, body: 'no' }, 'conflict', 2],
    ['a proof that is always refused', { status: 422, body: '' }, 'proof_refused', 2],
    ['an unknown log', { status: 404, body: '' }, 'log_unknown', 1],
    ['an unknown key', { status: 403, body: '' }, 'key_unknown', 1],
    ['a fault', { status: 500, body: '' }, 'unexpected_status', 1],
    ['a redirect', { status: 302, body: '' }, 'unexpected_status', 1],
    ['an empty answer', { status: 200, body: '' }, 'cosignature_invalid', 1],
    ['garbage', { status: 200, body: '\u0000\n\n' }, 'cosignature_invalid', 1],
  ])('gives up on %s', async (_, response, failure, requests) => {
    witness = await createWitness('witness.example', logKey)
    let count = 0
    const { post, witness: policy } = named(async () => {
      count++
      return response
    })
    expect(await askWitness(post, policy, await question(300, 100))).toEqual({ ok: false, failure })
    expect(count).toBe(requests)
  })

  it('asks no more than three times, whatever sizes a witness claims', async () => {
    witness = await createWitness('witness.example', logKey)
    let size = 10
    const { post, witness: policy } = named(async () => ({ status: 409, body: `${++size}\n` }))
    expect(await askWitness(post, policy, await question(300, 0))).toEqual({ ok: false, failure: 'conflict' })
    expect(size).toBe(13)
  })

  it('takes no cosignature of another witness, or over another checkpoint', async () => {
    witness = await createWitness('witness.example', logKey)
    const other = await createWitness('witness.example', logKey)
    const byOther = named(other.post)
    expect(await askWitness(byOther.post, byOther.witness, await question(300, 0))).toEqual({
      ok: false,
      failure: 'cosignature_invalid',
    })
    const elsewhere = await question(299, 0)
    const overOther = named(async (url, body) => {
      const forged = `${body.slice(0, body.indexOf('\n\n') + 2)}${elsewhere.checkpoint.text}`
      return witness.post(url, forged)
    })
    expect(await askWitness(overOther.post, overOther.witness, await question(300, 0))).toEqual({
      ok: false,
      failure: 'cosignature_invalid',
    })
  })

  it('takes no cosignature over a text that only begins as the checkpoint does', async () => {
    const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
    const raw = new Uint8Array((await crypto.subtle.exportKey('raw', pair.publicKey)) as ArrayBuffer)
    const key = parseVerifierKey(formatVerifierKey('witness.example', raw, COSIGNATURE_TYPE))!
    const asked = await question(300, 0)
    const more = 'and more\n'
    const message = cosignedMessage(1, `${asked.checkpoint.note.text}\n${more}`)
    const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', pair.privateKey, message))
    const body = `${more}\n${cosignatureLine(key, 1, signature)}`
    const policy = { name: 'w1', key, url: 'https://witness.example' }
    expect(await askWitness(async () => ({ status: 200, body }), policy, asked)).toEqual({
      ok: false,
      failure: 'cosignature_invalid',
    })
  })

  it('says that a witness cannot be reached', async () => {
    witness = await createWitness('witness.example', logKey)
    const { post, witness: policy } = named(() => Promise.reject(new Error('no route')))
    expect(await askWitness(post, policy, await question(300, 0))).toEqual({
      ok: false,
      failure: 'unreachable',
    })
  })
})
