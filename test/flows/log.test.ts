import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { verifyBundle } from '../../core/verify/bundle.ts'
import { fromHex, toHex, utf8 } from '../../core/verify/encoding.ts'
import {
  decodeEntries,
  hashLeaf,
  openCheckpoint,
  parseProof,
  parseVerifierKey,
  type VerifierKey,
  verifyConsistency,
  verifyInclusion,
} from '../../core/verify/log/index.ts'
import { issuedLogEntry } from '../../core/verify/log-entry.ts'
import { openTrustRoot } from '../../core/verify/trust-root.ts'
import type { ConsistencyProof, LogEntryList, LogProof } from '../../schema/wire/log.ts'
import { networkRootPublicKey } from '../../stack/secrets.ts'
import { CRONS } from '../../workers/core/crons.ts'
import { type Answer, call } from '../support/client.ts'
import { expectProblem, issue, makeKey, revoke, SMALL_CHANGE } from '../support/issue.ts'
import { type Network, startNetwork } from '../support/network.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

let network: Network
let key: VerifierKey
/** Issued one after the other, each once the one before was in the log: so each has a checkpoint of its own. */
const issued: { id: string; leaf: string; size: number; signed: string }[] = []
beforeAll(async () => {
  network = await startNetwork()
  // As it runs every minute: it finds that the list has no token yet.
  await network.workers().runCron(CRONS.outbox)
  key = await logKey()
  for (let i = 0; i < 3; i++) {
    const { json } = await issue(network)
    const leaf: string = json.log.leaf_hash
    const proof = await untilIncluded(leaf)
    issued.push({ id: json.certificate_id, leaf, size: proof.tree_size, signed: '' })
  }
})
afterAll(() => network?.stop())

const get = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  call(network.baseUrl, path, { headers })
const rootKey = () => JSON.parse(networkRootPublicKey(network.secrets))

/** From the trust root, as any verifier has it: by the pinned key alone. */
async function logKey(): Promise<VerifierKey> {
  const { json } = await get('/.well-known/coderisk/trust-root.json')
  const opened = await openTrustRoot(json, rootKey(), { now: new Date() })
  if (!opened.ok) throw new Error(opened.reason)
  return parseVerifierKey(opened.trustRoot.log!.verifier_key)!
}

async function untilIncluded(leaf: string): Promise<LogProof> {
  return vi.waitFor(
    async () => {
      const answer = await get(`/v1/log/proof?leaf=${leaf}`)
      expect(answer.status, answer.text).toBe(200)
      return answer.json as LogProof
    },
    { timeout: 20_000, interval: 200 },
  )
}

async function checkpoint() {
  const opened = await openCheckpoint((await get('/log/checkpoint')).text, key)
  return opened!
}

const bytes = (hashes: readonly string[]) => hashes.map((hash) => fromHex(hash)!)

async function expectProven(proof: LogProof): Promise<void> {
  const opened = (await openCheckpoint(proof.checkpoint, key))!
  expect(toHex(opened.root)).toBe(proof.root_hash)
  expect(opened.size).toBe(proof.tree_size)
  const leafHash = fromHex(proof.leaf_hash)!
  const { index, tree_size: size } = proof
  expect(verifyInclusion({ leafHash, index, size, hashes: bytes(proof.hashes), root: opened.root })).toBe(
    true,
  )
}

describe('an entry of the log', () => {
  it('is proven by leaf hash and by index, against a checkpoint that the log signed', async () => {
    for (const { leaf } of issued) {
      const proof = (await get(`/v1/log/proof?leaf=${leaf}`)).json as LogProof
      await expectProven(proof)
      expect((await get(`/v1/log/proof?index=${proof.index}`)).json).toMatchObject({ leaf_hash: leaf })
    }
  })

  it('is proven in the answer to who waits for it, and by the edge at once', async () => {
    const answer = await issue(network, SMALL_CHANGE, { headers: { prefer: 'wait=10' } })
    const { log, certificate_id } = answer.json
    expect(log.state, answer.text).toBe('included')
    await expectProven({ ...log.proof, leaf_hash: log.leaf_hash })
    expect((await get(`/v1/log/proof?leaf=${log.leaf_hash}`)).json).toMatchObject({ index: log.index })
    expect((await get(`/v1/trust/certs/${certificate_id}.tlog-proof`)).status).toBe(200)
  })

  it('is proven in each tree that had it', async () => {
    const { leaf, size } = issued[0]!
    const proof = (await get(`/v1/log/proof?leaf=${leaf}&size=${size}`)).json as LogProof
    expect(proof.tree_size).toBe(size)
    const [leafHash, root] = bytes([leaf, proof.root_hash])
    const { index } = proof
    expect(
      verifyInclusion({ leafHash: leafHash!, index, size, hashes: bytes(proof.hashes), root: root! }),
    ).toBe(true)
    const other = (await get(`/v1/log/consistency?from=${size}`)).json as ConsistencyProof
    expect(other.from_root_hash).toBe(proof.root_hash)
  })

  it('is not there for a leaf hash of nothing, nor past the end', async () => {
    expectProblem(await get(`/v1/log/proof?leaf=${'ab'.repeat(32)}`), 404, 'log_entry_not_found')
    expectProblem(await get('/v1/log/proof?index=1000000'), 404, 'log_entry_not_found')
    expectProblem(await get('/v1/log/proof?index=x'), 422, 'invalid_input')
  })
})

describe('the log', () => {
  it('has only grown, from each checkpoint to each later one', async () => {
    const sizes = [...new Set([...issued.map(({ size }) => size), (await checkpoint()).size])]
    expect(sizes.length).toBeGreaterThanOrEqual(2)
    for (const from of sizes) {
      for (const to of sizes.filter((size) => size >= from)) {
        const proof = (await get(`/v1/log/consistency?from=${from}&to=${to}`)).json as ConsistencyProof
        const [fromRoot, toRoot] = bytes([proof.from_root_hash, proof.to_root_hash])
        const hashes = bytes(proof.hashes)
        expect(verifyConsistency({ from, to, fromRoot: fromRoot!, toRoot: toRoot!, hashes })).toBe(true)
        const opened = (await openCheckpoint(proof.checkpoint, key))!
        if (to === opened.size) expect(toHex(opened.root)).toBe(proof.to_root_hash)
      }
    }
  })

  it('tells its entries, with the certificates among them and no id of theirs', async () => {
    const seen: LogEntryList['data'] = []
    let path = '/v1/log/entries?start=0&limit=5'
    for (;;) {
      const page = (await get(path)).json as LogEntryList
      seen.push(...page.data)
      if (page.next_cursor === null) break
      path = `/v1/log/entries?cursor=${page.next_cursor}&limit=5`
    }
    expect(seen.map(({ index }) => index)).toEqual(seen.map((_, i) => i))
    const types = new Set(seen.map(({ entry }) => entry.type))
    for (const type of ['certificate.issued', 'key.created', 'organisation.created'])
      expect(types).toContain(type)
    for (const { id, leaf } of issued) {
      expect(seen.map(({ leaf_hash }) => leaf_hash)).toContain(leaf)
      expect(JSON.stringify(seen)).not.toContain(id)
    }
  })

  it('is served as tiles, which a reader puts together to the same leaves', async () => {
    const { size } = await checkpoint()
    const suffix = size < 256 ? `000.p/${size}` : '000'
    const tile = await get(`/log/tile/0/${suffix}`)
    expect(tile.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'cache-control': 'public, max-age=31536000, immutable',
      'access-control-allow-origin': '*',
    })
    const plain = await get(`/log/tile/entries/${suffix}`)
    expect(plain.headers['content-encoding']).toBeUndefined()
    const entries = decodeEntries(plain.bytes)!
    expect(Buffer.concat(entries.map(hashLeaf))).toEqual(tile.bytes)
    const fetched = await fetch(`${network.baseUrl}/log/tile/entries/${suffix}`)
    expect(Buffer.from(await fetched.arrayBuffer())).toEqual(plain.bytes)
    const packed = await get(`/log/tile/entries/${suffix}`, { 'accept-encoding': 'gzip' })
    expect(packed.headers['content-encoding']).toBe('gzip')
    expect(packed.bytes.length).toBeLessThan(plain.bytes.length)
    expectProblem(await get('/log/tile/0/999'), 404, 'log_tile_not_found')
    expectProblem(await get('/log/tile/0/../../../checkpoint'), 404, 'route_not_found')
  })

  it('says HEAD what it says GET', async () => {
    for (const path of [
      '/log/checkpoint',
      '/log/tile/0/000.p/1',
      '/v1/log/entries?limit=1',
      `/v1/trust/certs/${issued[0]!.id}.tlog-proof`,
    ]) {
      const [head, whole] = [await call(network.baseUrl, path, { method: 'HEAD' }), await get(path)]
      expect([head.status, head.headers['content-type'], head.bytes.length]).toEqual([
        whole.status,
        whole.headers['content-type'],
        0,
      ])
    }
  })
})

describe('a certificate', () => {
  it('says where the log has it', async () => {
    const { id, leaf } = issued[0]!
    await vi.waitFor(
      async () => {
        const { log } = (await get(`/v1/trust/certs/${id}`)).json
        expect(log).toEqual({ state: 'included', leaf_hash: leaf, index: expect.any(Number) })
      },
      { timeout: 20_000, interval: 200 },
    )
  })

  it('has a proof of its own', async () => {
    const { id } = issued[1]!
    const { text, headers } = await get(`/v1/trust/certs/${id}.tlog-proof`)
    expect(headers['content-type']).toBe('text/plain; charset=utf-8')
    const proof = parseProof(text)!
    const opened = (await openCheckpoint(proof.checkpoint, key))!
    const served = (await get(`/v1/trust/certs/${id}`)).text
    const signed = served.slice(0, served.indexOf(',"signature":')) + '}'
    const { leafHash } = await issuedLogEntry(JSON.parse(signed), utf8(signed))
    const { size, root } = opened
    expect(verifyInclusion({ leafHash, index: proof.index, size, hashes: proof.hashes, root })).toBe(true)
  })

  it('has a bundle that verifies with the pinned key and nothing else', async () => {
    const answer = await get(`/v1/trust/certs/${issued[1]!.id}/bundle`)
    expect(answer.status, answer.text).toBe(200)
    expect(answer.headers['content-type']).toBe('application/vnd.coderisk.bundle+json')
    const { verdict } = await verifyBundle(answer.text, { rootKey: rootKey(), now: new Date() })
    expect(verdict).toMatchObject({ verdict: 'valid', status: 'valid' })
    for (const check of ['signature', 'key_validity', 'expiry', 'status', 'log'] as const)
      expect(verdict.checks[check].result, check).toBe('passed')
    const changed = answer.text.replace('"ai_tool":"claude', '"ai_tool":"Claude')
    expect(changed).not.toBe(answer.text)
    const refused = await verifyBundle(changed, { rootKey: rootKey(), now: new Date() })
    expect(refused.verdict).toMatchObject({ verdict: 'invalid' })
  })

  it('has other forms, which stay the same', async () => {
    for (const [form, type] of [
      ['jws', 'application/jose+json'],
      ['sigstore.json', 'application/json'],
    ] as const) {
      const first = await get(`/v1/trust/certs/${issued[1]!.id}.${form}`)
      expect(first.status, first.text).toBe(200)
      expect(first.headers['content-type']).toBe(type)
      await network.restartWorkers()
      expect((await get(`/v1/trust/certs/${issued[1]!.id}.${form}`)).text).toBe(first.text)
    }
  })

  it('names a status list, which is there, signed', async () => {
    const { status_list } = (await get(`/v1/trust/certs/${issued[1]!.id}`)).json
    const answer = await get(new URL(status_list.uri).pathname)
    expect(answer.status, answer.text).toBe(200)
    expect(answer.headers['content-type']).toBe('application/statuslist+jwt')
    expect(answer.headers['cache-control']).toMatch(/^public, max-age=\d+$/)
    expectProblem(await get('/v1/status-lists/99'), 404, 'status_list_not_found')
  })

  it('that is revoked has none of these any more', async () => {
    const { id } = issued[2]!
    expect((await get(`/v1/trust/certs/${id}.jws`)).status).toBe(200)
    await revoke(network, id)
    for (const path of ['.tlog-proof', '.jws', '.sigstore.json', '/bundle'])
      expectProblem(await get(`/v1/trust/certs/${id}${path}`), 410, 'certificate_revoked')
  })

  it('of a test key has none at all', async () => {
    const tester = await makeKey(network, ['certificates:write'], { livemode: false })
    const { json } = await issue(network, undefined, { key: tester.key })
    for (const path of ['.tlog-proof', '.jws', '.sigstore.json', '/bundle'])
      expectProblem(await get(`/v1/trust/certs/${json.certificate_id}${path}`), 404, 'certificate_not_found')
  })
})

describe('an R2 that is tampered with', () => {
  it('leads to no proof, by a fresh edge too', async () => {
    const bucket = await network.workers().miniflare.getR2Bucket('TRUST_R2', 'coderisk-edge')
    // Another tile would be asked for if the log grew meanwhile.
    const waiting = async () => {
      const [row] = await network.sql`
        SELECT count(*) FROM log_entries
        WHERE leaf_index IS NULL OR leaf_index >= (SELECT published_size FROM logs)`
      return Number(row!.count)
    }
    await expect.poll(waiting, { timeout: 10_000 }).toBe(0)
    const [log] = await network.sql`SELECT published_size FROM logs`
    const size = Number(log!.published_size)
    const name = `log/tile/0/${size < 256 ? `000.p/${size}` : '000'}`
    const right = new Uint8Array(await (await bucket.get(name))!.arrayBuffer())
    await bucket.put(
      name,
      right.map((byte, i) => (i === 40 ? byte ^ 1 : byte)),
    )
    await network.restartWorkers()
    expectProblem(await get('/v1/log/proof?index=0'), 503, 'log_unavailable')
    const again = await network.workers().miniflare.getR2Bucket('TRUST_R2', 'coderisk-edge')
    await again.put(name, right)
    expect((await get('/v1/log/proof?index=0')).status).toBe(200)
  })
})
