import { Hono } from 'hono'
import { type NetworkGauges, readGauges } from '../../../core/metrics.ts'
import type { App } from '../app.ts'
import { authorised } from '../authorised.ts'
import { expose, type Family } from '../metrics.ts'

const GAUGES: readonly [keyof NetworkGauges, string, string][] = [
  ['certificates', 'coderisk_certificates', 'Certificates ever issued.'],
  ['outboxDepth', 'coderisk_outbox_depth', 'Entities that wait to be published.'],
  ['outboxOldestSeconds', 'coderisk_outbox_oldest_seconds', 'Age of the oldest publication mark.'],
  ['logEntries', 'coderisk_log_entries', 'Entries of the transparency log, pending ones included.'],
  ['activeKeyAgeSeconds', 'coderisk_signing_key_age_seconds', 'Age of the active signing key.'],
  [
    'trustRootExpiresInSeconds',
    'coderisk_trust_root_expires_in_seconds',
    'Until the newest trust root expires.',
  ],
]

export function operationRoutes(): App {
  const app: App = new Hono()

  app.get('/metrics', authorised('operator'), async (c) => {
    const gauges = await readGauges(c.var.ctx)
    const families = GAUGES.map(
      ([gauge, name, help]): Family => ({
        name,
        help,
        type: 'gauge',
        values: new Map([['', gauges[gauge]]]),
      }),
    )
    const text = expose([...families, ...counterFamilies(await c.var.service.collectCounters())])
    return new Response(text, { headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' } })
  })

  return app
}

const HELP: Readonly<Record<string, string>> = {
  coderisk_core_requests_total: 'Requests that the core answered, by method, route and status.',
  coderisk_published_total: 'Entities published to KV.',
  coderisk_publication_failures_total: 'Publications that failed and will be tried again.',
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
