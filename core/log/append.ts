import { logEntries } from '../../schema/tables/index.ts'
import type { Transaction } from '../context.ts'
import type { LogEntry } from '../verify/log-entry.ts'

/** Records `entry` in the transaction of the event that it tells of: neither can exist without the other. */
export async function appendToLog(tx: Transaction, entry: LogEntry, now: Date): Promise<void> {
  await tx.insert(logEntries).values(logEntryRow(entry, now))
}

/** For those who insert it as a part of a larger statement. */
export function logEntryRow(entry: LogEntry, now: Date): typeof logEntries.$inferInsert {
  return { entry: entry.bytes, leafHash: entry.leafHash, createdAt: now }
}
