import { DurableObject } from 'cloudflare:workers'
import type { Context } from '../../core/context.ts'
import type { CoreEnv } from './env.ts'
import { hostFor } from './hosts.ts'
import { logLine } from './log.ts'
import { openSequencer, type Sequencer } from './sequencing.ts'
import { createContext } from './service.ts'

/** Entries that come at the same time share a checkpoint. */
const GATHER_MS = 100
/** Between the starts of two runs: c2sp.org/tlog-witness asks for no more than a few checkpoints per second. */
const INTERVAL_MS = 1_000
/** After a failure: doubled each time, up to the longest. */
const RETRY_MS = 1_000
const MAX_RETRY_MS = 60_000
const CONNECTIONS = 2

/**
 * Drives the log: one object, which an alarm has sequence whatever is pending. That there is one of it saves work and
 * nothing else: the log is right with none, and with any number of them (`core/log/sequence.ts`).
 */
export class LogSequencer extends DurableObject<CoreEnv> {
  readonly #context: () => Context
  readonly #sequencer: Sequencer
  #lastRun = 0
  #failures = 0

  constructor(state: DurableObjectState, env: CoreEnv) {
    super(state, env)
    this.#context = createContext(env, CONNECTIONS)
    this.#sequencer = openSequencer(env)
  }

  /** To be called when something has been appended. While a run fails, its own alarm says when it is tried again. */
  async wake(): Promise<void> {
    const now = Date.now()
    const alarm = await this.ctx.storage.getAlarm()
    // None is set further ahead than the longest wait, unless the clock has been set back.
    if (alarm !== null && alarm <= now + MAX_RETRY_MS) return
    const next = Math.min(this.#lastRun, now) + INTERVAL_MS
    await this.ctx.storage.setAlarm(Math.max(now + GATHER_MS, next))
  }

  override async alarm(): Promise<void> {
    this.#lastRun = Date.now()
    try {
      const { published, more, held } = await this.#sequencer(this.#context())
      if (published) this.ctx.waitUntil(hostFor(this.env, 'log').publishMarked())
      if (held) await this.#tryAgain('witnesses are missing')
      else this.#failures = 0
      if (more && !held) await this.ctx.storage.setAlarm(Date.now() + GATHER_MS)
    } catch (error) {
      await this.#tryAgain(error)
    }
  }

  async #tryAgain(error: unknown): Promise<void> {
    const delay = Math.min(MAX_RETRY_MS, RETRY_MS * 2 ** this.#failures)
    this.#failures = Math.min(this.#failures + 1, 10)
    logLine('error', 'log not sequenced', { error, retry_in_ms: delay })
    await this.ctx.storage.setAlarm(Date.now() + delay)
  }
}
