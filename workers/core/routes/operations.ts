import { Hono } from 'hono'
import { type Gauges, type NetworkGauges, readGauges, type StatusListGauges } from '../../../core/metrics.ts'
import type { App } from '../app.ts'
import { authorised } from '../authorised.ts'
import { expose, type Family } from '../metrics.ts'

const GAUGES: readonly [keyof NetworkGauges, string, string][] = [
  ['certificates', 'coderisk_certificates', 'Certificates ever issued.'],
  ['outboxDepth', 'coderisk_outbox_depth', 'Entities that wait to be published.'],
  ['outboxOldestSeconds', 'coderisk_outbox_oldest_seconds', 'Age of the oldest publication mark.'],
  ['logEntries', 'coderisk_log_entries', 'Entries of the transparency log, pending ones included.'],
  ['logSize', 'coderisk_log_size', 'Entries that the newest signed checkpoint covers.'],
  ['logPublishedSize', 'coderisk_log_published_size', 'Entries that the published checkpoint covers.'],
  ['logPending', 'coderisk_log_pending', 'Log entries that have no place in the log yet.'],
  ['logHalted', 'coderisk_log_halted', '1 when sequencing has stopped until somebody looks at it.'],
  ['logCheckpointAgeSeconds', 'coderisk_log_checkpoint_age_seconds', 'Age of the published checkpoint.'],
  ['activeKeyAgeSeconds', 'coderisk_signing_key_age_seconds', 'Age of the active signing key.'],
  [
    'trustRootExpiresInSeconds',
    'coderisk_trust_root_expires_in_seconds',
    'Until the newest trust root expires.',
  ],
  ['reconciliationFindings', 'coderisk_reconciliation_findings', 'What the newest reconciliation found.'],
  ['reconciliationAgeSeconds', 'coderisk_reconciliation_age_seconds', 'Since the newest reconciliation.'],
  ['claimsInReview', 'coderisk_claims_in_review', 'Claims and disputes that wait for a person.'],
  ['payoutsPending', 'coderisk_payouts_pending', 'Payouts that the payment rail has not confirmed.'],
  ['breaker', 'coderisk_breaker', 'The circuit breaker: 0 open, 1 restricted, 2 halted.'],
]

const STATUS_LIST_GAUGES: readonly [Exclude<keyof StatusListGauges, 'list'>, string, string][] = [
  ['bytes', 'coderisk_status_list_bytes', 'Size of the signed token of a status list, as published.'],
  [
    'ageSeconds',
    'coderisk_status_list_age_seconds',
    'Since the published token of a status list was signed.',
  ],
]

export function operationRoutes(): App {
  const app: App = new Hono()

  app.get('/metrics', authorised('operator'), async (c) => {
    const gauges = gaugeFamilies(await readGauges(c.var.ctx))
    const text = expose([...gauges, ...counterFamilies(await c.var.service.collectCounters())])
    return new Response(text, { headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' } })
  })

  return app
}

function gaugeFamilies({ network, statusLists }: Gauges): Family[] {
  const family = (name: string, help: string, values: Family['values']): Family => ({
    name,
    help,
    type: 'gauge',
    values,
  })
  return [
    ...GAUGES.map(([gauge, name, help]) => family(name, help, new Map([['', network[gauge]]]))),
    ...STATUS_LIST_GAUGES.map(([gauge, name, help]) =>
      family(name, help, new Map(statusLists.map((list) => [`{list="${list.list}"}`, list[gauge]]))),
    ),
  ]
}

const HELP: Readonly<Record<string, string>> = {
  coderisk_core_requests_total: 'Requests that the core answered, by method, route and status.',
  coderisk_published_total: 'Entities published to KV or R2.',
  coderisk_publication_failures_total: 'Publications that failed and will be tried again.',
  coderisk_webhooks_accepted_total: 'Webhooks of providers that were verified, by provider.',
  coderisk_webhooks_rejected_total:
    'Webhooks of providers that were refused, by provider and reason: signature, stale or future.',
}

function counterFamilies(counters: Readonly<Record<string, number>>): Family[] {
  return Object.entries(HELP).map(([name, help]) => {
    const mine = Object.entries(counters).filter(
      ([series]) => series === name || series.startsWith(`${name}{`),
    )
    const values = new Map(mine.map(([series, value]) => [series.slice(name.length), value]))
    return { name, help, type: 'counter', values: values.size === 0 ? new Map([['', 0]]) : values }
  })
}
