import type { IncidentDocument } from '../../schema/wire/incidents.ts'
import type { IncidentRow } from './rows.ts'

/** The wire document of an incident. @param claims ids of the claims that were filed for it */
export function describeIncident(row: IncidentRow, claims: readonly string[]): IncidentDocument {
  return {
    id: row.id,
    incident_id: row.id,
    integration_id: row.integrationId,
    provider: row.provider,
    provider_id: row.providerId,
    service: row.service,
    title: row.title,
    url: row.url,
    status: row.resolvedAt === null ? 'open' : 'resolved',
    opened_at: row.openedAt.toISOString(),
    resolved_at: row.resolvedAt?.toISOString() ?? null,
    release_sha: row.releaseSha,
    stack_paths: row.stackPaths,
    reverted_sha: row.revertedSha,
    fact_state: row.factState,
    settlement: row.settlement,
    attributed_sha: row.attributedSha,
    attribution: row.attribution as IncidentDocument['attribution'],
    claims: [...claims],
    received_at: row.receivedAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  }
}
