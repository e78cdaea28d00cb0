import { DurableObject } from 'cloudflare:workers'
import type { Outside } from '../../core/back-office/outside.ts'
import { LANE_NAMES, type Lane } from '../../core/back-office/tasks.ts'
import type { Context } from '../../core/context.ts'
import { createOutside } from './adapters/outside.ts'
import type { CoreEnv } from './env.ts'
import { logLine } from './log.ts'
import { wakeLanes, workOnce } from './queued-work.ts'
import { createContext } from './service.ts'

/** What is queued at the same time is done in one run. Bills can wait, and there is one for every purchase. */
const GATHER_MS: Readonly<Record<Lane, number>> = {
  facts: 20,
  claims: 20,
  payments: 500,
  webhooks: 250,
}
/** After a run with failures; cron comes every minute anyway. */
const RETRY_MS = 5_000
/** No alarm is set further ahead: what is due later is found again by then. */
const MAX_WAIT_MS = 60 * 60_000
const CONNECTIONS = 4
/** Which lane this is, kept for alarms that outlive the object. */
const LANE_KEY = 'lane'

/**
 * Does what is queued in the database, one object for each lane, driven by an alarm. That there is one of each saves work and
 * nothing else: tasks lease what they take, and cron does the same every minute.
 */
export class BackOffice extends DurableObject<CoreEnv> {
  readonly #context: () => Context
  readonly #outside: Outside
  #lane: Lane | undefined
  #running = false
  #again = false

  constructor(state: DurableObjectState, env: CoreEnv) {
    super(state, env)
    this.#context = createContext(env, CONNECTIONS)
    this.#outside = createOutside(env)
  }

  /** To be called when something has been queued. */
  async wake(lane: Lane): Promise<void> {
    if (this.#lane === undefined) {
      this.#lane = lane
      await this.ctx.storage.put(LANE_KEY, lane)
    }
    this.#again = true
    if (!this.#running) await this.#setAlarm(Date.now() + GATHER_MS[lane])
  }

  override async alarm(): Promise<void> {
    this.#lane ??= await this.ctx.storage.get<Lane>(LANE_KEY)
    if (this.#lane === undefined) return
    this.#running = true
    this.#again = false
    try {
      await this.#work(this.#lane)
    } finally {
      this.#running = false
    }
  }

  async #work(lane: Lane): Promise<void> {
    const { done, nextAt, failures } = await workOnce(this.#context, this.#outside, lane)
    const now = Date.now()
    const due = failures.length > 0 ? now + RETRY_MS : (nextAt?.getTime() ?? null)
    const soon = now + GATHER_MS[lane]
    if (this.#again) await this.#setAlarm(soon)
    else if (due !== null) await this.#setAlarm(Math.min(Math.max(due, soon), now + MAX_WAIT_MS))
    // What one lane did may be work for the others.
    if (done > 0) this.ctx.waitUntil(this.#wakeOthers(lane))
  }

  async #wakeOthers(lane: Lane): Promise<void> {
    try {
      await wakeLanes(
        this.env,
        LANE_NAMES.filter((other) => other !== lane),
      )
    } catch (error) {
      logLine('warn', 'back office not woken', { error })
    }
  }

  /** The sooner of two alarms stays; one that is overdue is none. */
  async #setAlarm(at: number): Promise<void> {
    const alarm = await this.ctx.storage.getAlarm()
    if (alarm === null || alarm > at || alarm < Date.now()) await this.ctx.storage.setAlarm(at)
  }
}
