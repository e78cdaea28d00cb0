import type { ArcEntry } from './entry.ts'

/** Failure patterns of databases, caches, migrations and number formats. */
export const ENTRIES_DATA: readonly ArcEntry[] = [
  {
    id: 'ARC-2026-016',
    slug: 'cache-stampede',
    title: 'Cache stampede on expiry',
    severity: 'high',
    description:
      'Many requests find a popular cache entry expired at the same moment, and each of them computes it ' +
      'anew. The database suddenly gets the full load that the cache was there to keep away. If the ' +
      'computation then takes longer than the entry lives, the system does not recover by itself.',
    mitigation:
      'Let one caller compute the value while others wait for it or get the old one. Refresh popular ' +
      'entries before they expire, and add jitter to the lifetimes. Check that the database survives an ' +
      'empty cache.',
    incident_count: 0,
  },
  {
    id: 'ARC-2026-017',
    slug: 'unbounded-cache',
    title: 'In-memory cache without a limit',
    severity: 'high',
    description:
      'Results are kept in a map that nothing is ever removed from, under keys that users can choose. ' +
      'Memory grows with each new key until the process slows down in garbage collection and is killed. ' +
      'The restart hides the cause, and it happens again after as many requests.',
    mitigation:
      'Use a cache with a maximum size and a lifetime, and remove the least recently used. Count entries ' +
      'and bytes. Do not derive keys from unchecked input.',
    incident_count: 0,
    cwe: ['CWE-770'],
  },
  {
    id: 'ARC-2026-018',
    slug: 'cache-key-without-tenant',
    title: 'Cache key without the tenant or user',
    severity: 'critical',
    description:
      "The cached result depends on who asks, but the key does not say who. The first tenant's answer is " +
      'given to all others until it expires. It shows private data to strangers, seldom in tests, which ' +
      'have one tenant, and mostly in production.',
    mitigation:
      'Put all that the result depends on into the key: tenant, user or role, language, version. Build ' +
      'keys in one place that requires the tenant. Mark personal HTTP responses as private, and test with ' +
      'two tenants asking one after the other.',
    incident_count: 0,
    cwe: ['CWE-524', 'CWE-488'],
  },
  {
    id: 'ARC-2026-019',
    slug: 'stale-replica-read',
    title: 'Reading from a replica right after writing',
    severity: 'medium',
    description:
      'A value is written to the primary database and read back from a replica, which lags behind by ' +
      'milliseconds or, under load, minutes. The old value is shown, cached or used for a decision: ' +
      'customers repeat their orders, limits are exceeded, a new row is not found.',
    mitigation:
      'Read what was just written from the primary, or use what the write returned. Where replicas must ' +
      'be used, wait until they have reached the position of the write. Keep decisions about money and ' +
      'limits in one transaction on the primary.',
    incident_count: 0,
  },
  {
    id: 'ARC-2026-020',
    slug: 'locking-migration',
    title: 'Migration that locks a busy table',
    severity: 'critical',
    description:
      'A schema change takes an exclusive lock on a busy table: a column changes its type, an index is ' +
      'built without `CONCURRENTLY`, a constraint is validated at once. While it waits for the lock and ' +
      'while it works, all queries on the table queue up behind it. The site is down for as long as a ' +
      'table of that size takes.',
    mitigation:
      'Build indexes concurrently, add constraints as not validated and validate them later, and change ' +
      'types by way of a new column. Set a short lock timeout, and repeat the migration when it expires. ' +
      'Try it on a copy with as many rows as production.',
    incident_count: 0,
  },
  {
    id: 'ARC-2026-021',
    slug: 'backfill-in-one-transaction',
    title: 'Whole-table backfill in one transaction',
    severity: 'high',
    description:
      'A migration updates every row of a large table in a single transaction. The row locks stay until ' +
      "the end, writers wait or fail, replicas fall behind and the database's log and dead rows fill the " +
      'disk. If it fails near the end, all of it is undone, which takes as long again.',
    mitigation:
      "Fill in small batches by key, each in its own transaction, with a pause that follows the replicas' " +
      'lag. Make the job resumable and safe to run twice. Keep it apart from the migration that changes ' +
      'the schema.',
    incident_count: 0,
  },
  {
    id: 'ARC-2026-022',
    slug: 'drop-column-in-use',
    title: 'Column removed or renamed while code reads it',
    severity: 'high',
    description:
      'A migration drops or renames what running instances still use. During a rolling deployment the old ' +
      'code fails on each query that names the column, and a rollback of the code no longer works. ' +
      'Dropped data are gone.',
    mitigation:
      'Change in steps: add the new column, write both, move the data, read the new one, and only in a ' +
      'later release remove the old one. Before dropping it, make sure that no query names it any more. ' +
      'Keep a backup of what is dropped.',
    incident_count: 0,
  },
  {
    id: 'ARC-2026-023',
    slug: 'n-plus-one-queries',
    title: 'N + 1 queries in a loop',
    severity: 'medium',
    description:
      'A list is loaded with one query, and then each of its rows with another. It is fast with ten rows ' +
      'in a test, and hundreds of round trips in production, each of which holds a connection. The page ' +
      "gets slower with each customer's success, and the database spends its time on small queries.",
    mitigation:
      'Load the related rows with a join or one query over all keys. Use the eager loading of the mapper, ' +
      'or a batching loader in resolvers. Count the queries of a request in tests, and fail above a ' +
      'limit.',
    incident_count: 0,
  },
  {
    id: 'ARC-2026-024',
    slug: 'unbounded-select',
    title: 'List query without a limit',
    severity: 'high',
    description:
      'An endpoint returns all matching rows, however many there are. It works until one customer has a ' +
      'million of them: then the query, the memory of the process and the response all grow with the ' +
      'data. A few such requests at once take the service down, and anybody may send them.',
    mitigation:
      'Page with a key and a maximum size that the server enforces, also when the client asks for more. ' +
      'Give internal queries a limit, too. Set a statement timeout as the last resort.',
    incident_count: 0,
    cwe: ['CWE-770'],
  },
  {
    id: 'ARC-2026-025',
    slug: 'whole-result-in-memory',
    title: 'Whole file or result read into memory',
    severity: 'high',
    description:
      'A file, an upload or the result of a query is loaded completely before it is worked on, often in ' +
      'several copies. Memory follows the largest input: one large export or import ends the process and ' +
      'all that it was doing.',
    mitigation:
      'Stream: read rows by cursor, files by chunks, and write the output as it arises. Limit the size of ' +
      'uploads before reading them. Run very large exports as a job of their own.',
    incident_count: 0,
    cwe: ['CWE-770'],
  },
  {
    id: 'ARC-2026-026',
    slug: 'offset-pagination-scan',
    title: 'Pagination by offset through a large table',
    severity: 'low',
    description:
      'Each page is fetched with a growing offset, for which the database reads and throws away all the ' +
      'rows before it. Walking through the table costs the square of its size, and late pages run into ' +
      'timeouts. Rows that are added or removed meanwhile are skipped or seen twice.',
    mitigation:
      'Page by key: order by a unique, indexed column and ask for what comes after the last one seen. ' +
      'Where page numbers are wanted, limit how far they go. Do not count all rows for each page.',
    incident_count: 0,
  },
  {
    id: 'ARC-2026-027',
    slug: 'dual-write-without-outbox',
    title: 'Database and queue written without an outbox',
    severity: 'high',
    description:
      'A change is stored in the database and announced to a queue, index or cache in a second, separate ' +
      'step. A crash or failure between the two leaves them different: an order that nobody ships, or a ' +
      'message about an order that was rolled back. Nothing repairs it afterwards.',
    mitigation:
      'Write the message into an outbox table in the same transaction, and let a separate process publish ' +
      "it, at least once. Or derive it from the database's change log. Make the receivers idempotent, and " +
      'reconcile regularly.',
    incident_count: 0,
  },
  {
    id: 'ARC-2026-028',
    slug: 'connection-leak',
    title: 'Connection that is not released on every path',
    severity: 'high',
    description:
      'A connection, statement, cursor or response body is released on the ordinary way only. An early ' +
      'return or an exception leaves it taken. Errors so use up the pool one by one, until every request ' +
      'waits for a connection that never comes and only a restart helps.',
    mitigation:
      'Take and release in one construct that covers all ways out: `try`/`finally`, `with`, `defer`, ' +
      'try-with-resources. Use one pool for the process instead of a connection for each call. Set a ' +
      'limit on the wait for a connection, and watch how many are taken.',
    incident_count: 0,
    cwe: ['CWE-772'],
  },
  {
    id: 'ARC-2026-029',
    slug: 'float-money',
    title: 'Money in floating-point numbers',
    severity: 'high',
    description:
      'Amounts are kept and computed in binary floating point, which cannot represent most decimal ' +
      'fractions. Sums are off by a cent, rounding goes astray, comparisons with zero fail and accounts ' +
      'do not balance. The errors are small, many, and found in the audit.',
    mitigation:
      'Keep amounts as integers in the smallest unit or as decimals with a fixed scale, in the code, in ' +
      'the database and in JSON. Round once, by a written rule, and give the rest of a division to ' +
      'somebody. Never compare amounts that were computed in floating point.',
    incident_count: 0,
    cwe: ['CWE-682'],
  },
  {
    id: 'ARC-2026-030',
    slug: 'id-truncation',
    title: 'Identifier or count that outgrows its type',
    severity: 'high',
    description:
      'A 64-bit identifier, size or time is put into a type that cannot hold it: a 32-bit integer, or a ' +
      'JavaScript number beyond 2^53. It works until the sequence gets there. Then inserts fail, values ' +
      'turn negative, or two different rows get the same identifier.',
    mitigation:
      'Use 64-bit columns for identifiers from the start, and strings for them in JSON and in JavaScript. ' +
      'Convert with functions that fail on overflow. Alarm when a sequence has used half of its range.',
    incident_count: 0,
    cwe: ['CWE-190', 'CWE-681'],
  },
]
