import { sql } from 'drizzle-orm'
import type { Database, Transaction } from '../../core/context.ts'
import type { ObjectStore } from '../../core/publication/store.ts'

/** The steps of sequencing at which something can fail. */
export const STEPS = ['stage', 'swap', 'tile', 'bundle', 'checkpoint'] as const
export type Step = (typeof STEPS)[number]

export class InjectedFault extends Error {}

/** Decides for each step that is reached whether it fails, and whether what it did stays done. */
export type Inject = (step: Step | 'read') => 'works' | 'not persisted' | 'persisted'

/** The first time that `step` is reached it fails; from then on all works. */
export function failOnce(step: Step, how: 'not persisted' | 'persisted') {
  const fault = { fired: false }
  const inject: Inject = (reached) => {
    if (reached !== step || fault.fired) return 'works'
    fault.fired = true
    return how
  }
  return { fault, inject }
}

/** The nth thing that is done fails; `fired` stays false when there is no nth. */
export function failNth(nth: number, how: 'not persisted' | 'persisted') {
  const fault = { fired: false }
  let count = 0
  const inject: Inject = () => {
    count++
    if (count !== nth) return 'works'
    fault.fired = true
    return how
  }
  return { fault, inject }
}

/** A store whose calls fail as `inject` says: before they reach it, or after they have done their work. */
export function faultyStore(store: ObjectStore, inject: Inject): ObjectStore {
  const around = async <T>(step: Step | 'read', call: () => Promise<T>): Promise<T> => {
    const outcome = inject(step)
    if (outcome === 'not persisted') throw new InjectedFault(`${step}, not persisted`)
    const result = await call()
    if (outcome === 'persisted') throw new InjectedFault(`${step}, persisted`)
    return result
  }
  return {
    get: (key) => around('read', () => store.get(key)),
    put: (key, bytes, options) => around(stepOf(key), () => store.put(key, bytes, options)),
  }
}

function stepOf(key: string): Step {
  if (key.startsWith('log/tile/entries/')) return 'bundle'
  return key.startsWith('log/tile/') ? 'tile' : 'checkpoint'
}

/** A database whose transactions fail as `inject` says. Which step one is shows in what it changes. */
export function faultyDatabase(database: Database, inject: Inject): Database {
  return {
    ...database,
    async asSystem(work) {
      const result = await database.asSystem(async (tx) => {
        const before = await sizes(tx)
        const done = await work(tx)
        const after = await sizes(tx)
        const step = after.staged > before.staged ? 'stage' : after.size > before.size ? 'swap' : 'read'
        const outcome = inject(step)
        if (outcome === 'not persisted') throw new InjectedFault(`${step}, not persisted`)
        return { done, reported: outcome === 'persisted' ? new InjectedFault(`${step}, persisted`) : null }
      })
      if (result.reported !== null) throw result.reported
      return result.done
    },
  }
}

async function sizes(tx: Transaction): Promise<{ staged: number; size: number }> {
  const [row] = await tx.execute<{ staged_size: string; size: string }>(
    sql`SELECT staged_size, size FROM logs`,
  )
  return { staged: Number(row?.staged_size ?? 0), size: Number(row?.size ?? 0) }
}
