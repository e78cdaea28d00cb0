import type { AttributionDocument } from '../../schema/wire/claims.ts'
import type { Attribution } from './attribute.ts'
import { fraction } from './describe.ts'
import type { AttributionInput, DeploymentEvidence } from './signals.ts'

/** An attribution with what it was judged by, as it is kept and told. */
export function describeAttribution(attribution: Attribution, input: AttributionInput): AttributionDocument {
  return {
    commit_sha: attribution.commitSha,
    confidence: fraction(attribution.confidence),
    signals: attribution.signals.map(({ kind, source, weight, counted, detail }) => ({
      kind,
      source,
      weight: fraction(weight),
      counted,
      detail,
    })),
    reasons: [...attribution.reasons],
    rivals: attribution.rivals.map(({ commitSha, confidence }) => ({
      commit_sha: commitSha,
      confidence: fraction(confidence),
    })),
    deployments: input.deployments.map(describeDeploymentEvidence),
    incident_fact_state: input.incident.factState,
  }
}

export function describeDeploymentEvidence(deployment: DeploymentEvidence) {
  const { id, commitSha, deployedAt, factState } = deployment
  return { id, commit_sha: commitSha, deployed_at: deployedAt.toISOString(), fact_state: factState }
}
