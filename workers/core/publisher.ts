import type { Context } from '../../core/context.ts'
import { BATCH_SIZE, drainOutbox } from '../../core/publication/drain.ts'
import type { Stores } from '../../core/publication/store.ts'
import { logLine } from './log.ts'
import type { Metrics } from './metrics.ts'

/** Marks of a burst are gathered for this long, so that one round of statements publishes many. */
const GATHER_MS = 200
/** Cron comes back for the rest. */
const MAX_ROUNDS = 200

/** Drains the outbox, one drain at a time per host, right after a change and from cron. */
export class Publisher {
  readonly #context: () => Context
  readonly #stores: Stores
  readonly #metrics: Metrics
  #running: Promise<void> | undefined
  #again = false

  constructor(context: () => Context, stores: Stores, metrics: Metrics) {
    this.#context = context
    this.#stores = stores
    this.#metrics = metrics
  }

  /** Publishes what is marked by now and resolves when that is done. Never rejects: marks outlive a failure. */
  publish(): Promise<void> {
    this.#again = true
    this.#running ??= this.#run()
    return this.#running
  }

  async #run(): Promise<void> {
    try {
      // A round that could not take all there was needs to gather nothing.
      for (let round = 0, full = false; this.#again && round < MAX_ROUNDS; round++) {
        if (!full) await new Promise((resolve) => setTimeout(resolve, GATHER_MS))
        this.#again = false
        const { taken, failed, moreDue } = await drainOutbox(this.#context(), this.#stores)
        this.#metrics.count('coderisk_published_total', taken - failed)
        if (failed > 0) this.#metrics.count('coderisk_publication_failures_total', failed)
        full = taken >= BATCH_SIZE
        if (moreDue) this.#again = true
      }
    } catch (error) {
      this.#metrics.count('coderisk_publication_failures_total')
      logLine('warn', 'publication postponed', { error })
    } finally {
      // Here, where nothing runs between the last look at `#again` and this.
      this.#running = undefined
    }
  }
}
