import { createHmac, randomUUID } from 'node:crypto'
import type { Environment } from '../environment.ts'
import { makeCustomers } from '../network/customers.ts'
import type { Network } from '../network/network.ts'
import { median, quantile } from '../statistics.ts'
import type { Finding, Measure } from './measure.ts'

const INCIDENTS = 60
const MAX_P95_MS = 2_000
const POLL_MS = 5
const GIVE_UP_MS = 30_000
const MINUTE_MS = 60_000

/** From the webhook that tells of an incident's end to the claim: received, looked at, attributed, filed. */
export function claimMeasures(environment: Environment): Measure[] {
  return [
    {
      name: 'claims_filed_p95',
      unit: 'ms',
      good: 'low',
      bar: 1,
      run: async () => filed(environment, await environment.network('bench')),
    },
  ]
}

async function filed(environment: Environment, network: Network): Promise<Finding> {
  const send = await deployCovered(network)
  const latencies: number[] = []
  for (let index = 0; index < environment.count(INCIDENTS); index++) {
    // Each has two minutes of its own, a while ago.
    const openedAt = new Date(Date.now() - (index + 2) * 2 * MINUTE_MS)
    const id = randomUUID()
    const started = performance.now()
    await send('incident', {
      id,
      service: 'claims',
      title: 'An incident',
      status: 'resolved',
      opened_at: openedAt.toISOString(),
      resolved_at: new Date(openedAt.getTime() + MINUTE_MS).toISOString(),
    })
    await untilClaimed(network, id)
    latencies.push(performance.now() - started)
  }
  const note = `${latencies.length} incidents, one after the other; p50 ${median(latencies).toFixed(0)} ms`
  return { ours: quantile(latencies, 0.95), limit: MAX_P95_MS, note }
}

/** A policy that is active since yesterday, as far as the network knows. @returns how to send webhooks of its customer */
async function deployCovered(network: Network) {
  const [customer] = await makeCustomers(network, 1)
  const ask = (path: string, body: object) =>
    post(network, path, { authorization: `Bearer ${customer!.apiKey}` }, body)
  const policy = await ask('/v1/trust/insure', {
    certificate_id: customer!.certificateId,
    tier: 'enterprise',
    service: 'claims',
    sla_cost_per_minute_cents: 100,
  })
  const integrations = {
    deploy: await ask('/v1/integrations', { provider: 'deploy' }),
    incident: await ask('/v1/integrations', { provider: 'incident' }),
  }
  const send = (provider: keyof typeof integrations, body: object) => {
    const { id, secret } = integrations[provider]
    return post(network, `/webhooks/${provider}/${id}`, sign(secret!, body), body)
  }
  await send('deploy', {
    id: randomUUID(),
    service: 'claims',
    commit_sha: policy.commit_sha,
    deployed_at: new Date().toISOString(),
  })
  await until(async () => {
    const [row] = await network.sql`SELECT status FROM insurance_policies WHERE id = ${policy.id!}`
    return row!.status === 'active'
  })
  await network.sql`UPDATE insurance_policies SET activated_at = activated_at - interval '1 day' WHERE id = ${policy.id!}`
  await network.sql`UPDATE deployments SET deployed_at = deployed_at - interval '1 day' WHERE service = 'claims'`
  return send
}

function untilClaimed({ sql }: Network, providerId: string): Promise<void> {
  return until(async () => {
    const rows = await sql`
      SELECT FROM insurance_claims c JOIN incidents i ON i.id = c.incident_id WHERE i.provider_id = ${providerId}`
    return rows.length > 0
  })
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const limit = performance.now() + GIVE_UP_MS
  while (!(await holds())) {
    if (performance.now() > limit) throw new Error('it does not come about')
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

/** https://www.standardwebhooks.com */
function sign(secret: string, body: object): Record<string, string> {
  const id = randomUUID()
  const time = String(Math.floor(Date.now() / 1000))
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const code = createHmac('sha256', key)
    .update(`${id}.${time}.${JSON.stringify(body)}`)
    .digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': `v1,${code}` }
}

async function post(
  { urls }: Network,
  path: string,
  headers: Record<string, string>,
  body: object,
): Promise<Readonly<Record<string, string>>> {
  const response = await fetch(urls.edge + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`POST ${path} was answered with ${response.status}`)
  return (await response.json()) as Readonly<Record<string, string>>
}
