import { z } from 'zod'
import type { DeploymentFact } from '../../../../core/incidents/providers.ts'

const time = z.iso.datetime({ offset: true })
const deploymentSchema = z.object({
  sha: z.string().regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/i),
  environment: z.string(),
  created_at: time,
})
const statusesSchema = z.array(z.object({ state: z.string(), created_at: time }))
const commitSchema = z.object({
  message: z.string(),
  parents: z.array(z.object({ sha: z.string() })),
})
const SUCCESS = 'success'
const REVERTS = /^This reverts commit ([0-9a-f]{40}(?:[0-9a-f]{24})?)\b/im

/**
 * A deployment succeeded when it first did: GitHub sets older ones to `inactive` later.
 *
 * @param deployment `GET /repos/{repository}/deployments/{id}`
 * @param statuses `GET /repos/{repository}/deployments/{id}/statuses`, newest first
 * @throws when they are not that
 */
export function readDeploymentFact(deployment: unknown, statuses: unknown): DeploymentFact {
  const { sha, environment, created_at } = deploymentSchema.parse(deployment)
  const told = statusesSchema.parse(statuses)
  const succeeded = told
    .filter(({ state }) => state === SUCCESS)
    .map((status) => Date.parse(status.created_at))
  const at = succeeded.length === 0 ? Date.parse(told[0]?.created_at ?? created_at) : Math.min(...succeeded)
  return {
    commitSha: sha.toLowerCase(),
    environment,
    deployedAt: new Date(at),
    state: succeeded.length > 0 ? SUCCESS : (told[0]?.state ?? 'pending'),
  }
}

/**
 * What a commit reverts, as `git revert` writes it; and of a merge the commit that it brought in.
 *
 * @param commit `GET /repos/{repository}/git/commits/{sha}`
 * @throws when it is not that
 */
export function readRevert(commit: unknown): { revertedSha: string | null; merged: string | null } {
  const { message, parents } = commitSchema.parse(commit)
  return {
    revertedSha: REVERTS.exec(message)?.[1]?.toLowerCase() ?? null,
    merged: parents.length === 2 ? parents[1]!.sha : null,
  }
}
