import { desc, lt } from 'drizzle-orm'
import { reconciliations } from '../../schema/tables/index.ts'
import type { ReconciliationDocument, ReconciliationListDocument } from '../../schema/wire/ledger.ts'
import type { Context } from '../context.ts'
import { decodePosition, encodePosition } from '../paging.ts'

/**
 * What reconciliations found, newest first.
 *
 * @param page.cursor `next_cursor` of the page before
 * @throws {Refusal} `invalid_cursor`
 */
export async function listReconciliations(
  ctx: Context,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<ReconciliationListDocument> {
  const before = page.cursor === undefined ? undefined : Number(decodePosition(page.cursor))
  const rows = await ctx.database.asSystem((tx) =>
    tx
      .select()
      .from(reconciliations)
      .where(before === undefined ? undefined : lt(reconciliations.id, before))
      .orderBy(desc(reconciliations.id))
      .limit(page.limit + 1),
  )
  const shown = rows.slice(0, page.limit)
  const more = rows.length > shown.length
  return {
    data: shown.map(describeReconciliation),
    next_cursor: more ? encodePosition(BigInt(shown.at(-1)!.id)) : null,
  }
}

export function describeReconciliation(row: typeof reconciliations.$inferSelect): ReconciliationDocument {
  return {
    id: row.id,
    at: row.at.toISOString(),
    checks: row.checks,
    findings: row.findings as ReconciliationDocument['findings'],
  }
}
