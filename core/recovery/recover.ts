import { sql } from 'drizzle-orm'
import type { JWK } from 'jose'
import type { Transaction } from '../context.ts'
import { appendEvent } from '../log/append-event.ts'
import { STATUS_LIST_SIZE } from '../verify/status-list.ts'
import { applyEvents } from './events.ts'
import { recoverTrustRoot } from './keys.ts'
import { recoverLog } from './log.ts'
import type { PublishedSource } from './source.ts'
import { recoverStatusLists } from './status.ts'

/** What was brought back of the time between the backup and the restore. */
export interface Recovered {
  /** Entries of the log that the database had, and has now. */
  readonly logFrom: number
  readonly logTo: number
  readonly revokedCertificates: number
  readonly revokedApiKeys: number
  /** Bits of published status lists that the database lacked, beyond those of the revocations above. */
  readonly statusBits: number
  /** Whether the published trust root was newer. */
  readonly trustRoot: boolean
}

/** What may have been given in the lost time is skipped, however much that was. */
const SKIPPED: Readonly<Record<string, number>> = {
  publication_generation: 1_000_000_000,
  arc_number: 1_000,
}

/**
 * Brings a database that was restored from a backup up to what the network has published since. Run it before anything
 * is served: until then revoked certificates would look valid, and indices of the log and of status lists would be
 * given a second time.
 *
 * @param tx of the database's owner; everything happens in it, or nothing
 * @param pinned the public network root key
 * @throws {RecoveryFailed} when what is published is no continuation of this database
 */
export async function recover(
  tx: Transaction,
  source: PublishedSource,
  pinned: JWK,
  now: Date,
): Promise<Recovered> {
  let revokedCertificates = 0
  let revokedApiKeys = 0
  const log = await recoverLog(tx, source, async (entries) => {
    const applied = await applyEvents(tx, entries)
    revokedCertificates += applied.revokedCertificates
    revokedApiKeys += applied.revokedApiKeys
  })
  const root = await recoverTrustRoot(tx, source, pinned, now)
  const status = root === null ? { lists: 0, bits: 0 } : await recoverStatusLists(tx, source, root.trustRoot)
  const recovered: Recovered = {
    logFrom: log.from,
    logTo: log.to,
    revokedCertificates,
    revokedApiKeys,
    statusBits: status.bits,
    trustRoot: root?.recovered ?? false,
  }
  await skipGivenNumbers(tx, status.lists)
  await record(tx, recovered, now)
  return recovered
}

/**
 * Places in status lists are part of what is signed, and how many were given since is not known: new certificates begin
 * with a list that has never been used.
 */
async function skipGivenNumbers(tx: Transaction, publishedLists: number): Promise<void> {
  const lists = Math.floor((await next(tx, 'certificate_status_index')) / STATUS_LIST_SIZE) + 1
  await restart(tx, 'certificate_status_index', Math.max(lists, publishedLists) * STATUS_LIST_SIZE)
  for (const [sequence, skipped] of Object.entries(SKIPPED)) {
    await restart(tx, sequence, (await next(tx, sequence)) + skipped)
  }
}

async function next(tx: Transaction, sequence: string): Promise<number> {
  const [row] = await tx.execute<{ value: string }>(
    sql`SELECT last_value + is_called::int AS value FROM ${sql.identifier(sequence)}`,
  )
  return Number(row!.value)
}

/** Unlike setval it is undone with the transaction. */
async function restart(tx: Transaction, sequence: string, value: number): Promise<void> {
  await tx.execute(sql`ALTER SEQUENCE ${sql.identifier(sequence)} RESTART WITH ${sql.raw(String(value))}`)
}

/** A restore is an operator's act that everyone may see. */
async function record(tx: Transaction, recovered: Recovered, now: Date): Promise<void> {
  const { logFrom, logTo } = recovered
  const facts = { restored_at: now.toISOString(), log_from: logFrom, log_to: logTo }
  const details = { log_from: String(logFrom), log_to: String(logTo) }
  await appendEvent(tx, { type: 'network.restored', subject: 'network', facts, details }, now)
}
