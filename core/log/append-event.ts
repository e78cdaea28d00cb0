import type { Transaction } from '../context.ts'
import { canonicalBytes } from '../verify/canonical.ts'
import { sha256, toHex } from '../verify/encoding.ts'
import { type LogEntryType, makeLogEntry } from '../verify/log-entry.ts'
import { appendToLog } from './append.ts'

export interface LogEvent {
  readonly type: LogEntryType
  /** The id of what it is about; the entry has its hash. */
  readonly subject: string
  /** What whoever knows the subject can tell of the event, and check: the entry has the hash of its RFC 8785 form. */
  readonly facts: Readonly<Record<string, unknown>>
  /** What the entry says in clear. Nothing of a person, nothing secret: anyone may read it for ever. */
  readonly details?: Readonly<Record<string, string>>
}

/** Records an event that leaves no signed bytes of its own, in its transaction. */
export async function appendEvent(tx: Transaction, event: LogEvent, now: Date): Promise<void> {
  const { type, subject, facts, details } = event
  const digest = toHex(await sha256(canonicalBytes(facts)))
  await appendToLog(tx, await makeLogEntry(type, subject, now.toISOString(), digest, details), now)
}
