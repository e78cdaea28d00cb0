/** What a provider's own API says, in the members that count. */
export interface DeploymentFact {
  readonly commitSha: string
  readonly environment: string
  /** When its success was recorded, by the provider's clock. */
  readonly deployedAt: Date
  readonly state: string
}

export interface IncidentFact {
  readonly openedAt: Date
  readonly resolvedAt: Date | null
  /** The release that was running, if the provider has a commit for it. */
  readonly releaseSha: string | null
  readonly stackPaths: readonly string[]
}

/** `found` with what it said; `missing` when it knows no such thing; `unavailable` when it gave no answer in time. */
export type Fetched<Fact> =
  | { readonly state: 'found'; readonly fact: Fact }
  | { readonly state: 'missing' }
  | { readonly state: 'unavailable' }

/**
 * The APIs of GitHub, Sentry and PagerDuty, at addresses that the network's operator configures, never a claimant.
 * Every call ends within 5 s and never throws.
 */
export interface ProviderApis {
  /** `GET /repos/{repository}/deployments/{id}` and its statuses. */
  githubDeployment(
    token: string,
    deployment: { readonly repository: string; readonly deploymentId: string },
  ): Promise<Fetched<DeploymentFact>>
  /** The commit that a commit reverts, by its message (`This reverts commit <sha>.`); null in `fact` if it reverts none. */
  githubRevert(
    token: string,
    commit: { readonly repository: string; readonly sha: string },
  ): Promise<Fetched<{ readonly revertedSha: string | null }>>
  /** A Sentry issue or metric alert's incident, by `providerId` as `core/incidents/` writes it. */
  sentryIncident(
    token: string,
    incident: { readonly account: string; readonly providerId: string },
  ): Promise<Fetched<IncidentFact>>
  pagerdutyIncident(token: string, incident: { readonly providerId: string }): Promise<Fetched<IncidentFact>>
}
