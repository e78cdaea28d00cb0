import { z } from 'zod'
import { ignored, type Told, UNREADABLE } from './told.ts'
import { notAfter, readTime, readTitle, readUrl } from './values.ts'

const optional = z.string().nullish().catch(null)
const eventSchema = z.object({ event: z.object({ event_type: z.string(), occurred_at: z.string() }) })
const incidentSchema = z.object({
  event: z.object({
    data: z.object({
      id: z.string().regex(/^[A-Za-z0-9]{1,64}$/),
      created_at: optional,
      title: optional,
      html_url: optional,
      service: z.object({ id: optional, summary: optional }).nullish().catch(null),
    }),
  }),
})

/** V3: `incident.triggered` and `incident.resolved`. Both say when the incident was opened. */
export function readPagerduty(payload: unknown, receivedAt: Date): Told {
  const event = eventSchema.safeParse(payload)
  if (!event.success) return UNREADABLE
  const type = event.data.event.event_type
  if (type !== 'incident.triggered' && type !== 'incident.resolved') return ignored('not_opened_or_resolved')
  const read = incidentSchema.safeParse(payload)
  const occurredAt = readTime(event.data.event.occurred_at)
  if (!read.success || occurredAt === null) return UNREADABLE
  const { data } = read.data.event
  const at = notAfter(occurredAt, receivedAt)
  const triggered = type === 'incident.triggered'
  const openedAt = readTime(data.created_at) ?? (triggered ? at : null)
  return {
    kind: 'incident',
    providerId: data.id,
    hints: { pagerdutyServices: [data.service?.summary, data.service?.id].flatMap((name) => name || []) },
    at,
    openedAt: openedAt === null ? null : notAfter(openedAt, receivedAt),
    resolvedAt: triggered ? null : at,
    title: readTitle(data.title),
    url: readUrl(data.html_url),
    releaseSha: null,
    stackPaths: [],
    revertedSha: null,
  }
}

export function pagerdutyTime(payload: unknown): Date | null {
  return readTime(eventSchema.safeParse(payload).data?.event.occurred_at)
}
