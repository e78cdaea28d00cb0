import { z } from 'zod'
import type { IncidentFact } from '../../../../core/incidents/providers.ts'
import { readPaths, readRelease } from '../../../../core/incidents/read/values.ts'

const time = z.iso.datetime({ offset: true })
const issueSchema = z.object({
  status: z.string(),
  firstSeen: time,
  lastSeen: time.nullish().catch(null),
  activity: z
    .array(z.object({ type: z.string(), dateCreated: time }))
    .nullish()
    .catch(null),
})
const metricSchema = z.object({ dateStarted: time, dateClosed: time.nullish() })
const eventSchema = z.object({
  release: z.object({ version: z.string() }).nullish().catch(null),
  entries: z
    .array(z.object({ type: z.string(), data: z.unknown().optional() }))
    .nullish()
    .catch(null),
})
const exceptionSchema = z.object({
  values: z.array(
    z.object({
      stacktrace: z
        .object({
          frames: z.array(z.object({ filename: z.string().nullish(), inApp: z.boolean().nullish() })),
        })
        .nullish()
        .catch(null),
    }),
  ),
})

const RESOLVED = /^set_resolved/
const REOPENED = ['set_regression', 'set_unresolved']

/**
 * An issue that came back began when it did so last.
 *
 * @param issue `GET /api/0/organizations/{slug}/issues/{id}/`
 * @param event its latest event, `GET …/events/latest/`; null when there is none any more
 * @throws when they are not that
 */
export function readIssueFact(issue: unknown, event: unknown): IncidentFact {
  const { status, firstSeen, lastSeen, activity } = issueSchema.parse(issue)
  const latest = event === null ? null : eventSchema.parse(event)
  const ends = timesOf(activity ?? [], (type) => RESOLVED.test(type))
  const resolvedAt = status === 'resolved' ? (ends.at(-1) ?? Date.parse(lastSeen ?? firstSeen)) : null
  const begins = timesOf(activity ?? [], (type) => REOPENED.includes(type))
  const openedAt = begins.findLast((begin) => resolvedAt === null || begin < resolvedAt)
  return {
    openedAt: new Date(openedAt ?? Date.parse(firstSeen)),
    resolvedAt: resolvedAt === null ? null : new Date(resolvedAt),
    releaseSha: readRelease(latest?.release?.version),
    stackPaths: readPaths(ownFiles(latest?.entries ?? [])),
  }
}

/** @param incident `GET /api/0/organizations/{slug}/incidents/{identifier}/` @throws when it is not that */
export function readMetricFact(incident: unknown): IncidentFact {
  const { dateStarted, dateClosed } = metricSchema.parse(incident)
  return {
    openedAt: new Date(dateStarted),
    resolvedAt: dateClosed == null ? null : new Date(dateClosed),
    releaseSha: null,
    stackPaths: [],
  }
}

/** Earliest first. */
function timesOf(
  activity: readonly { readonly type: string; readonly dateCreated: string }[],
  counts: (type: string) => boolean,
): number[] {
  return activity
    .filter(({ type }) => counts(type))
    .map(({ dateCreated }) => Date.parse(dateCreated))
    .sort((one, other) => one - other)
}

function ownFiles(entries: readonly { readonly type: string; readonly data?: unknown }[]): unknown[] {
  return entries
    .filter(({ type }) => type === 'exception')
    .flatMap(({ data }) => exceptionSchema.safeParse(data).data?.values ?? [])
    .flatMap(({ stacktrace }) => stacktrace?.frames ?? [])
    .filter(({ inApp }) => inApp === true)
    .map(({ filename }) => filename)
}
