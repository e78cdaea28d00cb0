import type { deployments, incidents, integrations, services } from '../../schema/tables/index.ts'

export type DeploymentRow = typeof deployments.$inferSelect
export type IncidentRow = typeof incidents.$inferSelect
export type IntegrationRow = typeof integrations.$inferSelect
export type ServiceRow = typeof services.$inferSelect

/** `deployments.fact`: what GitHub's API said. Times are RFC 3339 in UTC. */
export interface StoredDeploymentFact {
  readonly commit_sha: string
  readonly environment: string
  readonly deployed_at: string
  readonly state: string
  /** The commit that the deployed one reverts, by its message; null if it reverts none. */
  readonly reverted_sha: string | null
}

/** `incidents.fact`: what the provider's API said. */
export interface StoredIncidentFact {
  readonly opened_at: string
  readonly resolved_at: string | null
  readonly release_sha: string | null
  readonly stack_paths: readonly string[]
}
