import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import { billingEvents } from '../../schema/tables/index.ts'
import type { Context, Transaction } from '../context.ts'
import { fromCents, maximum, toCents } from '../money.ts'

type BillingEvent = typeof billingEvents.$inferInsert

interface Refund {
  readonly policyId: string
  readonly organisationId: string
  /** The part that goes to what the customer owes: it will be billed less. Micro-USD, whole cents. */
  readonly owed: bigint
  /** The part that becomes the customer's credit. */
  readonly credited: bigint
}

/** Has the rail told, later, what a cancelled or voided policy gives back. To be called in the transaction of its journal. */
export async function refundAtRail(ctx: Context, tx: Transaction, refund: Refund): Promise<void> {
  const { policyId, organisationId, owed, credited } = refund
  await queue(ctx, tx, [
    { id: `refund/${policyId}`, organisationId, kind: 'premium', amount: -owed },
    { id: `refund_credit/${policyId}`, organisationId, kind: 'credit', amount: credited },
  ])
}

/**
 * What the bill of this month has for the customer so far, micro-USD, never negative. A refund may make that bill smaller, and no
 * other: earlier months are billed whole whatever comes later, and what is billed already is paid as it is.
 */
export async function onBillOfMonth(ctx: Context, tx: Transaction, organisationId: string): Promise<bigint> {
  const month = new Date(Date.UTC(ctx.now.getUTCFullYear(), ctx.now.getUTCMonth())).toISOString()
  const [row] = await tx
    .select({ sum: sql<string>`coalesce(sum(${billingEvents.amount}), 0)::text` })
    .from(billingEvents)
    .where(
      and(
        eq(billingEvents.organisationId, organisationId),
        inArray(billingEvents.kind, ['premium', 'certificates']),
        isNull(billingEvents.invoiceId),
        sql`${billingEvents.occurredAt} >= ${month}::timestamptz`,
      ),
    )
  return maximum(0n, BigInt(row!.sum))
}

/**
 * Has the rail take back, later, what a reversed claim had added to the customer's credit.
 *
 * @param reversal.fromCredit the part that the credit still covers: `customer_credit` of the reversal's journal
 */
export async function takeBackAtRail(
  ctx: Context,
  tx: Transaction,
  reversal: { readonly claimId: string; readonly organisationId: string; readonly fromCredit: bigint },
): Promise<void> {
  const { claimId, organisationId, fromCredit } = reversal
  await queue(ctx, tx, [{ id: `reversal/${claimId}`, organisationId, kind: 'debit', amount: fromCredit }])
}

type Adjustment = Pick<BillingEvent, 'id' | 'organisationId' | 'kind' | 'amount'>

/** Rails know whole cents alone. */
async function queue(ctx: Context, tx: Transaction, adjustments: readonly Adjustment[]): Promise<void> {
  const rows = adjustments
    .map((adjustment) => ({ ...adjustment, amount: fromCents(toCents(adjustment.amount)) }))
    .filter(({ amount }) => amount !== 0n)
    .map(
      (adjustment): BillingEvent => ({
        ...adjustment,
        occurredAt: ctx.now,
        state: 'pending',
        nextAttemptAt: ctx.now,
      }),
    )
  if (rows.length > 0) await tx.insert(billingEvents).values(rows).onConflictDoNothing()
}
