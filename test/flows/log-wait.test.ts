import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fromHex } from '../../core/verify/encoding.ts'
import { openCheckpoint, parseVerifierKey, verifyInclusion } from '../../core/verify/log/index.ts'
import { LOG_CHECKPOINT_OBJECT, logObject } from '../../schema/kv.ts'
import { certificateSchema } from '../../schema/wire/certificate.ts'
import { CORE } from '../../stack/worker-configuration.ts'
import { CRONS } from '../../workers/core/crons.ts'
import { inspectLog } from '../support/log-invariants.ts'
import { type Network, startNetwork } from '../support/network.ts'

const START_LIMIT_MS = 180_000
const PATIENCE_MS = 20_000

let network: Network

beforeAll(async () => {
  network = await startNetwork()
}, START_LIMIT_MS)
afterAll(() => network?.stop())

function issue(headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${network.baseUrl}/v1/trust/verify`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${network.tenants.api_key}`,
      'content-type': 'application/json',
      ...headers,
    },
    body: JSON.stringify({
      ai_tool: 'claude-code-v1.0',
      files_changed: ['src/total.ts'],
      code: 'export const total = (prices: number[]) => prices.reduce((sum, price) => sum + price, 0)\n',
    }),
  })
}

async function bucket() {
  return network.workers().miniflare.getR2Bucket('TRUST_R2', CORE)
}

async function readLog(path: string): Promise<Uint8Array | null> {
  const object = await (await bucket()).get(logObject(path))
  return object === null ? null : new Uint8Array(await object.arrayBuffer())
}

async function expectIncluded(response: Response): Promise<void> {
  expect(response.status).toBe(201)
  const { log } = certificateSchema.parse(await response.json())
  if (log?.state !== 'included' || log.proof === undefined) throw new Error(`not included: ${log?.state}`)
  const [row] = await network.sql`SELECT verifier_key FROM logs`
  const opened = await openCheckpoint(log.proof.checkpoint, parseVerifierKey(row!.verifier_key)!)
  const hashes = log.proof.hashes.map((hash) => fromHex(hash)!)
  const { size, root } = opened!
  expect(verifyInclusion({ leafHash: fromHex(log.leaf_hash)!, index: log.index, size, hashes, root })).toBe(
    true,
  )
}

describe('POST /v1/trust/verify', () => {
  test('answers at once with a pending entry', async () => {
    const response = await issue()
    expect(response.headers.has('preference-applied')).toBe(false)
    expect(await response.json()).toMatchObject({ log: { state: 'pending' } })
  })

  test(
    'with Prefer: wait answers with a proof of inclusion in a published checkpoint',
    async () => {
      const response = await issue({ prefer: 'respond-async, wait=10' })
      expect(response.headers.get('preference-applied')).toBe('wait=10')
      await expectIncluded(response)
    },
    PATIENCE_MS,
  )

  test(
    'waits no longer than ten seconds for anybody',
    async () => {
      const response = await issue({ prefer: 'wait=86400' })
      expect(response.headers.get('preference-applied')).toBe('wait=10')
      await expectIncluded(response)
    },
    PATIENCE_MS,
  )

  test(
    'a replay waits as well, and what is stored is the pending answer',
    async () => {
      const key = { 'idempotency-key': 'waits-for-the-log' }
      await expectIncluded(await issue({ ...key, prefer: 'wait=10' }))
      const replay = await issue(key)
      expect(replay.headers.get('idempotency-replayed')).toBe('true')
      expect(await replay.json()).toMatchObject({ log: { state: 'pending' } })
      const waited = await issue({ ...key, prefer: 'wait=10' })
      expect(waited.headers.get('idempotency-replayed')).toBe('true')
      await expectIncluded(waited)
    },
    PATIENCE_MS,
  )

  test(
    'many who wait share a checkpoint',
    async () => {
      const answers = await Promise.all(Array.from({ length: 12 }, () => issue({ prefer: 'wait=10' })))
      for (const answer of answers) await expectIncluded(answer)
    },
    PATIENCE_MS,
  )
})

describe('the log', () => {
  test('is whole, as anybody reads it', async () => {
    await network.workers().runCron(CRONS.outbox)
    const facts = await inspectLog(readLog, network.sql)
    expect(facts.faults).toEqual([])
    expect(facts.publishedSize).toBe(facts.entries)
  })

  test('is sequenced by cron where its Durable Object does not', async () => {
    await network.sql`INSERT INTO log_entries (entry, leaf_hash, created_at)
      VALUES ('{}', sha256('\\x00'::bytea || '{}'), now())`
    await network.workers().runCron(CRONS.outbox)
    const facts = await inspectLog(readLog, network.sql)
    expect(facts).toMatchObject({ faults: [], publishedSize: facts.entries })
  })

  test(
    'stops at a checkpoint that it never signed, and issuing goes on',
    async () => {
      const ours = await (await bucket()).get(LOG_CHECKPOINT_OBJECT)
      const text = await ours!.text()
      await (await bucket()).put(LOG_CHECKPOINT_OBJECT, text.replace('\n', ' \n'))
      const response = await issue({ prefer: 'wait=1' })
      expect(await response.json()).toMatchObject({ log: { state: 'pending' } })
      await network.workers().runCron(CRONS.outbox)
      const [row] = await network.sql`SELECT halted FROM logs`
      expect(row!.halted).not.toBeNull()
      await (await bucket()).put(LOG_CHECKPOINT_OBJECT, text)
      await network.workers().runCron(CRONS.outbox)
      const facts = await inspectLog(readLog, network.sql)
      expect(facts).toMatchObject({ faults: [], publishedSize: facts.entries })
      expect(await network.sql`SELECT halted FROM logs`).toEqual([{ halted: null }])
    },
    PATIENCE_MS,
  )
})
