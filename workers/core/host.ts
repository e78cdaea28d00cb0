import { DurableObject } from 'cloudflare:workers'
import { type ReadCatalogue, readCatalogue } from '../../core/arc/list.ts'
import { HOURLY, type Job, NIGHTLY, runJobs } from '../../core/back-office/periodic.ts'
import { certificateForm, publishForm } from '../../core/certificates/forms/make.ts'
import { lookUpCertificate, type PublicCertificate } from '../../core/certificates/look-up.ts'
import type { Context } from '../../core/context.ts'
import { expireIdempotencyRecords } from '../../core/idempotency/expire.ts'
import { fillCompromisedIndexes } from '../../core/keys/compromised-index.ts'
import { rotateSigningKeys } from '../../core/keys/rotate.ts'
import { currentTrustRoot } from '../../core/keys/trust-root.ts'
import { anchorLog } from '../../core/log/anchor/anchor.ts'
import { type Anchor, listAnchors } from '../../core/log/anchor/list.ts'
import { ensureLog } from '../../core/log/create.ts'
import { logPlace } from '../../core/log/place.ts'
import { sweep } from '../../core/publication/drain.ts'
import { markForPublication, type PublishedKind, TRUST_ROOT_ENTITY } from '../../core/publication/mark.ts'
import { Refusal } from '../../core/refusal.ts'
import { markDueStatusLists } from '../../core/status/mark-due.ts'
import type { ProblemCode } from '../../schema/wire/problems.ts'
import type { CertificateForm } from '../../schema/wire/vocabulary.ts'
import { openAnchorChain } from './adapters/ethereum.ts'
import { createR2Store } from './adapters/r2-store.ts'
import { type App, createApp } from './app.ts'
import { CRONS } from './crons.ts'
import type { CoreEnv } from './env.ts'
import { logLine } from './log.ts'
import { createService, type Service } from './service.ts'

const SWEEP_WINDOW_MS = 15 * 60_000

/** Another form of a certificate as JSON text, or why there is none. */
export type FormAnswer =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly code: ProblemCode }

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
    // What an earlier one appended, and could not say so any more.
    state.waitUntil(this.#service.sequencing.wake())
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

  /** Another signed form of a certificate. A reader that had to ask here also has it published again. */
  async form(certificateId: string, form: CertificateForm): Promise<FormAnswer> {
    try {
      const text = await certificateForm(this.#service.context(), certificateId, form)
      this.ctx.waitUntil(this.#publishForm(certificateId, form, text))
      return { ok: true, text }
    } catch (error) {
      if (error instanceof Refusal) return { ok: false, code: error.code }
      throw error
    }
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

  /** The index of the log entry with this leaf hash (hex); null when no published checkpoint covers one. */
  logIndex(leafHash: string): Promise<number | null> {
    return logPlace(this.#service.context(), leafHash)
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
    if (cron === CRONS.outbox) {
      await markDueStatusLists(ctx)
      await this.#service.backOffice.run()
    }
    if (cron === CRONS.hourly) {
      await ensureLog(ctx)
      await rotateSigningKeys(ctx)
      await expireIdempotencyRecords(ctx)
      await this.#runJobs(HOURLY)
    }
    if (cron === CRONS.nightly) await this.#runJobs(NIGHTLY)
    if (cron === CRONS.sweep) await sweep(ctx, new Date(ctx.now.getTime() - SWEEP_WINDOW_MS))
    await this.#service.publisher.publish()
    await this.#service.sequencing.run()
    await fillCompromisedIndexes(ctx)
    if (cron === CRONS.sweep) await this.#anchor(ctx)
    await this.#service.publisher.publish()
  }

  async #runJobs(jobs: readonly Job[]): Promise<void> {
    const { context, outside, backOffice } = this.#service
    await runJobs(jobs, context, outside, (job, error) => logLine('error', 'job failed', { job, error }))
    await backOffice.run()
  }

  /** Checkpoints that are in a block of the chain, oldest first. */
  anchors(): Promise<Anchor[]> {
    return listAnchors(this.#service.context())
  }

  /** Publishes what is marked by now: the sequencer has marked what its checkpoint covers. */
  publishMarked(): Promise<void> {
    return this.#service.publisher.publish()
  }

  /** The chain may be away for as long as it likes: anchors are made when it is back. */
  async #anchor(ctx: Context): Promise<void> {
    try {
      const chain = openAnchorChain(this.env)
      if (chain !== null) await anchorLog(ctx, chain)
    } catch (error) {
      logLine('warn', 'log not anchored', { error })
    }
  }

  async #publishForm(certificateId: string, form: CertificateForm, text: string): Promise<void> {
    try {
      await publishForm(createR2Store(this.env.TRUST_R2), certificateId, form, text)
    } catch (error) {
      logLine('warn', 'form not published', { form, error })
    }
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
