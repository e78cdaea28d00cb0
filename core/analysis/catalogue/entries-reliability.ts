import type { ArcEntry } from './entry.ts'

/** Failure patterns of calls, queues, retries and process life cycles. */
export const ENTRIES_RELIABILITY: readonly ArcEntry[] = [
  {
    id: 'ARC-2026-001',
    slug: 'retry-without-backoff',
    title: 'Retry without backoff',
    severity: 'high',
    description:
      'A failed call is repeated at once, as fast as the loop turns. While the other side is overloaded ' +
      'or restarting, every caller multiplies its own traffic, so that the failure lasts longer and the ' +
      'recovering service is pushed over again. The caller meanwhile burns processor time and connections ' +
      'without a chance of success.',
    mitigation:
      'Wait between attempts, with exponential backoff and random jitter, and stop after a small number ' +
      'of attempts or a total deadline. Retry only what may succeed later: not refusals such as 400 or ' +
      '403. Honour `Retry-After` where the server sends it.',
    incident_count: 0,
  },
  {
    id: 'ARC-2026-002',
    slug: 'retry-storm',
    title: 'Retries at several layers multiply',
    severity: 'high',
    description:
      'Each layer of a call chain, such as a client library, a service method and a queue, retries on its ' +
      'own. The attempts multiply: three layers with four attempts each send 64 requests for one. A short ' +
      'failure below becomes a load that the lowest service cannot carry, and the request occupies the ' +
      'callers for the whole time.',
    mitigation:
      'Retry at one layer only, best the one closest to the failure that knows whether the operation is ' +
      'idempotent. Let the others pass the failure on. Add a retry budget, a share of the normal traffic ' +
      'that retries may take, and pass a deadline down the chain.',
    incident_count: 0,
  },
  {
    id: 'ARC-2026-003',
    slug: 'missing-outbound-timeout',
    title: 'Outbound call without a timeout',
    severity: 'high',
    description:
      'A call to another system is made without a limit on its duration, and the defaults of many clients ' +
      'are minutes or none. When the other side hangs instead of failing, each request holds a thread, a ' +
      'connection and memory until none are left. A slow dependency so takes down services that need it ' +
      'for one page only.',
    mitigation:
      'Set a timeout for the connection and for the whole call, derived from what the caller itself may ' +
      'take. Cancel the work when it expires, and decide what to answer then. Test with a server that ' +
      'accepts connections and never answers.',
    incident_count: 0,
  },
  {
    id: 'ARC-2026-004',
    slug: 'unbounded-queue',
    title: 'In-process queue without a limit',
    severity: 'high',
    description:
      'Work is accepted into a queue in memory that has no maximum length. When it arrives faster than it ' +
      'is done, the queue and the delay grow until the process runs out of memory, and all that was ' +
      'waiting is lost. Callers have been told that their work was accepted.',
    mitigation:
      'Give the queue a capacity, and refuse or slow down the producers when it is full. Watch the length ' +
      'and the age of the oldest item. Use a durable queue for work that must not be lost.',
    incident_count: 0,
  },
  {
    id: 'ARC-2026-005',
    slug: 'fallback-without-circuit-breaker',
    title: 'Fallback that tries the failing primary every time',
    severity: 'medium',
    description:
      'Each request first waits for the failing primary system and only then uses the fallback. While the ' +
      'primary is down, every request pays its full timeout, so that threads and connections run out ' +
      "although the fallback works. The load that keeps arriving also hinders the primary's recovery.",
    mitigation:
      'Put a circuit breaker before the primary: after a number of failures go straight to the fallback, ' +
      'and let single requests probe whether it is back. Keep the timeout of a call that has a fallback ' +
      'short. Make sure that the fallback can carry the whole load.',
    incident_count: 0,
  },
  {
    id: 'ARC-2026-006',
    slug: 'liveness-checks-dependencies',
    title: 'Liveness check that asks dependencies',
    severity: 'high',
    description:
      'The check by which the platform decides to restart a process asks databases, caches or other ' +
      'services. When one of them is briefly unavailable, all instances fail the check and are restarted ' +
      'together. The restart does not help, drops warm caches and connections, and turns a partial ' +
      'failure into a whole one.',
    mitigation:
      'Let the liveness check say only that the process itself can still work. Report dependencies in the ' +
      'readiness check or in monitoring, and be careful even there: instances that all leave the load ' +
      'balancer at once are an outage. Check dependencies in the background, not for each probe.',
    incident_count: 0,
  },
  {
    id: 'ARC-2026-007',
    slug: 'missing-graceful-shutdown',
    title: 'Shutdown that drops work in flight',
    severity: 'medium',
    description:
      'The process ends as soon as it is told to stop. Requests that it is answering, messages that it is ' +
      'handling and buffered data are cut off, at every deployment and each time that the platform scales ' +
      'down. Clients see errors and half-done work remains.',
    mitigation:
      'On the signal, fail the readiness check, stop accepting work, finish what was begun within a ' +
      "limit, flush buffers and close connections, then exit. Keep the limit below the platform's own. " +
      'Make handlers idempotent for what still gets cut off.',
    incident_count: 0,
  },
  {
    id: 'ARC-2026-008',
    slug: 'swallowed-exception',
    title: 'Exception that is swallowed',
    severity: 'high',
    description:
      'An error is caught and dropped, or answered with an empty or harmless value. The caller goes on as ' +
      'if the operation had succeeded: orders are lost, balances read as zero, checks pass that never ' +
      'ran. Nobody notices until the data are wrong, and then nothing tells when it began.',
    mitigation:
      'Catch only the errors that can be dealt with at that place, and let the others go on. Record the ' +
      'error with its cause where it is caught. Where a default is right, make it the safe one, and count ' +
      'how often it is used.',
    incident_count: 0,
  },
  {
    id: 'ARC-2026-009',
    slug: 'fire-and-forget-task',
    title: 'Task that is started and never observed',
    severity: 'medium',
    description:
      'A promise, task or thread is started and nobody waits for it or looks at its result. Its failure ' +
      'is lost or, in some runtimes, ends the whole process. At shutdown it is cut off, and under load ' +
      'such tasks pile up without a limit.',
    mitigation:
      'Wait for the work, or hand it to a durable queue if the caller must not wait. Where it is truly ' +
      'optional, attach a handler that records failures, keep a reference to it, limit how many run, and ' +
      'finish them at shutdown.',
    incident_count: 0,
  },
  {
    id: 'ARC-2026-010',
    slug: 'partial-batch-failure-ignored',
    title: 'Partial failure of a batch is ignored',
    severity: 'high',
    description:
      "A bulk call answers that it worked although some of its items were refused, and only the call's " +
      'own error is looked at. The refused items are marked as done and never sent again. The gap between ' +
      'the two systems grows silently, most of all under load, when throttling refuses single items.',
    mitigation:
      'Read the result of each item. Retry those that failed for a passing reason, with backoff, and ' +
      'store or report the others. Mark as done only what was confirmed, and reconcile the two systems ' +
      'from time to time.',
    incident_count: 0,
  },
  {
    id: 'ARC-2026-011',
    slug: 'missing-dead-letter',
    title: 'Poison message is delivered again for ever',
    severity: 'high',
    description:
      'A message that cannot be processed is put back into the queue without a count of its attempts. It ' +
      'fails again at once, for ever: it takes up consumers, blocks what is behind it in an ordered queue ' +
      'and floods the log. One malformed message can stop a whole flow.',
    mitigation:
      'Count deliveries, and move a message to a dead-letter queue after a few. Tell malformed messages, ' +
      'which never succeed, from failures that pass. Alarm on the dead-letter queue, and have a tested ' +
      'way to look into it and replay it.',
    incident_count: 0,
  },
  {
    id: 'ARC-2026-012',
    slug: 'ack-before-processing',
    title: 'Message is acknowledged before it is processed',
    severity: 'high',
    description:
      'The consumer confirms a message, or lets the broker confirm it on delivery, and only then begins ' +
      'the work. When the process crashes, is redeployed or fails in between, the message is gone and the ' +
      'work is never done. The loss shows in no queue length and in no error count.',
    mitigation:
      'Acknowledge after the work is done and its result is stored. Make the processing idempotent, since ' +
      'messages then come twice at times. Use automatic acknowledgement only where a lost message does no ' +
      'harm.',
    incident_count: 0,
  },
  {
    id: 'ARC-2026-013',
    slug: 'non-idempotent-consumer',
    title: 'Consumer that is not idempotent',
    severity: 'critical',
    description:
      'A message is delivered at least once, but handling it twice charges, credits or sends twice. ' +
      'Redelivery is ordinary: after a timeout, a rebalance or a crash before the acknowledgement. Money ' +
      'is moved twice and customers are told so twice.',
    mitigation:
      'Give each message a key that stays the same when it is sent again. Record it in the same ' +
      'transaction as the effect, with a unique constraint, and skip what is already there. Pass the key ' +
      'on to other systems as their idempotency key.',
    incident_count: 0,
  },
  {
    id: 'ARC-2026-014',
    slug: 'recursion-over-input-depth',
    title: 'Recursion as deep as the input',
    severity: 'medium',
    description:
      'A function calls itself once for each level of nesting of data that come from outside. A small ' +
      'document with some ten thousand brackets exhausts the stack, which ends the request or, in some ' +
      'runtimes, the whole process. Nobody sends such data by accident, and anybody can on purpose.',
    mitigation:
      'Limit the depth when the input is read, and refuse what is deeper. Where deep data are legitimate, ' +
      'walk them with an explicit stack whose size is limited.',
    incident_count: 0,
    cwe: ['CWE-674'],
  },
  {
    id: 'ARC-2026-015',
    slug: 'unbounded-fan-out',
    title: 'All items started at once',
    severity: 'high',
    description:
      'One operation starts a call, task or thread for every item of a list whose length is not limited. ' +
      'With a hundred items it is fast. With a hundred thousand it exhausts memory, sockets, connection ' +
      'pools or the rate limit of the other side, and most of the calls fail together.',
    mitigation:
      'Limit how many run at once, with a semaphore, a worker pool or batches. Size the limit for what ' +
      'the other side can carry, over all instances. Page through long lists instead of loading them ' +
      'whole.',
    incident_count: 0,
    cwe: ['CWE-770'],
  },
]
