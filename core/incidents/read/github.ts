import { z } from 'zod'
import { ignored, type Told, UNREADABLE } from './told.ts'
import { readCommit, readTime } from './values.ts'

const text = z.string().max(200)
const optional = z.string().nullish().catch(null)

const statusSchema = z.object({
  deployment_status: z.object({
    state: text,
    environment: text.nullish().catch(null),
    created_at: optional,
    updated_at: optional,
  }),
  deployment: z.object({ id: z.int().positive(), sha: z.string(), environment: text.nullish().catch(null) }),
  repository: z.object({ full_name: z.string().regex(/^[A-Za-z0-9_.-]{1,100}\/[A-Za-z0-9_.-]{1,100}$/) }),
})

/** `deployment_status`, told by its shape: the header that names the event is not signed. */
export function readGithub(payload: unknown): Told {
  if (typeof payload !== 'object' || payload === null) return UNREADABLE
  if (!('deployment_status' in payload)) return ignored('zen' in payload ? 'ping' : 'not_a_deployment_status')
  const read = statusSchema.safeParse(payload)
  if (!read.success) return UNREADABLE
  const { deployment_status: status, deployment, repository } = read.data
  if (status.state !== 'success') return ignored('not_successful')
  const commitSha = readCommit(deployment.sha)
  const deployedAt = readTime(status.created_at) ?? readTime(status.updated_at)
  const environment = status.environment || deployment.environment
  if (commitSha === null || deployedAt === null || !environment) return UNREADABLE
  const name = repository.full_name.toLowerCase()
  return {
    kind: 'deployment',
    providerId: `${name}#${deployment.id}`,
    hints: { repository: name },
    repository: name,
    environment: environment.toLowerCase(),
    commitSha,
    deployedAt,
  }
}

/** When it was sent, by its signed body: the later of the two times that it has. */
export function githubTime(payload: unknown): Date | null {
  const status = timesSchema.safeParse(payload).data?.deployment_status
  const times = [status?.created_at, status?.updated_at].flatMap((time) => readTime(time)?.getTime() ?? [])
  return times.length === 0 ? null : new Date(Math.max(...times))
}

const timesSchema = z.object({ deployment_status: z.object({ created_at: optional, updated_at: optional }) })
