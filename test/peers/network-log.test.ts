import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { InclusionProof } from '../../schema/wire/log.ts'
import { type Answer, call } from '../support/client.ts'
import { issue, revoke } from '../support/issue.ts'
import { type Network, startNetwork } from '../support/network.ts'
import { fsckLog, go, judge, openNote, readLog, refusal, verifyProof } from './support/go.ts'

const CERTIFICATES = 5

interface Issued {
  readonly id: string
  readonly leaf: string
  readonly proof: InclusionProof
}

describe.skipIf(go.missing)("a network's log, as its edge serves it", () => {
  const issued: Issued[] = []
  let network: Network
  let url: string
  let vkey: string

  beforeAll(async () => {
    network = await startNetwork()
    url = `${network.baseUrl}/log`
    const [log] = await network.sql`SELECT verifier_key FROM logs`
    vkey = log!['verifier_key']
    for (let i = 0; i < CERTIFICATES; i++) {
      const answer = await issue(network, undefined, { headers: { prefer: 'wait=10' } })
      expect(answer.status, answer.text).toBe(201)
      const { certificate_id: id, log } = answer.json
      expect(log).toMatchObject({ state: 'included', proof: { checkpoint: expect.any(String) } })
      issued.push({ id, leaf: log.leaf_hash, proof: log.proof })
    }
  })

  afterAll(() => network?.stop())

  it('golang.org/x/mod/sumdb/note opens its checkpoint with the key of the trust root', async () => {
    const root = (await get('/.well-known/coderisk/trust-root.json')).json
    const { log } = JSON.parse(Buffer.from(root.payload, 'base64url').toString())
    expect(log.verifier_key).toBe(vkey)
    const opened = await openNote(log.verifier_key, (await get('/log/checkpoint')).text)
    expect(opened.text.split('\n')[0]).toBe(log.origin)
  })

  it('torchwood reads every entry of it, among them each issue', async () => {
    const read = await readLog(url, vkey)
    expect(read.entries).toBeGreaterThan(CERTIFICATES)
    const [row] = await network.sql`SELECT count(*)::int AS entries FROM log_entries`
    expect(read.entries).toBe(row!['entries'])
    expect(Math.max(...issued.map(({ proof }) => proof.index))).toBeLessThan(read.entries)
  })

  it("Tessera's fsck finds nothing wrong with it", async () => {
    expect(await fsckLog(url, vkey)).toMatchObject({ clean: true })
  })

  it('torchwood verifies the .tlog-proof of each certificate, for that certificate alone', async () => {
    for (const [i, { id, leaf }] of issued.entries()) {
      const proof = (await get(`/v1/trust/certs/${id}.tlog-proof`)).text
      expect(await verifyProof(vkey, leaf, proof)).toEqual({ verified: true })
      const another = issued[(i + 1) % issued.length]!.leaf
      expect(await refusal(verifyProof(vkey, another, proof))).toContain('verification failed')
    }
  })

  it('the proofs of the JSON interfaces hold for transparency-dev/merkle and golang.org/x/mod', async () => {
    const [from, to] = [issued[0]!.proof, issued.at(-1)!.proof]
    const between = (await get(`/v1/log/consistency?from=${from.tree_size}&to=${to.tree_size}`)).json
    expect(between).toMatchObject({ from_root_hash: from.root_hash, to_root_hash: to.root_hash })
    const asked = (await get(`/v1/log/proof?leaf=${issued[1]!.leaf}`)).json
    const verdicts = await judge({
      inclusion: [...issued.map(toCase), toCase({ id: '', leaf: asked.leaf_hash, proof: asked })],
      consistency: [
        {
          from: between.from,
          to: between.to,
          from_root: between.from_root_hash,
          to_root: between.to_root_hash,
          hashes: between.hashes,
        },
      ],
    })
    expect(verdicts.inclusion).toEqual(verdicts.inclusion.map(() => ({ merkle: true, tlog: true })))
    expect(verdicts.consistency).toEqual([{ merkle: true, tlog: true }])
  })

  it('it has grown consistently when a certificate is revoked', async () => {
    const before = await readLog(url, vkey)
    const revoked = await revoke(network, issued[0]!.id)
    expect(revoked.status, revoked.text).toBe(200)
    await expect.poll(async () => (await readLog(url, vkey)).size, { timeout: 20_000 }).toBe(before.size + 1)
    const after = await readLog(url, vkey)
    const { from_root_hash, to_root_hash, hashes } = (
      await get(`/v1/log/consistency?from=${before.size}&to=${after.size}`)
    ).json
    const grown = { from: before.size, to: after.size, hashes }
    const theirs = { from_root: hexOf(before.root), to_root: hexOf(after.root) }
    expect({ from_root: from_root_hash, to_root: to_root_hash }).toEqual(theirs)
    expect((await judge({ inclusion: [], consistency: [{ ...grown, ...theirs }] })).consistency).toEqual([
      { merkle: true, tlog: true },
    ])
  })

  async function get(route: string): Promise<Answer> {
    const answer = await call(network.baseUrl, route)
    expect(answer.status, `${route}: ${answer.text}`).toBe(200)
    return answer
  }
})

function toCase({ leaf, proof }: Issued) {
  return { leaf, index: proof.index, size: proof.tree_size, root: proof.root_hash, hashes: proof.hashes }
}

function hexOf(base64: string): string {
  return Buffer.from(base64, 'base64').toString('hex')
}
