import { eq } from 'drizzle-orm'
import { LOG_ID, logs } from '../../schema/tables/index.ts'
import type { Transaction } from '../context.ts'

/** The log as the database has it. */
export type Log = typeof logs.$inferSelect

/** Why sequencing has stopped: what `logs.halted` says. */
export type HaltReason =
  /** The published checkpoint covers more than the database ever signed: the database is older than what was published. */
  | 'published_is_newer'
  /** It has another root than the tree of its size: a fork. */
  | 'published_differs'
  /** It is signed by another key, or not at all. */
  | 'published_by_another'
  /** It is no checkpoint. */
  | 'published_unreadable'

/** Thrown where going on could publish a second history. It needs somebody to look at it. */
export class LogHalted extends Error {
  readonly reason: string

  constructor(reason: string) {
    super(`the log is halted: ${reason}`)
    this.name = 'LogHalted'
    this.reason = reason
  }
}

/** @returns undefined before the log is made */
export async function readLog(tx: Transaction): Promise<Log | undefined> {
  const [log] = await tx.select().from(logs).where(eq(logs.id, LOG_ID))
  return log
}

/** The same, and nobody else changes it before this transaction is over. */
export async function lockLog(tx: Transaction): Promise<Log | undefined> {
  const [log] = await tx.select().from(logs).where(eq(logs.id, LOG_ID)).for('update')
  return log
}
