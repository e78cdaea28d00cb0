import type { outbox } from '../../../schema/tables/index.ts'
import type { Context, Transaction } from '../../context.ts'
import type { Stores } from '../store.ts'

/** What says that one entity is to be published, as it was when it was taken up. */
export type Mark = Pick<typeof outbox.$inferSelect, 'kind' | 'entityId' | 'generation'>

/** Puts one entity where readers look for it; a rejection leaves its mark for later. */
export type Put = (ctx: Context, stores: Stores) => Promise<unknown>

/**
 * Says how entities of one kind are published, in the order of their marks. What `tx` reads is read for all of them at
 * once; what takes time, such as signing, is left to the puts, which run when the transaction is over.
 *
 * @returns null for an entity of which nothing is published: its mark is cleared
 */
export type Render = (tx: Transaction, marks: readonly Mark[]) => Promise<readonly (Put | null)[]>
