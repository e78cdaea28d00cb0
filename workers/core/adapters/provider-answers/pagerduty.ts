import { z } from 'zod'
import type { IncidentFact } from '../../../../core/incidents/providers.ts'

const time = z.iso.datetime({ offset: true })
const incidentSchema = z.object({
  incident: z.object({
    status: z.string(),
    created_at: time,
    resolved_at: time.nullish(),
    last_status_change_at: time.nullish(),
  }),
})

/** @param answer of `GET /incidents/{id}` @throws when it is not that */
export function readPagerdutyFact(answer: unknown): IncidentFact {
  const { incident } = incidentSchema.parse(answer)
  const ended =
    incident.status === 'resolved' ? (incident.resolved_at ?? incident.last_status_change_at) : null
  return {
    openedAt: new Date(incident.created_at),
    resolvedAt: ended == null ? null : new Date(ended),
    releaseSha: null,
    stackPaths: [],
  }
}
