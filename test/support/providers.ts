import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export * from './provider-webhooks.ts'

/** How a provider's API answers. */
export type Answering =
  | 'properly'
  | 'nothing'
  | 'an error'
  | 'too many requests'
  | 'garbage'
  | 'other JSON'
  | 'a redirect'
  | 'too much'

interface Played {
  /** Its API. */
  readonly url: string
  /** What a customer's token has to be. */
  readonly token: string
  /** Paths that were asked for, in order, with the right token or not. */
  readonly requests: readonly string[]
  answer(how: Answering): void
}

export interface PlayedGithub extends Played {
  /** A deployment; without a state it succeeded at that time. */
  deploy(deployment: {
    repository: string
    id: number
    sha: string
    at: Date
    environment?: string
    states?: readonly { state: string; at: Date }[]
  }): void
  commit(commit: { repository: string; sha: string; message: string; parents?: readonly string[] }): void
}

export interface PlayedSentry extends Played {
  issue(issue: {
    account: string
    id: string
    firstSeen: Date
    release?: string
    files?: readonly string[]
  }): void
  resolveIssue(issue: { account: string; id: string; at: Date }): void
  reopenIssue(issue: { account: string; id: string; at: Date }): void
  metric(incident: { account: string; identifier: string; startedAt: Date; closedAt?: Date }): void
}

export interface PlayedPagerduty extends Played {
  incident(incident: { id: string; openedAt: Date; resolvedAt?: Date }): void
}

/** GitHub, Sentry and PagerDuty, as far as the network asks them, on ports of this machine. */
export interface PlayedProviders {
  readonly github: PlayedGithub
  readonly sentry: PlayedSentry
  readonly pagerduty: PlayedPagerduty
  /** Of the core Worker. */
  readonly variables: {
    readonly GITHUB_API_URL: string
    readonly SENTRY_API_URL: string
    readonly PAGERDUTY_API_URL: string
  }
  stop(): Promise<void>
}

export async function startProviders(): Promise<PlayedProviders> {
  const [githubApi, sentryApi, pagerdutyApi] = await Promise.all([
    startApi('github-token', (token) => `Bearer ${token}`),
    startApi('sentry-token', (token) => `Bearer ${token}`),
    startApi('pagerduty-token', (token) => `Token token=${token}`),
  ])
  return {
    github: playGithub(githubApi),
    sentry: playSentry(sentryApi),
    pagerduty: playPagerduty(pagerdutyApi),
    variables: {
      GITHUB_API_URL: githubApi.played.url,
      SENTRY_API_URL: sentryApi.played.url,
      PAGERDUTY_API_URL: pagerdutyApi.played.url,
    },
    async stop() {
      await Promise.all([githubApi, sentryApi, pagerdutyApi].map((api) => api.stop()))
    },
  }
}

function playGithub({ played, documents }: Api): PlayedGithub {
  return Object.assign(played, {
    deploy({
      repository,
      id,
      sha,
      at,
      environment = 'production',
      states,
    }: Parameters<PlayedGithub['deploy']>[0]) {
      const path = `/repos/${repository.toLowerCase()}/deployments/${id}`
      const told = states ?? [{ state: 'success', at }]
      documents.set(path, { id, sha, environment, created_at: time(at), updated_at: time(at) })
      // Newest first, as GitHub has them.
      const statuses = told.map((one, index) => ({ id: index, state: one.state, created_at: time(one.at) }))
      documents.set(`${path}/statuses`, statuses.reverse())
      const commit = `/repos/${repository.toLowerCase()}/git/commits/${sha}`
      if (!documents.has(commit)) documents.set(commit, { sha, message: 'change', parents: [] })
    },
    commit({ repository, sha, message, parents = [] }: Parameters<PlayedGithub['commit']>[0]) {
      documents.set(`/repos/${repository.toLowerCase()}/git/commits/${sha}`, {
        sha,
        message,
        parents: parents.map((parent) => ({ sha: parent })),
      })
    },
  })
}

function playSentry({ played, documents }: Api): PlayedSentry {
  const issuePath = (account: string, id: string) => `/api/0/organizations/${account}/issues/${id}/`
  const add = (
    { account, id, at }: { account: string; id: string; at: Date },
    status: string,
    type: string,
  ) => {
    const before = documents.get(issuePath(account, id)) as { activity: object[] }
    const activity = [{ type, dateCreated: time(at) }, ...before.activity]
    documents.set(issuePath(account, id), { ...before, status, activity })
  }
  return Object.assign(played, {
    issue({ account, id, firstSeen, release, files = [] }: Parameters<PlayedSentry['issue']>[0]) {
      const seen = time(firstSeen)
      const activity = [{ type: 'first_seen', dateCreated: seen }]
      documents.set(issuePath(account, id), {
        id,
        status: 'unresolved',
        firstSeen: seen,
        lastSeen: seen,
        activity,
      })
      const frames = files.map((filename) => ({ filename, inApp: true }))
      documents.set(`${issuePath(account, id)}events/latest/`, {
        release: release === undefined ? null : { version: release },
        entries: [{ type: 'exception', data: { values: [{ stacktrace: { frames } }] } }],
      })
    },
    resolveIssue: (issue: Parameters<PlayedSentry['resolveIssue']>[0]) =>
      add(issue, 'resolved', 'set_resolved'),
    reopenIssue: (issue: Parameters<PlayedSentry['reopenIssue']>[0]) =>
      add(issue, 'unresolved', 'set_regression'),
    metric({ account, identifier, startedAt, closedAt }: Parameters<PlayedSentry['metric']>[0]) {
      documents.set(`/api/0/organizations/${account}/incidents/${identifier}/`, {
        identifier,
        dateStarted: time(startedAt),
        dateClosed: closedAt === undefined ? null : time(closedAt),
      })
    },
  })
}

function playPagerduty({ played, documents }: Api): PlayedPagerduty {
  return Object.assign(played, {
    incident({ id, openedAt, resolvedAt }: Parameters<PlayedPagerduty['incident']>[0]) {
      const status = resolvedAt === undefined ? 'triggered' : 'resolved'
      const resolved_at = resolvedAt === undefined ? null : time(resolvedAt)
      documents.set(`/incidents/${id}`, {
        incident: { id, status, created_at: time(openedAt), resolved_at, last_status_change_at: resolved_at },
      })
    },
  })
}

function time(at: Date): string {
  return at.toISOString()
}

interface Api {
  readonly played: Played
  /** By path without query. */
  readonly documents: Map<string, unknown>
  stop(): Promise<void>
}

async function startApi(token: string, authorization: (token: string) => string): Promise<Api> {
  const documents = new Map<string, unknown>()
  const requests: string[] = []
  let answering: Answering = 'properly'
  const server = createServer((request, response) => {
    requests.push(request.url ?? '')
    answer(request, response, answering, () => {
      if (request.headers.authorization !== authorization(token)) return { status: 401, body: {} }
      if (request.headers['user-agent'] === undefined) return { status: 403, body: {} }
      const body = documents.get((request.url ?? '').split('?')[0]!)
      return body === undefined ? { status: 404, body: {} } : { status: 200, body }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const played: Played = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    requests,
    answer(how) {
      answering = how
    },
  }
  return { played, documents, stop: () => close(server) }
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  how: Answering,
  properly: () => { status: number; body: unknown },
): void {
  const json = (status: number, body: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  const answers: Record<Answering, () => void> = {
    properly: () => {
      const { status, body } = properly()
      json(status, body)
    },
    nothing: () => {},
    'an error': () => json(500, {}),
    'too many requests': () => json(429, {}),
    garbage: () => response.end('<html>'),
    'other JSON': () => json(200, [null, 1]),
    'a redirect': () => response.writeHead(302, { location: `${request.url}?again` }).end(),
    'too much': () => json(200, { message: 'x'.repeat(1_100_000) }),
  }
  answers[how]()
}

function close(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => void server.close(() => resolve()))
}
