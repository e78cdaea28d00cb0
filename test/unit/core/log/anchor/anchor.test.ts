import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ANCHOR_INTERVAL_MS, anchorLog } from '../../../../../core/log/anchor/anchor.ts'
import type { AnchorChain } from '../../../../../core/log/anchor/chain.ts'
import { listAnchors } from '../../../../../core/log/anchor/list.ts'
import { fromHex, toHex, utf8 } from '../../../../../core/verify/encoding.ts'
import { formatCheckpoint, formatNote, hashLeaf } from '../../../../../core/verify/log/index.ts'
import { createEthereumChain } from '../../../../../workers/core/adapters/ethereum.ts'
import { startChain, type TestChain } from '../../../../support/chain.ts'
import { START_LIMIT_MS, startTestCore, type TestCore } from '../../support.ts'

let core: TestCore
let node: TestChain
let chain: AnchorChain
const NOON = new Date('2026-11-21T12:00:00.000Z')
const later = (ms: number) => new Date(NOON.getTime() + ms)

beforeAll(async () => {
  ;[core, node] = await Promise.all([startTestCore({ keys: false }), startChain()])
  chain = createEthereumChain({ rpcUrl: node.rpcUrl, privateKey: node.privateKey, confirmations: 3 })
}, START_LIMIT_MS)
afterAll(() => Promise.all([core?.db.stop(), node?.stop()]))

beforeEach(async () => {
  await core.db.owner`DELETE FROM log_anchors`
  await core.db.owner`DELETE FROM logs`
})

/** The signature is nothing that an anchor looks at. */
const published = (size: number) =>
  formatNote(formatCheckpoint({ origin: 'log.example', size, root: hashLeaf(utf8(`${size}`)) }), [
    '\u2014 log.example AAAAAAAA\n',
  ])

async function publish(size: number): Promise<string> {
  const text = published(size)
  await core.db.owner`
    INSERT INTO logs (id, origin, verifier_key, sealed_private_key, size, root_hash, staged_size, published_size, published_checkpoint, created_at)
    VALUES ('network', 'log.example', 'key', '', ${size}, '', ${size}, ${size}, ${text}, now())
    ON CONFLICT (id) DO UPDATE SET size = ${size}, root_hash = 'x', staged_size = ${size}, published_size = ${size}, published_checkpoint = ${text}`
  return text
}

describe('anchorLog', () => {
  it('writes the checkpoint into a transaction and waits for blocks on top of it', async () => {
    const text = await publish(7)
    expect(await anchorLog(core.ctx(NOON), chain)).toBe('sent')
    expect(await listAnchors(core.ctx())).toEqual([])
    expect(await anchorLog(core.ctx(later(1)), chain)).toBe('waiting')
    await node.mine(4)
    expect(await anchorLog(core.ctx(later(2)), chain)).toBe('confirmed')
    const [anchor, ...others] = await listAnchors(core.ctx())
    expect(others).toEqual([])
    expect(anchor).toMatchObject({
      tree_size: 7,
      root_hash: toHex(hashLeaf(utf8('7'))),
      chain_id: 31337,
      confirmed_at: later(2).toISOString(),
    })
    const transaction = (await node.request('eth_getTransactionByHash', [anchor!.transaction_hash])) as {
      input: string
      blockNumber: string
    }
    expect(new TextDecoder().decode(fromHex(transaction.input.slice(2))!)).toBe(text)
    expect(Number(transaction.blockNumber)).toBe(anchor!.block_number)
  })

  it('anchors once a day, and only what has grown', async () => {
    await publish(7)
    await anchorLog(core.ctx(NOON), chain)
    await node.mine(4)
    await anchorLog(core.ctx(NOON), chain)
    await publish(9)
    expect(await anchorLog(core.ctx(later(ANCHOR_INTERVAL_MS - 1)), chain)).toBe('nothing_due')
    expect(await anchorLog(core.ctx(later(ANCHOR_INTERVAL_MS)), chain)).toBe('sent')
    await node.mine(4)
    await anchorLog(core.ctx(later(ANCHOR_INTERVAL_MS)), chain)
    expect((await listAnchors(core.ctx())).map(({ tree_size }) => tree_size)).toEqual([7, 9])
    expect(await anchorLog(core.ctx(later(3 * ANCHOR_INTERVAL_MS)), chain)).toBe('nothing_due')
  })

  it('sends the same transaction again after a crash or a refusal, and no other', async () => {
    await publish(7)
    const before = await nonce()
    const lost: AnchorChain = { ...chain, send: () => Promise.reject(new Error('no route')) }
    await expect(anchorLog(core.ctx(NOON), lost)).rejects.toThrow('no route')
    expect(await nonce()).toBe(before)
    const arrived: AnchorChain = {
      ...chain,
      async send(raw) {
        await chain.send(raw)
        throw new Error('the answer was lost')
      },
    }
    await expect(anchorLog(core.ctx(NOON), arrived)).rejects.toThrow('the answer was lost')
    expect(await anchorLog(core.ctx(NOON), chain)).toBe('waiting')
    await node.mine(4)
    expect(await anchorLog(core.ctx(NOON), chain)).toBe('confirmed')
    expect(await nonce()).toBe(before + 1)
  })

  it('anchors nothing before anything is published', async () => {
    expect(await anchorLog(core.ctx(NOON), chain)).toBe('nothing_due')
  })

  it('sends one transaction when two instances run at once', async () => {
    await publish(7)
    const before = await nonce()
    await Promise.all([anchorLog(core.ctx(NOON), chain), anchorLog(core.ctx(NOON), chain)])
    await node.mine(4)
    expect(await nonce()).toBe(before + 1)
  })

  it('and also when the log grows between them', async () => {
    await publish(7)
    const other: AnchorChain = {
      ...chain,
      async prepare(data) {
        const prepared = await chain.prepare(data)
        await publish(9)
        expect(await anchorLog(core.ctx(NOON), chain)).toBe('sent')
        return prepared
      },
    }
    expect(await anchorLog(core.ctx(NOON), other)).toBe('nothing_due')
    await node.mine(4)
    expect(await anchorLog(core.ctx(NOON), chain)).toBe('confirmed')
    expect((await listAnchors(core.ctx())).map(({ tree_size }) => tree_size)).toEqual([9])
  })
})

async function nonce(): Promise<number> {
  const address = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'
  return Number(await node.request('eth_getTransactionCount', [address, 'latest']))
}
