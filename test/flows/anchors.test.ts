import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCheckpoint, parseVerifierKey } from '../../core/verify/log/index.ts'
import type { Certificate } from '../../schema/wire/certificate.ts'
import type { AnchorList } from '../../schema/wire/log.ts'
import type { Verification } from '../../schema/wire/verification.ts'
import { CRONS } from '../../workers/core/crons.ts'
import { startChain, type TestChain } from '../support/chain.ts'
import { issue, SMALL_CHANGE } from '../support/issue.ts'
import { type Network, startNetwork } from '../support/network.ts'

const CONFIRMATIONS = 2

let chain: TestChain
let network: Network
beforeAll(async () => {
  chain = await startChain()
  network = await startNetwork({
    variables: {
      ANCHOR_RPC_URL: chain.rpcUrl,
      ANCHOR_PRIVATE_KEY: chain.privateKey,
      ANCHOR_CONFIRMATIONS: String(CONFIRMATIONS),
    },
  })
})
afterAll(async () => {
  await network?.stop()
  await chain?.stop()
})

const get = async <T>(path: string) => (await (await fetch(`${network.baseUrl}${path}`)).json()) as T
const sweep = () => network.workers().runCron(CRONS.sweep)

async function issueLogged(): Promise<Certificate> {
  const answer = await issue(network, SMALL_CHANGE, { headers: { prefer: 'wait=10' } })
  expect(answer.json.log).toMatchObject({ state: 'included' })
  return answer.json
}

test('a certificate names the first anchor that covers it, and proves that it does', async () => {
  const certificate = await issueLogged()
  const path = `/v1/trust/certs/${certificate.certificate_id}`
  expect(await get<AnchorList>('/v1/log/anchors')).toEqual({ data: [] })
  await sweep()
  await chain.mine(CONFIRMATIONS + 1)
  await sweep()
  // Another isolate: this one has just learnt that there are no anchors.
  await network.restartWorkers()
  const { data } = await get<AnchorList>('/v1/log/anchors')
  expect(data).toHaveLength(1)
  const hash = async () => (await get<Certificate>(path)).blockchain_hash
  await expect.poll(hash, { timeout: 10_000 }).toBe(data[0]!.transaction_hash)
  expect((await get<Certificate>(path)).log).toMatchObject({ state: 'included' })
  const verified = async () => (await get<Verification>(`${path}/verify`)).blockchain_verified
  await expect.poll(verified, { timeout: 10_000 }).toBe(true)

  const transaction = (await chain.request('eth_getTransactionByHash', [data[0]!.transaction_hash])) as {
    input: string
  }
  const [log] = await network.sql`SELECT verifier_key FROM logs`
  const note = Buffer.from(transaction.input.slice(2), 'hex').toString()
  const opened = await openCheckpoint(note, parseVerifierKey(log!.verifier_key)!)
  expect(opened).toMatchObject({ size: data[0]!.tree_size })

  // A certificate that came after the anchor has none, and says so by saying nothing.
  const later = await issueLogged()
  const laterServed = await get<Certificate>(`/v1/trust/certs/${later.certificate_id}`)
  expect(laterServed).not.toHaveProperty('blockchain_hash')
})

test('an anchor of another tree is told, and does not verify', async () => {
  const certificate = await issueLogged()
  const [log] = await network.sql`SELECT size FROM logs`
  await network.sql`
    INSERT INTO log_anchors (size, root_hash, checkpoint, chain_id, transaction_hash, raw_transaction, state, block_number, created_at, confirmed_at)
    VALUES (${log!.size}, ${Buffer.alloc(32)}, '', 1, ${`0x${'0'.repeat(64)}`}, '', 'confirmed', 1, now(), now())`
  await network.restartWorkers()
  const path = `/v1/trust/certs/${certificate.certificate_id}`
  // The place of a certificate that is so new may still be on its way to KV.
  await expect
    .poll(async () => (await get<Certificate>(path)).blockchain_hash, { timeout: 10_000 })
    .toBe(`0x${'0'.repeat(64)}`)
  const verify = () => get<Verification>(`${path}/verify`)
  await expect.poll(async () => (await verify()).blockchain_verified, { timeout: 10_000 }).toBe(false)
  expect(await verify()).toMatchObject({ verdict: 'valid' })
})
