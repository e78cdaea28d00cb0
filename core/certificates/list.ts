import { and, desc, eq, getTableColumns, lt, sql } from 'drizzle-orm'
import { certificates } from '../../schema/tables/index.ts'
import type { Actor, Context } from '../context.ts'
import { decodePosition, encodePosition } from '../paging.ts'
import { includedLog, pendingLog } from '../verify/log-entry.ts'
import { certificateText } from '../verify/present.ts'
import { describeSignature } from './issue.ts'

/**
 * The organisation's own certificates, newest first, each as `GET /v1/trust/certs/{id}` serves it.
 *
 * @param cursor `next_cursor` of the page before
 * @returns JSON text: the signed texts go through as they are
 * @throws {Refusal} `invalid_cursor`
 */
export async function listCertificates(
  ctx: Context,
  actor: Actor,
  page: { limit: number; cursor?: string | undefined },
): Promise<string> {
  const before = page.cursor === undefined ? undefined : decodePosition(page.cursor)
  const rows = await ctx.database.asOrganisation(actor.organisationId, (tx) =>
    tx
      .select({ ...getTableColumns(certificates), logIndex: LOG_INDEX })
      .from(certificates)
      .where(
        and(
          eq(certificates.organisationId, actor.organisationId),
          eq(certificates.livemode, actor.livemode),
          before === undefined ? undefined : lt(certificates.position, before),
        ),
      )
      .orderBy(desc(certificates.position))
      .limit(page.limit + 1),
  )
  const shown = rows.slice(0, page.limit)
  const last = shown.at(-1)
  const nextCursor = rows.length > page.limit && last?.position != null ? encodePosition(last.position) : null
  const data = shown.map((row) => present(ctx, row)).join(',')
  return `{"data":[${data}],"next_cursor":${JSON.stringify(nextCursor)}}`
}

const LOG_INDEX = sql<string | null>`log_place(${certificates.leafHash})`

type Row = typeof certificates.$inferSelect & { readonly logIndex: string | null }

function present(ctx: Context, row: Row): string {
  const expired = row.expiresAt.getTime() <= ctx.now.getTime()
  const status = row.revokedAt !== null ? 'revoked' : expired ? 'expired' : 'valid'
  const signature = describeSignature(row.keyId, row.signature)
  const { logIndex } = row
  const log = logIndex === null ? pendingLog(row.leafHash) : includedLog(row.leafHash, Number(logIndex))
  return certificateText(new TextDecoder().decode(row.signed), signature, status, log)
}
