import { and, asc, desc, eq, gt, gte, inArray, isNotNull, lte, sql } from 'drizzle-orm'
import { certificates, deployments, insurancePolicies } from '../../schema/tables/index.ts'
import type { Transaction } from '../context.ts'
import type {
  DeploymentRow,
  IncidentRow,
  StoredDeploymentFact,
  StoredIncidentFact,
} from '../incidents/rows.ts'
import {
  type AttributionInput,
  type DeploymentEvidence,
  type IncidentEvidence,
  type InsuredCommit,
  MAX_DEPLOYMENTS,
  REVERT_GRACE_MS,
  type Repositories,
  WINDOW_MS,
} from './signals.ts'

/** Of one service, the newest; their files are compared with stack frames. */
const MAX_COMMITS = 20

/** An incident whose end is known. */
export type ResolvedIncident = IncidentRow & { readonly resolvedAt: Date }

/** All that an incident may be attributed by, in rows of its organisation. */
export async function gatherEvidence(tx: Transaction, incident: ResolvedIncident): Promise<AttributionInput> {
  const [found, commits] = await Promise.all([
    deploymentsAround(tx, incident),
    incident.stackPaths.length === 0 && factOf(incident) === null ? [] : insuredCommits(tx, incident),
  ])
  const deployed = found.map(describeDeployment)
  return {
    incident: describeIncident(incident),
    deployments: deployed,
    commits,
    repositories: await repositoriesOf(tx, incident, deployed),
  }
}

/** The last deployments of the service before an incident, and those while it lasted. */
export async function deploymentsAround(
  tx: Transaction,
  incident: ResolvedIncident,
): Promise<DeploymentRow[]> {
  const { openedAt, resolvedAt } = incident
  const ofService = and(
    eq(deployments.organisationId, incident.organisationId),
    eq(deployments.service, incident.service),
  )
  const [before, after] = await Promise.all([
    tx
      .select()
      .from(deployments)
      .where(
        and(
          ofService,
          lte(deployments.deployedAt, openedAt),
          gte(deployments.deployedAt, new Date(openedAt.getTime() - WINDOW_MS)),
        ),
      )
      .orderBy(desc(deployments.deployedAt), asc(deployments.id))
      .limit(MAX_DEPLOYMENTS),
    tx
      .select()
      .from(deployments)
      .where(
        and(
          ofService,
          gt(deployments.deployedAt, openedAt),
          lte(deployments.deployedAt, new Date(resolvedAt.getTime() + REVERT_GRACE_MS)),
        ),
      )
      .orderBy(asc(deployments.deployedAt), asc(deployments.id))
      .limit(MAX_DEPLOYMENTS),
  ])
  return [...before, ...after]
}

export function describeDeployment(row: DeploymentRow): DeploymentEvidence {
  const fact = row.fact as StoredDeploymentFact | null
  return {
    id: row.id,
    commitSha: row.commitSha,
    deployedAt: row.deployedAt,
    repository: row.repository?.toLowerCase() ?? null,
    factState: row.factState,
    revertedSha: row.factState === 'confirmed' ? (fact?.reverted_sha ?? null) : null,
  }
}

function describeIncident(row: ResolvedIncident): IncidentEvidence {
  const { openedAt, resolvedAt, factState, releaseSha, stackPaths, revertedSha } = row
  const fact = factOf(row)
  return {
    openedAt,
    resolvedAt,
    factState,
    told: { releaseSha, stackPaths, revertedSha },
    fact: fact && { releaseSha: fact.release_sha, stackPaths: fact.stack_paths },
  }
}

function factOf(row: IncidentRow): StoredIncidentFact | null {
  return row.factState === 'confirmed' ? (row.fact as StoredIncidentFact | null) : null
}

/** Commits that are insured and ran as this service, with the files that their certificates name. */
async function insuredCommits(tx: Transaction, incident: IncidentRow): Promise<InsuredCommit[]> {
  const rows = await tx
    .select({
      commitSha: insurancePolicies.commitSha,
      signed: certificates.signed,
      salt: sql<string | null>`${certificates.report} ->> 'path_salt'`,
    })
    .from(insurancePolicies)
    .innerJoin(certificates, eq(certificates.id, insurancePolicies.certificateId))
    .where(
      and(
        eq(insurancePolicies.organisationId, incident.organisationId),
        eq(insurancePolicies.service, incident.service),
        lte(insurancePolicies.activatedAt, incident.openedAt),
      ),
    )
    .orderBy(desc(insurancePolicies.position))
    .limit(MAX_COMMITS)
  return rows.map(({ commitSha, signed, salt }) => ({ commitSha, files: filesChanged(signed), salt }))
}

/** Where CI says that the commits are which a deployment may point to. */
async function repositoriesOf(
  tx: Transaction,
  { organisationId }: IncidentRow,
  deployed: readonly DeploymentEvidence[],
): Promise<Repositories> {
  const commits = new Set(
    deployed.flatMap(({ commitSha, revertedSha }) => [commitSha, revertedSha ?? commitSha]),
  )
  if (commits.size === 0) return new Map()
  const rows = await tx
    .select({
      commitSha: insurancePolicies.commitSha,
      repository: sql<string>`${insurancePolicies.repository}`,
    })
    .from(insurancePolicies)
    .where(
      and(
        eq(insurancePolicies.organisationId, organisationId),
        inArray(insurancePolicies.commitSha, [...commits]),
        isNotNull(insurancePolicies.repository),
      ),
    )
    .groupBy(insurancePolicies.commitSha, insurancePolicies.repository)
  const byCommit = Map.groupBy(rows, ({ commitSha }) => commitSha)
  return new Map(
    [...byCommit].map(([commitSha, of]) => [commitSha, new Set(of.map(({ repository }) => repository))]),
  )
}

/** From the signed bytes: they are what was certified. */
function filesChanged(signed: Uint8Array): string[] {
  const { files_changed } = JSON.parse(new TextDecoder().decode(signed)) as { files_changed: string[] }
  return files_changed
}
