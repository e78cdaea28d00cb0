import { desc } from 'drizzle-orm'
import { breakerEvents } from '../../schema/tables/index.ts'
import type { BreakerDocument } from '../../schema/wire/insurance.ts'
import type { Context, Transaction } from '../context.ts'
import { bookFigures } from '../ledger/balances.ts'
import { figuresOf, readState } from './breaker.ts'
import { describeBreaker } from './describe-breaker.ts'

const MAX_HISTORY = 50

/** State, figures and history of the circuit breaker, for operators. */
export function readBreaker(ctx: Context): Promise<BreakerDocument> {
  return ctx.database.asSystem(async (tx) => {
    const state = await readState(tx)
    if (state === undefined) throw new Error('the books are not open')
    const figures = figuresOf(ctx, await bookFigures(tx), state)
    return describeBreaker(state, figures, await readHistory(tx))
  })
}

/** The latest changes, newest first. */
export function readHistory(tx: Transaction) {
  return tx.select().from(breakerEvents).orderBy(desc(breakerEvents.id)).limit(MAX_HISTORY)
}
