import type { DeploymentFact, Fetched, IncidentFact } from './providers.ts'
import type { DeploymentRow, IncidentRow } from './rows.ts'

/**
 * What comes of asking a provider: its fact stands; it says otherwise; or ask again, and when there is no again, that it
 * says otherwise or could not be asked. An API may be some seconds behind its own webhooks.
 */
export type Judgement<Fact> =
  | { readonly verdict: 'confirmed'; readonly fact: Fact }
  | { readonly verdict: 'refuted' }
  | { readonly verdict: 'later'; readonly otherwise: 'refuted' | 'unavailable' }

const LATER_OR_REFUTED = { verdict: 'later', otherwise: 'refuted' } as const
const LATER_OR_UNAVAILABLE = { verdict: 'later', otherwise: 'unavailable' } as const

/** How far the beginning that was told may be from the provider's own. */
const MAX_DIFFERENCE_MS = 10 * 60_000

/** Of a deployment: the same commit in the same environment, and it ended well. */
export function judgeDeployment(
  told: Pick<DeploymentRow, 'commitSha' | 'environment'>,
  fetched: Fetched<DeploymentFact>,
): Judgement<DeploymentFact> {
  if (fetched.state === 'unavailable') return LATER_OR_UNAVAILABLE
  if (fetched.state === 'missing') return LATER_OR_REFUTED
  const { fact } = fetched
  const same =
    fact.commitSha.toLowerCase() === told.commitSha && fact.environment.toLowerCase() === told.environment
  if (!same) return { verdict: 'refuted' }
  return fact.state === 'success' ? { verdict: 'confirmed', fact } : LATER_OR_REFUTED
}

/**
 * Of an incident: it began when that was told, and it is over if that was told. An alert on a Sentry issue may come long
 * after the issue began, so that an issue may be older than was told; then it counts from the time at which it began.
 */
export function judgeIncident(
  told: Pick<IncidentRow, 'provider' | 'providerId' | 'openedAt' | 'resolvedAt'>,
  fetched: Fetched<IncidentFact>,
): Judgement<IncidentFact> {
  if (fetched.state === 'unavailable') return LATER_OR_UNAVAILABLE
  if (fetched.state === 'missing') return LATER_OR_REFUTED
  const { fact } = fetched
  const later = fact.openedAt.getTime() - told.openedAt.getTime()
  if (later > MAX_DIFFERENCE_MS) return { verdict: 'refuted' }
  const mayBeOlder = told.provider === 'sentry' && told.providerId.startsWith('issue/')
  if (-later > MAX_DIFFERENCE_MS && !mayBeOlder) return { verdict: 'refuted' }
  if (told.resolvedAt !== null && fact.resolvedAt === null) return LATER_OR_REFUTED
  return { verdict: 'confirmed', fact }
}
