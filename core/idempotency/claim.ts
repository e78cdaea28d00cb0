import { type SQL, sql } from 'drizzle-orm'
import { idempotencyRecords } from '../../schema/tables/index.ts'
import type { Actor, Context, Transaction } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { compile, insertFrom } from '../statement.ts'
import { sha256, toHex, utf8 } from '../verify/encoding.ts'

export const IDEMPOTENCY_LIFETIME_DAYS = 7
const KEY_PATTERN = /^[\x21-\x7e]{1,255}$/

/** What a mutation answers; `body` is JSON text. */
export interface Answer {
  readonly status: number
  readonly body: string
}

export interface IdempotencyRequest {
  /** Method and route pattern, such as `POST /v1/keys`, with the ids that are in the path. */
  readonly route: string
  /** The `Idempotency-Key` header, if any. */
  readonly key: string | undefined
  readonly rawBody: Uint8Array<ArrayBuffer>
}

/** Given to a command, which settles it together with its change: the answer is stored exactly if the change is. */
export interface Claim {
  /** @param answer what a replay will see; never with a secret in it */
  settle(tx: Transaction, answer: Answer): Promise<void>
  /** What to store, for {@link settlement} as a part of a larger statement; null if the request has no key. */
  record(answer: Answer): ClaimRecord | null
}

export interface ClaimRecord {
  readonly row: typeof idempotencyRecords.$inferInsert
  /** Names the key among all organisations. */
  readonly lock: string
}

/**
 * Does `work` at most once per organisation, mode, route and key. The same key and body again gets the stored answer.
 *
 * @throws {Refusal} `idempotency_key_reused` for the same key with another body, `request_in_progress` while the
 *   first is still at it, `invalid_idempotency_key`
 */
export async function once(
  ctx: Context,
  actor: Actor,
  request: IdempotencyRequest,
  work: (claim: Claim) => Promise<Answer>,
): Promise<Answer & { replayed: boolean }> {
  const { key } = request
  // Test and live are two worlds: one's answer is no replay of the other's.
  const route = actor.livemode ? request.route : `test ${request.route}`
  if (key === undefined) return { ...(await work(UNCLAIMED)), replayed: false }
  if (!KEY_PATTERN.test(key)) {
    throw new Refusal('invalid_idempotency_key', { detail: 'Use 1 to 255 printable ASCII characters.' })
  }
  const bodyHash = await sha256(request.rawBody)
  const claim = makeClaim(ctx, actor, route, key, bodyHash)
  try {
    return { ...(await work(claim)), replayed: false }
  } catch (error) {
    // Most requests are first: only one that fails asks whether it was done before. Nothing was committed here.
    const earlier = await recall(ctx, actor, route, key, bodyHash)
    if (earlier !== null) return { ...earlier, replayed: true }
    throw error instanceof NotFirst ? new Refusal('request_in_progress') : error
  }
}

/** Of a request without a key. */
export const UNCLAIMED: Claim = { settle: async () => {}, record: () => null }

/** Thrown where nothing is committed any more, when another request with this key was first. */
export class NotFirst extends Error {}

interface Stored extends Record<string, unknown> {
  readonly request_sha256: Uint8Array
  readonly response_status: number
  readonly response_body: Uint8Array
}

const RECALL = compile<{ organisationId: string; route: string; key: string }>(sql`
  SELECT * FROM recall_idempotent(${sql.placeholder('organisationId')}, ${sql.placeholder('route')}, ${sql.placeholder('key')})`)

async function recall(ctx: Context, actor: Actor, route: string, key: string, bodyHash: Uint8Array) {
  const { organisationId } = actor
  const [row] = await ctx.database.direct<Stored>(RECALL({ organisationId, route, key }))
  if (row === undefined) return null
  if (toHex(row.request_sha256) !== toHex(bodyHash)) throw new Refusal('idempotency_key_reused')
  return { status: row.response_status, body: new TextDecoder().decode(row.response_body) }
}

function makeClaim(ctx: Context, actor: Actor, route: string, key: string, bodyHash: Uint8Array): Claim {
  const { organisationId } = actor
  const record = (answer: Answer): ClaimRecord => ({
    row: {
      organisationId,
      route,
      key,
      requestSha256: bodyHash,
      responseStatus: answer.status,
      responseBody: utf8(answer.body),
      createdAt: ctx.now,
    },
    lock: `${organisationId} ${route} ${key}`,
  })
  const settle = async (tx: Transaction, answer: Answer) => {
    const inserted = await tx.execute(settlement(record(answer), sql`(SELECT) AS always`))
    if (inserted.length === 0) throw new NotFirst()
  }
  return { settle, record }
}

/**
 * A query with one row if this request is the first with its key and `source` has one; with none otherwise. The lock
 * makes a second request fail at once, where an insert would wait for the first one's commit.
 *
 * @param record values, or slots for them
 * @param source a part of a `FROM` clause with at most one row
 */
export function settlement(record: { row: object; lock: unknown }, source: SQL): SQL {
  return sql`
    ${insertFrom(idempotencyRecords, record.row, source)}
    WHERE pg_try_advisory_xact_lock(hashtextextended(${record.lock}, 0))
    ON CONFLICT DO NOTHING
    RETURNING 1`
}
