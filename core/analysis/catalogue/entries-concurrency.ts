import type { ArcEntry } from './entry.ts'

/** Failure patterns of locks, transactions and shared state. */
export const ENTRIES_CONCURRENCY: readonly ArcEntry[] = [
  {
    id: 'ARC-2026-031',
    slug: 'check-then-act',
    title: 'Check and action that are not one step',
    severity: 'high',
    description:
      'The code looks whether something exists or is free, and then acts on the answer in a separate ' +
      'step. Two requests at the same time both see it free, and both act: two accounts with one address, ' +
      'a seat sold twice, a coupon redeemed too often. It seldom shows in tests, and does under load.',
    mitigation:
      'Let one atomic operation decide: a unique constraint with the conflict handled, a conditional ' +
      'update, `SET NX`, creating the file exclusively. Where that is impossible, lock the row or key ' +
      'before checking. Test it with concurrent requests.',
    incident_count: 0,
    cwe: ['CWE-367'],
  },
  {
    id: 'ARC-2026-032',
    slug: 'read-modify-write',
    title: 'Lost update by read, modify and write',
    severity: 'high',
    description:
      'A value is read, changed in the program and written back, without a lock or a check that it is ' +
      'still the same. Of two concurrent changes one is lost: stock is oversold, a balance is wrong, a ' +
      'number is given twice. No error is raised.',
    mitigation:
      'Let the database do the arithmetic (`SET stock = stock - 1 WHERE stock >= 1`), or compare a ' +
      'version on writing and repeat on conflict. Lock the row when several values depend on each other. ' +
      'Use the atomic increments of caches and counters.',
    incident_count: 0,
    cwe: ['CWE-362'],
  },
  {
    id: 'ARC-2026-033',
    slug: 'double-checked-locking',
    title: 'Double-checked locking without memory ordering',
    severity: 'medium',
    description:
      'The first check is made outside the lock, on a field that is neither volatile nor atomic, or the ' +
      'field is set before the object is complete. Another thread may see the reference before the ' +
      'contents and work with a half-built object. It fails seldom, and differently on each processor.',
    mitigation:
      'Use what the language offers for initialising once: a holder class or `volatile` in Java, ' +
      '`sync.Once` in Go, initialisation on import in Python. Publish the object only when it is ' +
      'complete. If it is not measurably hot, simply lock.',
    incident_count: 0,
    cwe: ['CWE-609'],
  },
  {
    id: 'ARC-2026-034',
    slug: 'lock-order-deadlock',
    title: 'Locks taken in different orders',
    severity: 'high',
    description:
      'Two operations take the same two locks, or lock the same two rows, in opposite order. When they ' +
      'meet, each waits for the other for ever. Threads in the process hang until it is restarted, and a ' +
      'database ends one of the transactions with an error.',
    mitigation:
      'Define one order for all locks, such as by identifier, and always take them in it. Hold fewer ' +
      'locks at once, and take them with a timeout. Repeat database transactions that were chosen as a ' +
      "deadlock's victim.",
    incident_count: 0,
    cwe: ['CWE-833'],
  },
  {
    id: 'ARC-2026-035',
    slug: 'lock-held-during-io',
    title: 'Lock held during a network call',
    severity: 'high',
    description:
      'A mutex is held while the code waits for the network or the disk. All others who need the lock ' +
      'wait as well, so that one slow answer stops the whole process and throughput falls to one call at ' +
      'a time. If the call never returns, neither does the lock.',
    mitigation:
      'Do the slow work outside the lock, and take it only to read and to store the result. Share one ' +
      'call in flight among those who need the same value. Lock by key instead of globally, and give the ' +
      'call a timeout.',
    incident_count: 0,
    cwe: ['CWE-833'],
  },
  {
    id: 'ARC-2026-036',
    slug: 'transaction-held-during-network-call',
    title: 'Transaction open during a network call',
    severity: 'high',
    description:
      'Within a database transaction another service is called. Its row locks and its connection are held ' +
      'for as long as the other side takes, so that a slow payment provider becomes an exhausted ' +
      'connection pool. If the transaction then rolls back, the external effect remains.',
    mitigation:
      'Split the work: store the intent and commit, call with an idempotency key, store the result in a ' +
      "second transaction. Use an outbox for messages and mail. Set the database's timeout for idle " +
      'transactions.',
    incident_count: 0,
  },
  {
    id: 'ARC-2026-037',
    slug: 'worker-never-released',
    title: 'Goroutine, thread or timer that never ends',
    severity: 'high',
    description:
      'Each request or connection starts a goroutine, thread, timer or subscription that nothing ever ' +
      'stops, often because it waits on a channel that nobody serves any more. They add up, with the ' +
      'memory that they hold, until the process is slow and then killed.',
    mitigation:
      'Give each worker an owner and an end: a context or signal that it listens to, cancelled when the ' +
      'request or connection is over. Close pools, timers and subscriptions on all ways out. Watch the ' +
      'number of goroutines, threads and listeners.',
    incident_count: 0,
    cwe: ['CWE-772'],
  },
  {
    id: 'ARC-2026-038',
    slug: 'blocking-call-in-async',
    title: 'Blocking call in asynchronous code',
    severity: 'high',
    description:
      'A synchronous call, such as a file, database or HTTP request, hashing or a sleep, runs on the ' +
      'thread of an event loop or in a small shared pool. Meanwhile nothing else there makes progress. A ' +
      'few slow requests stop the whole process, health checks included.',
    mitigation:
      'Use the asynchronous version, or move the call to a pool of threads of its own with a limited ' +
      'size. Do not wait for a future on the pool that has to complete it. Measure the delay of the event ' +
      'loop, and alarm on it.',
    incident_count: 0,
  },
  {
    id: 'ARC-2026-039',
    slug: 'shared-request-state',
    title: 'State of a request in a shared variable',
    severity: 'critical',
    description:
      'Data of one request, such as its user, tenant or buffer, are stored in a module variable or in a ' +
      'field of an object that all requests share. Between two steps of one request another overwrites ' +
      'them. People get the data of others or act in their name.',
    mitigation:
      "Pass the state as an argument, or keep it in the request's own context (context variables, async " +
      'local storage, request scope). Keep shared services free of changing fields. Test with two users ' +
      'whose requests overlap.',
    incident_count: 0,
    cwe: ['CWE-488', 'CWE-362'],
  },
  {
    id: 'ARC-2026-040',
    slug: 'unsynchronised-shared-map',
    title: 'Shared map without synchronisation',
    severity: 'high',
    description:
      'Several threads or goroutines read and write an ordinary map or list at the same time. Entries get ' +
      'lost, an iteration may never end, and Go ends the process with a fatal error that cannot be ' +
      'caught. It happens under load only.',
    mitigation:
      'Protect it with a mutex, or use a concurrent map and its atomic operations. Or let one goroutine ' +
      'own it. Collect results of parallel work by index or through a channel, and run the tests with the ' +
      'race detector.',
    incident_count: 0,
    cwe: ['CWE-362'],
  },
  {
    id: 'ARC-2026-041',
    slug: 'lock-not-released-on-error',
    title: 'Lock that is not released on errors',
    severity: 'high',
    description:
      'The lock, semaphore or advisory lock is released at the end of the function, and an exception or ' +
      'early return leaves before. From then on it stays taken: all that need it hang, though the first ' +
      'error was harmless. A restart is the only help.',
    mitigation:
      'Release in `finally`, with `defer` right after taking it, or with a `with` block. Keep what ' +
      'happens under the lock short. Take locks with a timeout where the caller can deal with not getting ' +
      'it.',
    incident_count: 0,
    cwe: ['CWE-667'],
  },
  {
    id: 'ARC-2026-042',
    slug: 'unsafe-distributed-lock',
    title: 'Distributed lock without expiry or owner',
    severity: 'high',
    description:
      'A lock in a shared store has no expiry, so that a crash keeps it for ever; or it expires while its ' +
      'holder still works, who then deletes the lock of the next one. Two workers do the same job at ' +
      'once, or none ever does.',
    mitigation:
      'Set the lock and its expiry in one command, with a random value of the owner, and delete it only ' +
      "if the value is still one's own. Renew it during long work. Where two holders would do harm, pass " +
      'a fencing number to the resource and let it refuse older ones.',
    incident_count: 0,
    cwe: ['CWE-667'],
  },
]
