import type {
  DeploymentFact,
  Fetched,
  IncidentFact,
  ProviderApis,
} from '../../../core/incidents/providers.ts'
import type { CoreEnv } from '../env.ts'
import { readDeploymentFact, readRevert } from './provider-answers/github.ts'
import { readPagerdutyFact } from './provider-answers/pagerduty.ts'
import { readIssueFact, readMetricFact } from './provider-answers/sentry.ts'

/** Of one question, however many requests it takes. */
const TIMEOUT_MS = 4_000
const MAX_ANSWER_BYTES = 1024 * 1024
const USER_AGENT = 'coderisk-trust-network'
const REPOSITORY = /^[A-Za-z0-9_.-]{1,100}\/[A-Za-z0-9_.-]{1,100}$/
const DOTS_ALONE = /(?:^|\/)\.{1,2}(?:\/|$)/
const NUMBER = /^\d{1,20}$/
const SENTRY_ID = /^(issue|metric)\/(\d{1,20})$/
const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/i
const SLUG = /^[A-Za-z0-9_-]{1,100}$/

const DEFAULT_URLS = {
  github: 'https://api.github.com',
  sentry: 'https://sentry.io',
  pagerduty: 'https://api.pagerduty.com',
} as const

type Variables = Pick<CoreEnv, 'GITHUB_API_URL' | 'SENTRY_API_URL' | 'PAGERDUTY_API_URL'>

/** The providers' own APIs over HTTPS. Where they are is the operator's to say; of a customer's come only ids, checked. */
export function createProviderApis(env: Variables): ProviderApis {
  const github = (token: string) =>
    api(env.GITHUB_API_URL || DEFAULT_URLS.github, {
      authorization: `Bearer ${token}`,
      accept: 'application/vnd.github+json',
      'x-github-api-version': '2022-11-28',
    })
  const sentry = (token: string) =>
    api(env.SENTRY_API_URL || DEFAULT_URLS.sentry, { authorization: `Bearer ${token}` })
  const pagerduty = (token: string) =>
    api(env.PAGERDUTY_API_URL || DEFAULT_URLS.pagerduty, {
      authorization: `Token token=${token}`,
      accept: 'application/vnd.pagerduty+json;version=2',
    })
  return {
    githubDeployment: (token, deployment) => settle(() => githubDeployment(github(token), deployment)),
    githubRevert: (token, commit) => settle(() => githubRevert(github(token), commit)),
    sentryIncident: (token, incident) => settle(() => sentryIncident(sentry(token), incident)),
    pagerdutyIncident: (token, incident) =>
      settle(() => pagerdutyIncident(pagerduty(token), incident.providerId)),
  }
}

/** One JSON answer. @throws {Missing} when there is no such thing; anything else when there is no proper answer in time */
type Get = (path: string) => Promise<unknown>

class Missing extends Error {}

async function settle<Fact>(ask: () => Promise<Fact>): Promise<Fetched<Fact>> {
  try {
    return { state: 'found', fact: await ask() }
  } catch (error) {
    return { state: error instanceof Missing ? 'missing' : 'unavailable' }
  }
}

async function githubDeployment(
  get: Get,
  { repository, deploymentId }: { repository: string; deploymentId: string },
): Promise<DeploymentFact> {
  const path = `/repos/${repositoryPath(repository)}/deployments/${part(NUMBER, deploymentId)}`
  const [deployment, statuses] = await Promise.all([get(path), get(`${path}/statuses?per_page=100`)])
  return readDeploymentFact(deployment, statuses)
}

/** Of a merge, what it merges is asked too: GitHub's own reverts say it there. */
async function githubRevert(
  get: Get,
  { repository, sha }: { repository: string; sha: string },
): Promise<{ revertedSha: string | null }> {
  const commits = `/repos/${repositoryPath(repository)}/git/commits/`
  const { revertedSha, merged } = readRevert(await get(`${commits}${part(COMMIT, sha)}`))
  if (revertedSha !== null || merged === null) return { revertedSha }
  return { revertedSha: readRevert(await get(`${commits}${part(COMMIT, merged)}`)).revertedSha }
}

/** @param incident.providerId `issue/{id}` or `metric/{identifier}`: `core/incidents/read/sentry.ts` */
async function sentryIncident(
  get: Get,
  { account, providerId }: { account: string; providerId: string },
): Promise<IncidentFact> {
  const organisation = `/api/0/organizations/${part(SLUG, account)}`
  const [, kind, id] = SENTRY_ID.exec(providerId) ?? []
  if (kind === undefined || id === undefined) throw new Missing()
  if (kind === 'metric') return readMetricFact(await get(`${organisation}/incidents/${id}/`))
  const path = `${organisation}/issues/${id}/`
  const [issue, event] = await Promise.all([get(path), get(`${path}events/latest/`).catch(orNull)])
  return readIssueFact(issue, event)
}

/** Events are kept for a shorter time than their issue. */
function orNull(error: unknown): null {
  if (error instanceof Missing) return null
  throw error
}

async function pagerdutyIncident(get: Get, providerId: string): Promise<IncidentFact> {
  return readPagerdutyFact(await get(`/incidents/${part(SLUG, providerId)}`))
}

function repositoryPath(repository: string): string {
  if (!REPOSITORY.test(repository) || DOTS_ALONE.test(repository)) throw new Missing()
  return repository
}

/** What has another form is the id of nothing, and must not become a path to something else. */
function part(form: RegExp, text: string): string {
  if (!form.test(text)) throw new Missing()
  return encodeURIComponent(text)
}

function api(baseUrl: string, headers: Readonly<Record<string, string>>): Get {
  const base = baseUrl.replace(/\/+$/, '')
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  return async (path) => {
    const response = await fetch(`${base}${path}`, {
      headers: { accept: 'application/json', 'user-agent': USER_AGENT, ...headers },
      redirect: 'manual',
      signal,
    })
    if (response.status !== 200) {
      await response.body?.cancel()
      if (response.status === 404 || response.status === 410) throw new Missing()
      throw new Error(`answered ${response.status}`)
    }
    return JSON.parse(await readText(response)) as unknown
  }
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length
    if (length > MAX_ANSWER_BYTES) throw new RangeError('the answer is too large')
    chunks.push(chunk)
  }
  return new TextDecoder().decode(await new Blob(chunks as BlobPart[]).arrayBuffer())
}
