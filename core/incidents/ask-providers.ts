import { eq, inArray } from 'drizzle-orm'
import { integrations } from '../../schema/tables/index.ts'
import type { Context } from '../context.ts'
import { canAsk } from './can-ask.ts'
import { type Judgement, judgeDeployment, judgeIncident } from './judge-fact.ts'
import type { Fetched, IncidentFact, ProviderApis } from './providers.ts'
import type {
  DeploymentRow,
  IncidentRow,
  IntegrationRow,
  StoredDeploymentFact,
  StoredIncidentFact,
} from './rows.ts'

const UNASKED = { verdict: 'later', otherwise: 'unavailable' } as const

/** The integrations of rows, by id. */
export async function findIntegrations(
  ctx: Context,
  rows: readonly { readonly integrationId: string }[],
): Promise<ReadonlyMap<string, IntegrationRow>> {
  const ids = [...new Set(rows.map((row) => row.integrationId))]
  if (ids.length === 0) return new Map()
  const found = await ctx.database.asSystem((tx) =>
    tx
      .select()
      .from(integrations)
      .where(ids.length === 1 ? eq(integrations.id, ids[0]!) : inArray(integrations.id, ids)),
  )
  return new Map(found.map((integration) => [integration.id, integration]))
}

/** Asks GitHub for a deployment, and for what its commit reverts. */
export async function askOfDeployment(
  ctx: Context,
  apis: ProviderApis,
  row: DeploymentRow,
  integration: IntegrationRow | undefined,
): Promise<Judgement<StoredDeploymentFact>> {
  const { repository } = row
  if (integration === undefined || !canAsk(integration) || repository === null) return UNASKED
  const token = await openToken(ctx, integration)
  const deploymentId = row.providerId.slice(row.providerId.lastIndexOf('#') + 1)
  const [deployment, revert] = await Promise.all([
    apis.githubDeployment(token, { repository, deploymentId }),
    apis.githubRevert(token, { repository, sha: row.commitSha }),
  ])
  const judged = judgeDeployment(row, deployment)
  if (judged.verdict !== 'confirmed') return judged
  if (revert.state === 'unavailable' && row.factAttempts < ATTEMPTS_FOR_REVERT) return UNASKED
  const { fact } = judged
  return {
    verdict: 'confirmed',
    fact: {
      commit_sha: fact.commitSha.toLowerCase(),
      environment: fact.environment.toLowerCase(),
      deployed_at: fact.deployedAt.toISOString(),
      state: fact.state,
      reverted_sha: revert.state === 'found' ? (revert.fact.revertedSha?.toLowerCase() ?? null) : null,
    },
  }
}

/** A deployment stands without it: it is asked for once more, and then goes without. */
const ATTEMPTS_FOR_REVERT = 2

/** Asks Sentry or PagerDuty for an incident. */
export async function askOfIncident(
  ctx: Context,
  apis: ProviderApis,
  row: IncidentRow,
  integration: IntegrationRow | undefined,
): Promise<Judgement<StoredIncidentFact>> {
  if (integration === undefined || !canAsk(integration)) return UNASKED
  const token = await openToken(ctx, integration)
  const { providerId } = row
  const asked: Promise<Fetched<IncidentFact>> =
    row.provider === 'sentry'
      ? apis.sentryIncident(token, { account: integration.account!, providerId })
      : apis.pagerdutyIncident(token, { providerId })
  const judged = judgeIncident(row, await asked)
  if (judged.verdict !== 'confirmed') return judged
  const { fact } = judged
  return {
    verdict: 'confirmed',
    fact: {
      opened_at: fact.openedAt.toISOString(),
      resolved_at: fact.resolvedAt?.toISOString() ?? null,
      release_sha: fact.releaseSha?.toLowerCase() ?? null,
      stack_paths: fact.stackPaths,
    },
  }
}

function openToken(ctx: Context, integration: IntegrationRow): Promise<string> {
  return ctx.keys.openSecret(`${integration.id}:token`, new Uint8Array(integration.sealedToken!))
}
