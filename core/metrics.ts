import { sql } from 'drizzle-orm'
import type { Context, Transaction } from './context.ts'

/** Beyond so many it is enough to know that there are that many: counting reads each of them. */
const MAX_COUNTED_PENDING = 1_000_000
/** The ones with the oldest tokens come first. */
const MAX_STATUS_LISTS = 1_000

/** What the database says of the network's state, for `/metrics`. Counts are of the planner where exactness costs. */
export interface NetworkGauges {
  readonly certificates: number
  readonly outboxDepth: number
  readonly outboxOldestSeconds: number
  readonly logEntries: number
  /** Entries that the newest signed checkpoint covers, and the newest published one. */
  readonly logSize: number
  readonly logPublishedSize: number
  /** Entries without a place in the log. */
  readonly logPending: number
  /** 1 when sequencing has stopped until somebody looks at it. */
  readonly logHalted: number
  /** Of the published checkpoint; 0 before there is one. */
  readonly logCheckpointAgeSeconds: number
  readonly activeKeyAgeSeconds: number
  readonly trustRootExpiresInSeconds: number
  /** What the newest nightly comparison of books and rows found, and how long ago; 0 before the first. */
  readonly reconciliationFindings: number
  readonly reconciliationAgeSeconds: number
  /** Claims that wait for a person. */
  readonly claimsInReview: number
  readonly payoutsPending: number
  /** 0 open, 1 restricted, 2 halted. */
  readonly breaker: number
}

/** The token of one status list, as it was last published. */
export interface StatusListGauges {
  readonly list: number
  readonly bytes: number
  readonly ageSeconds: number
}

export interface Gauges {
  readonly network: NetworkGauges
  readonly statusLists: readonly StatusListGauges[]
}

export function readGauges(ctx: Context): Promise<Gauges> {
  return ctx.database.asSystem(async (tx) => {
    const [network, statusLists] = await Promise.all([readNetwork(tx), readStatusLists(tx)])
    return { network, statusLists }
  })
}

async function readNetwork(tx: Transaction): Promise<NetworkGauges> {
  const [row] = await tx.execute<Record<keyof NetworkGauges, string | null>>(sql`
    SELECT
      (SELECT coalesce(max(position), 0) FROM certificates) AS "certificates",
      (SELECT count(*) FROM outbox) AS "outboxDepth",
      (SELECT coalesce(extract(epoch FROM now() - min(marked_at)), 0) FROM outbox) AS "outboxOldestSeconds",
      (SELECT coalesce(max(id), 0) FROM log_entries) AS "logEntries",
      (SELECT size FROM logs) AS "logSize",
      (SELECT published_size FROM logs) AS "logPublishedSize",
      (SELECT count(*) FROM (SELECT FROM log_entries WHERE leaf_index IS NULL LIMIT ${MAX_COUNTED_PENDING}) AS pending)
        AS "logPending",
      (SELECT CASE WHEN halted IS NULL THEN 0 ELSE 1 END FROM logs) AS "logHalted",
      (SELECT extract(epoch FROM now() - published_at) FROM logs) AS "logCheckpointAgeSeconds",
      (SELECT extract(epoch FROM now() - activated_at) FROM signing_keys WHERE livemode AND state = 'active')
        AS "activeKeyAgeSeconds",
      (SELECT extract(epoch FROM max(expires_at) - now()) FROM trust_roots) AS "trustRootExpiresInSeconds",
      (SELECT jsonb_array_length(findings) FROM reconciliations ORDER BY id DESC LIMIT 1) AS "reconciliationFindings",
      (SELECT extract(epoch FROM now() - at) FROM reconciliations ORDER BY id DESC LIMIT 1) AS "reconciliationAgeSeconds",
      (SELECT count(*) FROM insurance_claims WHERE status IN ('in_review', 'disputed')) AS "claimsInReview",
      (SELECT count(*) FROM payouts WHERE state = 'pending') AS "payoutsPending",
      (SELECT array_position(ARRAY['open', 'restricted', 'halted'], breaker) - 1 FROM insurance_state) AS "breaker"`)
  const gauge = (name: keyof NetworkGauges) => Number(row?.[name] ?? 0)
  return {
    certificates: gauge('certificates'),
    outboxDepth: gauge('outboxDepth'),
    outboxOldestSeconds: gauge('outboxOldestSeconds'),
    logEntries: gauge('logEntries'),
    logSize: gauge('logSize'),
    logPublishedSize: gauge('logPublishedSize'),
    logPending: gauge('logPending'),
    logHalted: gauge('logHalted'),
    logCheckpointAgeSeconds: gauge('logCheckpointAgeSeconds'),
    activeKeyAgeSeconds: gauge('activeKeyAgeSeconds'),
    trustRootExpiresInSeconds: gauge('trustRootExpiresInSeconds'),
    reconciliationFindings: gauge('reconciliationFindings'),
    reconciliationAgeSeconds: gauge('reconciliationAgeSeconds'),
    claimsInReview: gauge('claimsInReview'),
    payoutsPending: gauge('payoutsPending'),
    breaker: gauge('breaker'),
  }
}

async function readStatusLists(tx: Transaction): Promise<StatusListGauges[]> {
  const rows = await tx.execute<Record<keyof StatusListGauges, string>>(sql`
    SELECT list, bytes, extract(epoch FROM now() - issued_at) AS "ageSeconds"
    FROM status_list_tokens ORDER BY issued_at LIMIT ${MAX_STATUS_LISTS}`)
  return rows.map((row) => ({
    list: Number(row.list),
    bytes: Number(row.bytes),
    ageSeconds: Number(row.ageSeconds),
  }))
}
