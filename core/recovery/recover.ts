import { sql } from 'drizzle-orm'
import type { JWK } from 'jose'
import type { Transaction } from '../context.ts'
import { appendEvent } from '../log/append-event.ts'
import { STATUS_LIST_SIZE } from '../verify/status-list.ts'
import { applyEvents, entriesOf } from './events.ts'
import { recoverTrustRoot } from './keys.ts'
import { recoverLog } from './log.ts'
import { takeAsBegun } from './payments.ts'
import type { PublishedSource } from './source.ts'
import { recoverStatusLists } from './status.ts'

/** What was brought back of the time between the backup and the restore. */
export interface Recovered {
  /** Entries of the log that the database had, and has now. */
  readonly logFrom: number
  readonly logTo: number
  readonly revokedCertificates: number
  readonly revokedApiKeys: number
  /** Signing keys that the log says are compromised, and the database did not. */
  readonly compromisedKeys: number
  /** Bits of published status lists that the database lacked, beyond those of the revocations above. */
  readonly statusBits: number
  /** Published status lists that the network did not sign, or not as that list. */
  readonly refusedStatusLists: number
  /** Whether the published trust root was newer. */
  readonly trustRoot: boolean
}

/** What may have been given in the lost time is skipped, however much that was. */
const SKIPPED: Readonly<Record<string, number>> = {
  publication_generation: 1_000_000_000,
  arc_number: 1_000,
}
const SKIPPED_STATUS_VERSIONS = 1_000_000_000

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
  const lost = { revokedCertificates: 0, revokedApiKeys: 0, compromisedKeys: 0, issued: 0 }
  const log = await recoverLog(tx, source, now, async (entries) => {
    const applied = await applyEvents(tx, entries)
    lost.revokedCertificates += applied.revokedCertificates
    lost.revokedApiKeys += applied.revokedApiKeys
    lost.compromisedKeys += applied.compromisedKeys
    lost.issued += entriesOf(entries, 'certificate.issued').length
  })
  const root = await recoverTrustRoot(tx, source, pinned, now)
  const status = root === null ? null : await recoverStatusLists(tx, source, root.trustRoot)
  const { issued, ...takenAway } = lost
  const recovered: Recovered = {
    logFrom: log.from,
    logTo: log.to,
    ...takenAway,
    statusBits: status?.bits ?? 0,
    refusedStatusLists: status?.refused ?? 0,
    trustRoot: root?.recovered ?? false,
  }
  await skipGivenNumbers(tx, { issued, publishedLists: status?.lists ?? 0 })
  await takeAsBegun(tx)
  await record(tx, recovered, now)
  return recovered
}

/**
 * Places in status lists are part of what is signed, and how many were given since is not known but for those that the
 * log tells of: new certificates begin with a list that has never been used.
 */
async function skipGivenNumbers(
  tx: Transaction,
  given: { issued: number; publishedLists: number },
): Promise<void> {
  const position = (await next(tx, 'certificate_status_index')) + given.issued
  const lists = Math.max(Math.floor(position / STATUS_LIST_SIZE) + 1, given.publishedLists)
  await restart(tx, 'certificate_status_index', lists * STATUS_LIST_SIZE)
  await skipVersions(tx, lists)
  for (const [sequence, skipped] of Object.entries(SKIPPED)) {
    await restart(tx, sequence, (await next(tx, sequence)) + skipped)
  }
}

/** Whoever holds a list's bits asks only for another version: one must not come again with other bits. */
async function skipVersions(tx: Transaction, lists: number): Promise<void> {
  const emptyBits = new Uint8Array(STATUS_LIST_SIZE / 8)
  await tx.execute(sql`
    INSERT INTO status_lists (id, bits, version)
    SELECT list, ${emptyBits}, ${SKIPPED_STATUS_VERSIONS}::bigint FROM generate_series(0, ${lists - 1}::integer) AS list
    ON CONFLICT (id) DO UPDATE SET version = status_lists.version + excluded.version`)
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
