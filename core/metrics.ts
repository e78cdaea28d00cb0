import { sql } from 'drizzle-orm'
import type { Context } from './context.ts'

/** What the database says of the network's state, for `/metrics`. Counts are of the planner where exactness costs. */
export interface NetworkGauges {
  readonly certificates: number
  readonly outboxDepth: number
  readonly outboxOldestSeconds: number
  readonly logEntries: number
  readonly activeKeyAgeSeconds: number
  readonly trustRootExpiresInSeconds: number
}

export async function readGauges(ctx: Context): Promise<NetworkGauges> {
  const [row] = await ctx.database.asSystem((tx) =>
    tx.execute<Record<keyof NetworkGauges, string | null>>(sql`
      SELECT
        (SELECT coalesce(max(position), 0) FROM certificates) AS "certificates",
        (SELECT count(*) FROM outbox) AS "outboxDepth",
        (SELECT coalesce(extract(epoch FROM now() - min(marked_at)), 0) FROM outbox) AS "outboxOldestSeconds",
        (SELECT coalesce(max(id), 0) FROM log_entries) AS "logEntries",
        (SELECT extract(epoch FROM now() - activated_at) FROM signing_keys WHERE livemode AND state = 'active')
          AS "activeKeyAgeSeconds",
        (SELECT extract(epoch FROM max(expires_at) - now()) FROM trust_roots) AS "trustRootExpiresInSeconds"`),
  )
  const gauge = (name: keyof NetworkGauges) => Number(row?.[name] ?? 0)
  return {
    certificates: gauge('certificates'),
    outboxDepth: gauge('outboxDepth'),
    outboxOldestSeconds: gauge('outboxOldestSeconds'),
    logEntries: gauge('logEntries'),
    activeKeyAgeSeconds: gauge('activeKeyAgeSeconds'),
    trustRootExpiresInSeconds: gauge('trustRootExpiresInSeconds'),
  }
}
