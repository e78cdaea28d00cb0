import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { ArcEntryDocument } from '../../../../schema/wire/arc.ts'
import type { HeldCatalogue } from '../../../../workers/edge/catalogue.ts'
import type { EdgeEnv } from '../../../../workers/edge/env.ts'
import { arcEntry } from './pages/fixtures.ts'

const SHIPPED: ArcEntryDocument[] = [arcEntry('ARC-2026-001')]
const ALL: ArcEntryDocument[] = [...SHIPPED, arcEntry('ARC-2026-500')]
const COMPLETE: HeldCatalogue = { entries: ALL, complete: true }
const SHIPPED_ALONE: HeldCatalogue = { entries: SHIPPED, complete: false }
const MINUTE_MS = 60_000
const NOW = 1_800_000_000_000

/** A new isolate: it has nothing in memory. */
let catalogue: (env: EdgeEnv, now: number) => Promise<HeldCatalogue | null>
beforeEach(async () => {
  vi.resetModules()
  catalogue = (await import('../../../../workers/edge/catalogue.ts')).catalogue
})

/** An edge whose core answers so, one after the other; an error is one that it fails with. */
function edge(...answers: (HeldCatalogue | Error | Promise<HeldCatalogue>)[]) {
  let asked = 0
  const arcCatalogue = async () => {
    const answer = answers[Math.min(asked++, answers.length - 1)]!
    if (answer instanceof Error) throw answer
    return answer
  }
  return { env: { CORE_READS: { arcCatalogue } } as unknown as EdgeEnv, asked: () => asked }
}

describe('the catalogue of an isolate', () => {
  test('is asked for once a minute', async () => {
    const { env, asked } = edge(COMPLETE)
    for (const later of [0, 1, 5_000, MINUTE_MS - 1])
      expect(await catalogue(env, NOW + later)).toEqual(COMPLETE)
    expect(asked()).toBe(1)
    await catalogue(env, NOW + MINUTE_MS)
    expect(asked()).toBe(2)
  })

  test('is asked for again soon when it was not complete', async () => {
    const { env, asked } = edge(SHIPPED_ALONE, COMPLETE)
    expect(await catalogue(env, NOW)).toEqual(SHIPPED_ALONE)
    expect(await catalogue(env, NOW + 4_999)).toEqual(SHIPPED_ALONE)
    expect(asked()).toBe(1)
    expect(await catalogue(env, NOW + 5_000)).toEqual(COMPLETE)
  })

  test('does not shrink while the database is away', async () => {
    const { env, asked } = edge(COMPLETE, SHIPPED_ALONE)
    await catalogue(env, NOW)
    expect(await catalogue(env, NOW + MINUTE_MS)).toEqual(COMPLETE)
    expect(asked()).toBe(2)
  })

  test('is the last one known while the core is away', async () => {
    const { env, asked } = edge(COMPLETE, new Error('away'))
    await catalogue(env, NOW)
    expect(await catalogue(env, NOW + MINUTE_MS)).toEqual(COMPLETE)
    expect(await catalogue(env, NOW + MINUTE_MS + 1)).toEqual(COMPLETE)
    expect(asked()).toBe(2)
  })

  test('is none when there never was one, and comes with the core', async () => {
    const { env } = edge(new Error('away'), new Error('away'), COMPLETE)
    expect(await catalogue(env, NOW)).toBeNull()
    expect(await catalogue(env, NOW + 1)).toBeNull()
    expect(await catalogue(env, NOW + 2)).toEqual(COMPLETE)
  })

  test('does not wait for a core that does not answer', async () => {
    vi.useFakeTimers()
    try {
      const { env } = edge(new Promise<HeldCatalogue>(() => {}))
      const waiting = catalogue(env, NOW)
      await vi.advanceTimersByTimeAsync(2_500)
      expect(await waiting).toBeNull()
    } finally {
      vi.useRealTimers()
    }
  })
})
