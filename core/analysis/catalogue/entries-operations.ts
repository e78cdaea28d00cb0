import type { ArcEntry } from './entry.ts'

/** Failure patterns of clocks, configuration, schedules and observability. */
export const ENTRIES_OPERATIONS: readonly ArcEntry[] = [
  {
    id: 'ARC-2026-057',
    slug: 'clock-skew-in-token-expiry',
    title: 'Token expiry without tolerance for clock skew',
    severity: 'medium',
    description:
      'The times in a token are compared exactly with the local clock, or a token is used until the ' +
      'second of its expiry. Clocks of different machines differ by seconds. Fresh tokens are refused as ' +
      'not yet valid, and others expire on their way; it fails on single hosts and comes and goes.',
    mitigation:
      'Allow a small, named tolerance, such as 60 seconds, on both ends. Renew tokens well before they ' +
      'expire, with jitter, and once more when they are refused. Keep clocks synchronised, and alarm on ' +
      'drift.',
    incident_count: 0,
  },
  {
    id: 'ARC-2026-058',
    slug: 'local-time-arithmetic',
    title: 'Date arithmetic in local time',
    severity: 'medium',
    description:
      'Times without a zone are added and subtracted, and a day is taken as 24 hours. On the days when ' +
      "the clocks change, shifts are an hour too long, jobs run twice or not at all, and a day's range " +
      'misses or doubles an hour. Servers in another zone give other answers.',
    mitigation:
      'Store instants in UTC, and the zone beside them where the local time matters. Compute calendar ' +
      'steps with a library that knows the zone. Test with the days of both changes, the end of a month ' +
      'and 29 February.',
    incident_count: 0,
  },
  {
    id: 'ARC-2026-059',
    slug: 'wall-clock-duration',
    title: 'Duration measured with the wall clock',
    severity: 'low',
    description:
      'Timeouts, leases and durations are computed from the time of day, which is set back and forth by ' +
      'synchronisation and by operators. A deadline then fires at once or never, a measured duration is ' +
      'negative, and two hosts may both believe that they hold a lease.',
    mitigation:
      'Use the monotonic clock for all that is a duration. Compare times of different hosts only with a ' +
      'margin for their skew. Let the store that grants a lease decide with its own clock.',
    incident_count: 0,
  },
  {
    id: 'ARC-2026-060',
    slug: 'debug-default-in-production',
    title: 'Insecure or debug setting as the default',
    severity: 'high',
    description:
      'When a variable is missing, the program falls back to what suits development: debug pages, a known ' +
      'key, open origins, no authentication. One forgotten setting in production is then not an error but ' +
      'a hole. It stays unnoticed as everything works.',
    mitigation:
      'Make the safe value the default. Require secrets and addresses, and refuse to start without them. ' +
      'Switch development behaviour on explicitly, never by the absence of a setting, and check the ' +
      'configuration at the start.',
    incident_count: 0,
    cwe: ['CWE-1188'],
  },
  {
    id: 'ARC-2026-061',
    slug: 'log-flood-in-hot-loop',
    title: 'Log lines in a hot loop',
    severity: 'medium',
    description:
      'Each record, packet or failed poll writes log lines, with whole objects in them. Under load, ' +
      'writing logs takes more time than the work, the disk fills up, and what matters is lost among ' +
      'millions of lines. A dependency that fails turns it into a flood.',
    mitigation:
      'Log a summary for each batch, and single records at debug level or as a sample. Limit repeated ' +
      'errors to one line in a time, with a count. Use metrics for what is counted, and wait between ' +
      'failing polls.',
    incident_count: 0,
  },
  {
    id: 'ARC-2026-062',
    slug: 'feature-flag-without-default',
    title: 'Feature flag without a default',
    severity: 'medium',
    description:
      'The code depends on the answer of a flag service or table, and does not say what holds when it is ' +
      'missing or unreachable. The failure of a helper then takes down the very function that it was to ' +
      'protect. A deleted flag or an unknown value does the same.',
    mitigation:
      'Give each flag a safe default in the code, and keep the last known values. Never let the ' +
      'evaluation throw or wait for the network during a request. Remove flags from the code before ' +
      'deleting them.',
    incident_count: 0,
  },
  {
    id: 'ARC-2026-063',
    slug: 'synchronised-schedule',
    title: 'Jobs that all start at the full hour',
    severity: 'medium',
    description:
      'All clients, tenants or jobs start at the same minute, mostly the full hour or midnight. Databases ' +
      'and other services get their load of an hour within seconds, while they are idle for the rest. ' +
      'Queues build up, and calls to the outside run into rate limits.',
    mitigation:
      "Spread the starts: a fixed offset derived from the tenant's or host's name, or random jitter. " +
      'Avoid round times. Put the work into a queue with a limited number of workers.',
    incident_count: 0,
  },
  {
    id: 'ARC-2026-064',
    slug: 'overlapping-scheduled-job',
    title: 'Scheduled job that overlaps itself',
    severity: 'high',
    description:
      'A job starts by the clock, whether or not its last run has ended, or on each replica. When it ' +
      'takes longer than its interval, or a second instance is started, two of them work on the same ' +
      'rows: customers are charged twice, and the runs slow each other down further.',
    mitigation:
      'Start the next run after the last one has ended, and let a lock or one scheduler decide which ' +
      'instance runs. Claim rows before working on them (`FOR UPDATE SKIP LOCKED`). Make each step ' +
      'idempotent, and alarm when a run takes longer than its interval.',
    incident_count: 0,
  },
  {
    id: 'ARC-2026-065',
    slug: 'unbounded-metric-labels',
    title: 'Metric label with unbounded values',
    severity: 'medium',
    description:
      'A metric has a label, or a name, with values that grow without limit: user ids, full paths, error ' +
      'texts. Each new value is a time series of its own in the process and in the monitoring. Memory ' +
      'grows, queries time out, and the monitoring fails when it is needed.',
    mitigation:
      "Use labels from small, fixed sets, such as the route's template and the class of the status. Put " +
      'identifiers into logs and traces. Limit the number of series for each service, and alarm on it.',
    incident_count: 0,
  },
  {
    id: 'ARC-2026-066',
    slug: 'migration-at-startup',
    title: 'Schema migration in the start of each instance',
    severity: 'medium',
    description:
      'Each instance migrates the schema before it serves. Several starting at once migrate at the same ' +
      'time, a slow migration lets the health check fail and the restart begins it again, and the ' +
      "service's account needs the right to change the schema. Older instances run on a schema that they " +
      'do not know.',
    mitigation:
      'Run migrations once, as a step of the deployment of its own, before the new code and compatible ' +
      "with the old. Take a lock that lets one run at a time. Let the service check the schema's version " +
      'at the start, with an account that cannot change it.',
    incident_count: 0,
  },
  {
    id: 'ARC-2026-067',
    slug: 'temporary-files-never-removed',
    title: 'Temporary files that are never removed',
    severity: 'medium',
    description:
      'Each request writes temporary files that are not removed, or only when all went well. The disk or ' +
      'its inodes run out after days or weeks, and then everything on that host fails at once: uploads, ' +
      'logs, the database.',
    mitigation:
      'Remove them in `finally`, with a context manager or `defer`, for the whole directory of the ' +
      'request. Sweep old ones regularly, for what a crash has left. Watch free space and inodes, and ' +
      'give temporary data a limit of their own.',
    incident_count: 0,
    cwe: ['CWE-459'],
  },
]
