import { DurableObject } from 'cloudflare:workers'
import { type ReadCatalogue, readCatalogue } from '../../core/arc/list.ts'
import { lookUpCertificate, type PublicCertificate } from '../../core/certificates/look-up.ts'
import { expireIdempotencyRecords } from '../../core/idempotency/expire.ts'
import { rotateSigningKeys } from '../../core/keys/rotate.ts'
import { currentTrustRoot } from '../../core/keys/trust-root.ts'
import { sweep } from '../../core/publication/drain.ts'
import { markForPublication, type PublishedKind, TRUST_ROOT_ENTITY } from '../../core/publication/mark.ts'
import { type App, createApp } from './app.ts'
import { CRONS } from './crons.ts'
import type { CoreEnv } from './env.ts'
import { logLine } from './log.ts'
import { createService, type Service } from './service.ts'

const SWEEP_WINDOW_MS = 15 * 60_000

/**
 * Runs the core's API and its periodic work. It is a Durable Object only because connections to PostgreSQL can be
 * kept here and cannot be shared between a Worker's requests; it stores nothing, and any host can serve any request.
 */
export class CoreHost extends DurableObject<CoreEnv> {
  readonly #service: Service
  readonly #app: App

  constructor(state: DurableObjectState, env: CoreEnv) {
    super(state, env)
    this.#service = createService(env)
    this.#app = createApp(this.#service)
  }

  override fetch(request: Request): Response | Promise<Response> {
    return this.#app.fetch(request, this.env, this.ctx as unknown as ExecutionContext)
  }

  /** What anyone may see of a certificate. A reader that had to ask here also has it published again. */
  async lookUp(certificateId: string): Promise<PublicCertificate | null> {
    const ctx = this.#service.context()
    const found = await lookUpCertificate(ctx, certificateId)
    if (found?.livemode) this.ctx.waitUntil(this.#publishAgain('certificate', certificateId))
    return found
  }

  /** When and why a certificate was revoked; null when it was not. */
  async revocation(certificateId: string): Promise<PublicCertificate['revocation']> {
    return (await lookUpCertificate(this.#service.context(), certificateId))?.revocation ?? null
  }

  /** The newest trust root as flattened JWS, JSON text; null before there is one. It is published again, too. */
  async trustRoot(): Promise<string | null> {
    const root = await this.#service.context().database.asSystem(currentTrustRoot)
    if (root === undefined) return null
    this.ctx.waitUntil(this.#publishAgain('trust_root', TRUST_ROOT_ENTITY))
    return JSON.stringify(root.jws)
  }

  arcCatalogue(): Promise<ReadCatalogue> {
    return readCatalogue(this.#service.context())
  }

  /** Whether the database answers. */
  async databaseAnswers(): Promise<boolean> {
    try {
      await this.#service.context().database.direct({ text: 'SELECT 1', parameters: [] })
      return true
    } catch {
      return false
    }
  }

  counters(): Record<string, number> {
    return this.#service.metrics.snapshot()
  }

  async runCron(cron: string): Promise<void> {
    const ctx = this.#service.context()
    if (cron === CRONS.hourly) {
      await rotateSigningKeys(ctx)
      await expireIdempotencyRecords(ctx)
    }
    if (cron === CRONS.sweep) await sweep(ctx, new Date(ctx.now.getTime() - SWEEP_WINDOW_MS))
    await this.#service.publisher.publish()
  }

  /** For the sake of a reader: it has its answer, and nothing is lost if this fails. */
  async #publishAgain(kind: PublishedKind, entityId: string): Promise<void> {
    const ctx = this.#service.context()
    try {
      await ctx.database.asSystem((tx) => markForPublication(tx, kind, entityId, ctx.now))
    } catch (error) {
      logLine('warn', 'not marked for publication', { kind, error })
    }
    await this.#service.publisher.publish()
  }
}
