import { and, eq } from 'drizzle-orm'
import { billingAccounts, organisations } from '../../schema/tables/index.ts'
import type { Context, Transaction } from '../context.ts'
import type { PaymentRail } from './rail.ts'

/**
 * The organisation's customer at the rail; made there, and remembered, when there is none. Called outside of any transaction.
 *
 * @throws {RailUnavailable | RailRefused}
 */
export async function ensureAccount(
  ctx: Context,
  rail: PaymentRail,
  organisationId: string,
): Promise<string> {
  const known = await ctx.database.asSystem(async (tx) => ({
    customer: await findCustomer(tx, rail, organisationId),
    name: await organisationName(tx, organisationId),
  }))
  if (known.customer !== undefined) return known.customer
  const customer = await rail.ensureCustomer(ctx, { id: organisationId, name: known.name })
  return ctx.database.asSystem(async (tx) => {
    await tx
      .insert(billingAccounts)
      .values({ organisationId, rail: rail.name, customer, createdAt: ctx.now })
      .onConflictDoNothing()
    const stored = await findCustomer(tx, rail, organisationId)
    // The rail has given another organisation's customer: nothing may be billed to it.
    if (stored === undefined) throw new Error('the customer belongs to another organisation')
    return stored
  })
}

async function findCustomer(
  tx: Transaction,
  rail: PaymentRail,
  organisationId: string,
): Promise<string | undefined> {
  const [row] = await tx
    .select({ customer: billingAccounts.customer })
    .from(billingAccounts)
    .where(and(eq(billingAccounts.organisationId, organisationId), eq(billingAccounts.rail, rail.name)))
  return row?.customer
}

async function organisationName(tx: Transaction, organisationId: string): Promise<string> {
  const [row] = await tx
    .select({ name: organisations.name })
    .from(organisations)
    .where(eq(organisations.id, organisationId))
  return row!.name
}

/** The same, asked once for each organisation and rail of a batch. */
export function accountsOf(ctx: Context): (rail: PaymentRail, organisationId: string) => Promise<string> {
  const asked = new Map<string, Promise<string>>()
  return (rail, organisationId) => {
    const key = `${rail.name} ${organisationId}`
    const known = asked.get(key) ?? ensureAccount(ctx, rail, organisationId)
    asked.set(key, known)
    return known
  }
}
