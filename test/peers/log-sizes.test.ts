import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storedTiles } from '../../core/log/tiles.ts'
import { fromBase64, toHex } from '../../core/verify/encoding.ts'
import {
  formatProof,
  HASH_BYTES,
  openCheckpoint,
  parseNote,
  parseVerifierKey,
  proveInclusion,
  type TileId,
} from '../../core/verify/log/index.ts'
import { fsckLog, go, openNote, readLog, refusal, verifyProof } from './support/go.ts'
import { type SequencedLog, startSequencedLog } from './support/sequenced-log.ts'

/** Around the ends of tiles of the first and of the second level. */
const SIZES = [1, 255, 256, 257, 511, 512, 65_537]
const LAST = SIZES.at(-1)!

describe.skipIf(go.missing)("our log in other people's hands", () => {
  let log: SequencedLog

  beforeAll(async () => {
    log = await startSequencedLog()
  })

  afterAll(() => log.stop())

  describe.each(SIZES)('of %i entries', (size) => {
    beforeAll(() => log.growTo(size))

    it('golang.org/x/mod/sumdb/note opens its checkpoint', async () => {
      const opened = await openNote(log.vkey, log.checkpoint())
      const [origin, decimal] = opened.text.split('\n')
      expect({ origin, decimal }).toEqual({ origin: log.vkey.split('+')[0], decimal: String(size) })
      expect(opened.signers).toEqual([log.vkey.split('+').slice(0, 2).join('+')])
    })

    it('torchwood reads every entry of it', async () => {
      const read = await readLog(log.served.url, log.vkey)
      expect(read).toMatchObject({ size, entries: size, digest: await log.digest() })
      expect(toHex(fromBase64(read.root)!)).toBe(toHex((await opened()).root))
      expect(log.served.missed).toEqual([])
    })

    it("Tessera's fsck finds nothing wrong with it", async () => {
      expect(await fsckLog(log.served.url, log.vkey)).toMatchObject({ clean: true })
    })
  })

  describe('a .tlog-proof', () => {
    it.each([0, 255, 256, 65_535, LAST - 1])('of entry %i is verified by torchwood', async (index) => {
      const leaf = toHex(await log.leafHash(index))
      const proof = await prove(index)
      expect(await verifyProof(log.vkey, leaf, proof)).toEqual({ verified: true })
      const another = toHex(await log.leafHash(index === 0 ? 1 : index - 1))
      expect(await refusal(verifyProof(log.vkey, another, proof))).toContain('verification failed')
    })

    it('is refused after one of its hashes has changed', async () => {
      const leaf = toHex(await log.leafHash(7))
      const lines = (await prove(7)).split('\n')
      const swapped = [...lines.slice(0, 2), lines[3], lines[2], ...lines.slice(4)].join('\n')
      expect(await refusal(verifyProof(log.vkey, leaf, swapped))).toContain('verification failed')
    })

    it('is refused when its checkpoint says another size', async () => {
      const leaf = toHex(await log.leafHash(7))
      const forged = (await prove(7)).replace(`\n${LAST}\n`, `\n${LAST + 1}\n`)
      expect(await refusal(verifyProof(log.vkey, leaf, forged))).toContain('invalid signature')
    })
  })

  describe('what is tampered with is refused', () => {
    const flip = (at: number) => (bytes: Buffer) => {
      bytes[at]! ^= 1
      return bytes
    }

    it.each([
      ['a full tile', 'log/tile/0/000', flip(5 * HASH_BYTES)],
      ['the partial tile at the end', 'log/tile/0/256.p/1', flip(0)],
      ['a tile of the second level', 'log/tile/1/000', flip(3 * HASH_BYTES + 31)],
      ['the tile at the top', 'log/tile/2/000.p/1', flip(9)],
      ['an entry', 'log/tile/entries/001', flip(20)],
      ['the length of an entry', 'log/tile/entries/000', flip(1)],
    ])('%s', async (_, key, change) => {
      await log.served.tamper(key, change, async () => {
        await refusal(readLog(log.served.url, log.vkey))
        await refusal(fsckLog(log.served.url, log.vkey))
      })
      expect(await readLog(log.served.url, log.vkey)).toMatchObject({ entries: LAST })
    })

    it('the checkpoint', async () => {
      const larger = (bytes: Buffer) => Buffer.from(String(bytes).replace(`${LAST}`, `${LAST - 1}`))
      await log.served.tamper('log/checkpoint', larger, async () => {
        expect(await refusal(readLog(log.served.url, log.vkey))).toContain('signature')
        await refusal(fsckLog(log.served.url, log.vkey))
        await refusal(openNote(log.vkey, String(larger(Buffer.from(log.checkpoint())))))
      })
    })

    it('a checkpoint by another log', async () => {
      const other = log.vkey.replace(/^[^+]*/, 'other.example/log')
      await refusal(openNote(other, log.checkpoint()))
      expect(parseNote(log.checkpoint())?.signatures).toHaveLength(1)
    })
  })

  async function opened() {
    return (await openCheckpoint(log.checkpoint(), parseVerifierKey(log.vkey)!))!
  }

  async function prove(index: number): Promise<string> {
    const { size } = await opened()
    const read = (tile: TileId) => log.core.ctx().database.asSystem((tx) => storedTiles(tx)(tile))
    const hashes = await proveInclusion(index, size, read)
    return formatProof({ index, hashes, checkpoint: log.checkpoint() })
  }
})
