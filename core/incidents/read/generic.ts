import { deployWebhookSchema, incidentWebhookSchema } from '../../../schema/wire/incidents.ts'
import { type Told, UNREADABLE } from './told.ts'
import { notAfter, readCommit, readPaths, readTime, readTitle, readUrl } from './values.ts'

/** The documented body of `POST /webhooks/deploy`. The same id for another commit or service is another deployment. */
export function readDeploy(payload: unknown): Told {
  const read = deployWebhookSchema.safeParse(payload)
  if (!read.success) return UNREADABLE
  const { id, service, environment, repository } = read.data
  const commitSha = readCommit(read.data.commit_sha)
  const deployedAt = readTime(read.data.deployed_at)
  if (commitSha === null || deployedAt === null) return UNREADABLE
  return {
    kind: 'deployment',
    providerId: `${service}/${id}@${commitSha}`,
    hints: { service },
    repository: repository ?? null,
    environment,
    commitSha,
    deployedAt,
  }
}

/** The documented body of `POST /webhooks/incident`. */
export function readIncident(payload: unknown, receivedAt: Date): Told {
  const read = incidentWebhookSchema.safeParse(payload)
  if (!read.success) return UNREADABLE
  const body = read.data
  const openedAt = readTime(body.opened_at)
  const resolvedAt = body.resolved_at === undefined ? receivedAt : readTime(body.resolved_at)
  if (openedAt === null || resolvedAt === null) return UNREADABLE
  return {
    kind: 'incident',
    providerId: body.id,
    hints: { service: body.service },
    at: notAfter(body.status === 'open' ? openedAt : resolvedAt, receivedAt),
    openedAt: notAfter(openedAt, receivedAt),
    resolvedAt: body.status === 'open' ? null : notAfter(resolvedAt, receivedAt),
    title: readTitle(body.title),
    url: readUrl(body.url),
    releaseSha: readCommit(body.release_sha),
    stackPaths: readPaths(body.stack_paths ?? []),
    revertedSha: readCommit(body.reverted_sha),
  }
}
