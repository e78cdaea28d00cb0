import type { IssueRequest } from '../../schema/wire/issue.ts'
import { Refusal } from '../refusal.ts'

/** Who a CI run is, as its issuer says. */
export interface CiIdentity {
  readonly issuer: string
  /** `owner/name`. */
  readonly repository: string
  /** The commit that the run is for; on pull requests the merge commit. */
  readonly commitSha: string
  /** The run's id, where the issuer tells it. */
  readonly run: string | null
}

/** Verifies identity tokens of CI systems: a port, since it asks issuers for their keys. */
export interface CiIdentities {
  /**
   * @param audience what `aud` must be
   * @throws {Refusal} `ci_identity_rejected` when the token does not hold; `ci_issuer_unavailable` when that cannot be
   *   found out
   */
  verify(token: string, audience: string, now: Date): Promise<CiIdentity>
}

/** What `aud` must be, so that the token is good for this very evidence and nothing else. */
export function evidenceAudience(evidenceSha256: string): string {
  return `coderisk:${evidenceSha256}`
}

/**
 * Whether the identity may speak for this change: the repository is one of the organisation's, and the run is for the
 * commit that is certified.
 *
 * @param repositories `owner/name` in lower case
 * @throws {Refusal} `ci_identity_rejected`
 */
export function assertSpeaksFor(
  identity: CiIdentity,
  request: Pick<IssueRequest, 'commit_sha' | 'repository'>,
  repositories: readonly string[],
): void {
  const name = identity.repository.toLowerCase()
  if (!repositories.includes(name)) {
    throw rejected(`The repository ${identity.repository} is not registered: PATCH /v1/organisation.`)
  }
  if (request.commit_sha !== identity.commitSha) {
    throw rejected(`The run is for commit ${identity.commitSha}; commit_sha must be the same.`)
  }
  const named = request.repository?.toLowerCase().replace(/\.git$/, '')
  if (named !== undefined && named !== name && !named.endsWith(`/${name}`)) {
    throw rejected(`The run is of ${identity.repository}; repository names another.`)
  }
}

export function rejected(detail: string, cause?: unknown): Refusal {
  return new Refusal('ci_identity_rejected', { detail, cause })
}
