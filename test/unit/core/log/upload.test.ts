import type { SQL } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import { describe, expect, test } from 'vitest'
import type { Context } from '../../../../core/context.ts'
import { UploadProgress, uploadTree } from '../../../../core/log/upload.ts'
import { newBundles, newTiles } from '../../../../core/verify/log/index.ts'

const ENTRY = { entry: new Uint8Array(1) }
/** An upload reads the database and puts objects. */
const NOTHING_ELSE = {} as Context

describe('an upload that is more than one run may do', () => {
  test('goes on where it was, and the checkpoint comes last', async () => {
    // One bundle and one tile more than a run uploads.
    const groups = 240
    const size = groups * 16 * 256 + 1
    const progress = new UploadProgress()
    const put: string[] = []
    const objects = {
      get: async () => null,
      put: async (key: string) => {
        put.push(key)
        return true
      },
    }
    const rows = (count: number) => Array.from({ length: count }, () => ENTRY)
    const database = {
      asSystem: (work: (tx: unknown) => Promise<unknown>) =>
        work({
          execute: async (query: SQL) => {
            const { params } = new PgDialect().sqlToQuery(query)
            const tiles = params.find((parameter) => typeof parameter === 'string')
            if (tiles === undefined) return rows(Number(params[1]) - Number(params[0]))
            const asked = JSON.parse(tiles) as { width: number }[]
            return asked.map(({ width }, i) => ({ place: i + 1, hashes: new Uint8Array(32 * width) }))
          },
        }),
    }
    const ctx = { ...NOTHING_ELSE, database: database as unknown as Context['database'] }
    const upload = () => uploadTree(ctx, objects, { from: 0, to: size }, progress)
    expect(await upload()).toBe(false)
    const first = put.length
    expect(await upload()).toBe(true)
    expect(new Set(put).size).toBe(put.length)
    expect(put.length - first).toBeLessThan(first)
    expect(put).toHaveLength(newTiles(0, size).length + newBundles(0, size).length)
  }, 60_000)
})
