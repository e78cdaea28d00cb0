import { z } from 'zod'
import { ignored, type Told, type ToldIncident, UNREADABLE } from './told.ts'
import { notAfter, readPaths, readRelease, readTime, readTitle, readUrl } from './values.ts'

const optional = z.string().nullish().catch(null)
const id = z.union([z.string().regex(/^\d{1,20}$/), z.int().nonnegative().transform(String)])
const MAX_EXCEPTIONS = 20
const MAX_FRAMES = 500

const frameSchema = z.object({ filename: z.string(), in_app: z.literal(true) })
const stacktraceSchema = z.object({ frames: z.array(z.unknown()) })
const alertSchema = z.object({
  data: z.object({
    event: z.object({
      issue_id: id,
      datetime: optional,
      release: optional,
      title: optional,
      web_url: optional,
      url: optional,
      stacktrace: z.unknown().optional(),
      exception: z
        .object({ values: z.array(z.unknown()) })
        .nullish()
        .catch(null),
    }),
  }),
})

const metricSchema = z.object({
  action: z.string(),
  data: z.object({
    description_title: optional,
    web_url: optional,
    metric_alert: z.object({
      identifier: id,
      projects: z.array(z.string()).nullish().catch(null),
      title: optional,
      date_started: optional,
      date_closed: optional,
    }),
  }),
})

const issueSchema = z.object({
  action: z.string(),
  data: z.object({
    issue: z.object({
      id,
      title: optional,
      permalink: optional,
      web_url: optional,
      firstSeen: optional,
      project: z.object({ slug: optional }).nullish().catch(null),
    }),
  }),
})

/**
 * `event_alert`, `metric_alert` and `issue`, told by their shape: the header that names the resource is not signed.
 *
 * An issue is one incident, as is what a metric alert opened. Provider ids: `issue/{id}`, `metric/{identifier}`.
 */
export function readSentry(payload: unknown, receivedAt: Date): Told {
  const data = z.object({ data: z.looseObject({}) }).safeParse(payload).data?.data
  if (data === undefined) return UNREADABLE
  if ('event' in data) return readAlert(payload, receivedAt)
  if ('metric_alert' in data) return readMetric(payload, receivedAt)
  return 'issue' in data ? readIssue(payload, receivedAt) : ignored('not_an_alert_or_issue')
}

function readAlert(payload: unknown, receivedAt: Date): Told {
  const read = alertSchema.safeParse(payload)
  if (!read.success) return UNREADABLE
  const { event } = read.data.data
  const at = notAfter(readTime(event.datetime) ?? receivedAt, receivedAt)
  const project = /\/projects\/[^/]+\/([^/]+)\//.exec(event.url ?? '')?.[1]
  return {
    ...incident(`issue/${event.issue_id}`, project === undefined ? [] : [project]),
    at,
    openedAt: at,
    title: readTitle(event.title),
    url: readUrl(event.web_url),
    releaseSha: readRelease(event.release),
    stackPaths: readPaths(ownFiles(event)),
  }
}

/** The files of the frames that are the application's own. */
function ownFiles(event: {
  exception?: { values: unknown[] } | null | undefined
  stacktrace?: unknown
}): string[] {
  const exceptions = (event.exception?.values ?? []).slice(0, MAX_EXCEPTIONS)
  const traces = exceptions.flatMap(
    (value) => z.object({ stacktrace: z.unknown().optional() }).safeParse(value).data ?? [],
  )
  return [...traces, { stacktrace: event.stacktrace }].flatMap(({ stacktrace }) => {
    const frames = stacktraceSchema.safeParse(stacktrace).data?.frames ?? []
    return frames.slice(-MAX_FRAMES).flatMap((frame) => frameSchema.safeParse(frame).data?.filename ?? [])
  })
}

function readMetric(payload: unknown, receivedAt: Date): Told {
  const read = metricSchema.safeParse(payload)
  if (!read.success) return UNREADABLE
  const { action, data } = read.data
  if (!['critical', 'warning', 'resolved'].includes(action)) return ignored('not_opened_or_resolved')
  const alert = data.metric_alert
  const startedAt = readTime(alert.date_started)
  if (startedAt === null) return UNREADABLE
  const closedAt = notAfter(readTime(alert.date_closed) ?? receivedAt, receivedAt)
  const openedAt = notAfter(startedAt, receivedAt)
  const resolved = action === 'resolved'
  return {
    ...incident(`metric/${alert.identifier}`, alert.projects ?? []),
    at: resolved ? closedAt : openedAt,
    openedAt,
    resolvedAt: resolved ? closedAt : null,
    title: readTitle(alert.title) ?? readTitle(data.description_title),
    url: readUrl(data.web_url),
  }
}

/** That it was resolved has no time of its own: the webhook's arrival, until Sentry's API says better. */
function readIssue(payload: unknown, receivedAt: Date): Told {
  const read = issueSchema.safeParse(payload)
  if (!read.success) return UNREADABLE
  const { action, data } = read.data
  if (action !== 'created' && action !== 'resolved') return ignored('not_opened_or_resolved')
  const { issue } = data
  const firstSeen = readTime(issue.firstSeen)
  if (firstSeen === null) return UNREADABLE
  const openedAt = notAfter(firstSeen, receivedAt)
  return {
    ...incident(`issue/${issue.id}`, issue.project?.slug ? [issue.project.slug] : []),
    at: openedAt,
    openedAt,
    resolvedAt: action === 'resolved' ? receivedAt : null,
    title: readTitle(issue.title),
    url: readUrl(issue.web_url) ?? readUrl(issue.permalink),
  }
}

function incident(providerId: string, sentryProjects: readonly string[]): ToldIncident {
  return {
    kind: 'incident',
    providerId,
    hints: { sentryProjects },
    at: null,
    openedAt: null,
    resolvedAt: null,
    title: null,
    url: null,
    releaseSha: null,
    stackPaths: [],
    revertedSha: null,
  }
}

/** The latest time that the signed body speaks of. An issue may be old, but not from the future. */
export function sentryTime(payload: unknown): Date | null {
  const alert = alertSchema.safeParse(payload).data?.data.event.datetime
  const metric = metricSchema.safeParse(payload).data?.data.metric_alert
  const issue = issueSchema.safeParse(payload).data?.data.issue.firstSeen
  const times = [alert, metric?.date_started, metric?.date_closed, issue].flatMap(
    (time) => readTime(time)?.getTime() ?? [],
  )
  return times.length === 0 ? null : new Date(Math.max(...times))
}
