import { createHmac, randomUUID } from 'node:crypto'

/** A webhook as its provider sends it. */
export interface SignedWebhook {
  readonly body: Uint8Array<ArrayBuffer>
  readonly headers: Readonly<Record<string, string>>
}

/** An object is sent as JSON; a text or bytes as they are. */
export type Payload = object | string | Uint8Array

export function signGithub(secret: string, payload: Payload, event = 'deployment_status'): SignedWebhook {
  const body = bytesOf(payload)
  return signed(body, {
    'x-github-event': event,
    'x-github-delivery': randomUUID(),
    'x-hub-signature-256': `sha256=${hexHmac(secret, body)}`,
  })
}

export function signSentry(secret: string, payload: Payload, at?: Date): SignedWebhook {
  const body = bytesOf(payload)
  return signed(body, {
    'request-id': randomUUID(),
    'sentry-hook-signature': hexHmac(secret, body),
    ...(at === undefined ? {} : { 'sentry-hook-timestamp': seconds(at) }),
  })
}

/** @param secrets one signature for each */
export function signPagerduty(secrets: string | readonly string[], payload: Payload): SignedWebhook {
  const body = bytesOf(payload)
  const signatures = [secrets].flat().map((secret) => `v1=${hexHmac(secret, body)}`)
  return signed(body, { 'x-pagerduty-signature': signatures.join(',') })
}

/** Datadog does not sign: its secret is in a header of its own. */
export function signDatadog(secret: string, payload: Payload): SignedWebhook {
  return signed(bytesOf(payload), { 'x-coderisk-secret': secret })
}

/** Standard Webhooks, for `deploy` and `incident`. @param secrets `whsec_…`: one signature for each */
export function signStandard(
  secrets: string | readonly string[],
  payload: Payload,
  { id = `msg_${randomUUID()}`, at = new Date() }: { id?: string; at?: Date } = {},
): SignedWebhook {
  const body = bytesOf(payload)
  const signatures = [secrets].flat().map((secret) => {
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
    const code = createHmac('sha256', key)
      .update(`${id}.${seconds(at)}.`)
      .update(body)
    return `v1,${code.digest('base64')}`
  })
  return signed(body, {
    'webhook-id': id,
    'webhook-timestamp': seconds(at),
    'webhook-signature': signatures.join(' '),
  })
}

function signed(body: Uint8Array<ArrayBuffer>, headers: Record<string, string>): SignedWebhook {
  return { body, headers: { 'content-type': 'application/json', ...headers } }
}

function bytesOf(payload: Payload): Uint8Array<ArrayBuffer> {
  if (payload instanceof Uint8Array) return new Uint8Array(payload)
  return new Uint8Array(Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload)))
}

function hexHmac(secret: string, body: Uint8Array): string {
  return createHmac('sha256', secret).update(body).digest('hex')
}

function seconds(at: Date): string {
  return String(Math.floor(at.getTime() / 1000))
}

/** GitHub's `deployment_status`, in the members that count and some that do not. */
export function githubDeploymentStatus(deployment: {
  repository: string
  id: number
  sha: string
  at: Date
  environment?: string
  state?: string
}): object {
  const { repository, id, sha, at, environment = 'production', state = 'success' } = deployment
  const time = at.toISOString()
  return {
    action: 'created',
    deployment_status: { id: id * 10, state, environment, created_at: time, updated_at: time, creator: {} },
    deployment: { id, sha, ref: 'main', task: 'deploy', environment, created_at: time, updated_at: time },
    repository: { full_name: repository, private: true },
    sender: { login: 'octocat' },
  }
}

/** Sentry's `event_alert`. */
export function sentryEventAlert(alert: {
  account: string
  project: string
  issue: string
  at: Date
  title?: string
  release?: string | null
  /** Of frames that are the application's own. */
  files?: readonly string[]
}): object {
  const { account, project, issue, at, title = 'TypeError: x is not a function', files = [] } = alert
  const frames = [
    { filename: 'node_modules/express/index.js', in_app: false, lineno: 1 },
    ...files.map((filename) => ({ filename, in_app: true, lineno: 7 })),
  ]
  return {
    action: 'triggered',
    actor: { id: 'sentry', name: 'Sentry', type: 'application' },
    data: {
      event: {
        issue_id: issue,
        project: 1,
        title,
        datetime: at.toISOString().replace('Z', '000Z'),
        release: alert.release ?? null,
        url: `https://sentry.io/api/0/projects/${account}/${project}/events/e4874d66/`,
        web_url: `https://sentry.io/organizations/${account}/issues/${issue}/events/e4874d66/`,
        exception: { values: [{ type: 'TypeError', stacktrace: { frames } }] },
      },
      triggered_rule: 'Errors',
    },
  }
}

/** Sentry's `issue`. */
export function sentryIssue(issue: {
  project: string
  id: string
  action: 'created' | 'resolved' | 'assigned'
  firstSeen: Date
  title?: string
}): object {
  const { project, id, action, firstSeen, title = 'TypeError: x is not a function' } = issue
  return {
    action,
    data: {
      issue: {
        id,
        title,
        firstSeen: firstSeen.toISOString(),
        permalink: null,
        project: { id: '1', name: project, slug: project },
        status: action === 'resolved' ? 'resolved' : 'unresolved',
      },
    },
  }
}

/** Sentry's `metric_alert`. */
export function sentryMetricAlert(alert: {
  project: string
  identifier: string
  action: 'critical' | 'warning' | 'resolved'
  startedAt: Date
  closedAt?: Date
}): object {
  const { project, identifier, action, startedAt, closedAt } = alert
  return {
    action,
    data: {
      description_title: `${action}: Too many errors`,
      web_url: `https://sentry.io/organizations/example/alerts/${identifier}/`,
      metric_alert: {
        id: '4',
        identifier,
        projects: [project],
        title: 'Too many errors',
        date_started: startedAt.toISOString(),
        date_closed: closedAt?.toISOString() ?? null,
      },
    },
  }
}

/** PagerDuty's V3 event. @param event.at of the event; of the opening too, unless `openedAt` says otherwise */
export function pagerdutyEvent(event: {
  id: string
  type: 'incident.triggered' | 'incident.resolved' | 'incident.acknowledged'
  at: Date
  openedAt?: Date
  service?: string
  title?: string
}): object {
  const { id, type, at, openedAt = at, service = 'Checkout', title = 'Checkout is down' } = event
  return {
    event: {
      id: randomUUID(),
      event_type: type,
      resource_type: 'incident',
      occurred_at: at.toISOString(),
      data: {
        id,
        type: 'incident',
        html_url: `https://example.pagerduty.com/incidents/${id}`,
        created_at: openedAt.toISOString(),
        title,
        status: type.slice('incident.'.length),
        service: { id: 'PF9KMXH', summary: service, type: 'service_reference' },
      },
    },
  }
}

/** What Datadog makes of our template. */
export function datadogAlert(alert: {
  cycle: string
  transition: string
  at: Date
  tags?: readonly string[]
}): object {
  const { cycle, transition, at, tags = ['service:checkout', 'env:production'] } = alert
  return {
    id: '2234567890123456789',
    cycle_key: cycle,
    transition,
    date: String(at.getTime()),
    tags: tags.join(','),
    link: 'https://app.datadoghq.com/monitors/1',
    title: `[${transition}] Checkout is slow`,
  }
}
