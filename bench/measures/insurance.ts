import postgres from 'postgres'
import { type Environment, once } from '../environment.ts'
import type { Post } from '../load/load.ts'
import { makeCustomers } from '../network/customers.ts'
import type { Network } from '../network/network.ts'
import { median, quantile } from '../statistics.ts'
import type { Finding, Measure } from './measure.ts'

/** Each has one certificate, on which no more than 250 policies are taken. */
const CUSTOMERS = 80
const CONNECTIONS = 16
const WARM_UP_S = 2
const ROUNDS = 4
const ROUND_S = 3
const BARE_S = 1.5
const BINDS_PER_S = 150
const ARRIVAL_S = 15
const MAX_P95_MS = 60
/** Little, so that the caps of customers and day are far away; still it needs a subsidy. */
const COVERAGE_CENTS = 1_000

/** Cover bound over HTTP by many customers, who all wait for the rows of the day's cap and of the subsidy. */
export function insuranceMeasures(environment: Environment): Measure[] {
  const prepared = once(() => prepare(environment))
  return [
    {
      name: 'insurance_bind_throughput',
      unit: 'policies/s',
      good: 'high',
      bar: 1,
      run: async () => throughput(environment, await prepared()),
    },
    {
      name: 'insurance_bind_p95',
      unit: 'ms',
      good: 'low',
      bar: 1,
      run: async () => latency(environment, await prepared()),
    },
  ]
}

interface Prepared {
  readonly network: Network
  readonly load: { readonly url: string; readonly path: string; readonly posts: readonly Post[] }
}

async function prepare(environment: Environment): Promise<Prepared> {
  const network = await environment.network('bench')
  const customers = await makeCustomers(network, CUSTOMERS)
  await network.sql`UPDATE insurance_state SET subsidy_budget_micros = 1000000000000000`
  const posts = customers.map(({ apiKey, certificateId }) => ({
    apiKey,
    body: JSON.stringify({
      certificate_id: certificateId,
      tier: 'basic',
      coverage: COVERAGE_CENTS,
      service: 'checkout',
      sla_cost_per_minute_cents: 10_000,
    }),
  }))
  const load = { url: network.urls.edge, path: '/v1/trust/insure', posts }
  await environment.generator.run({ kind: 'posts', ...load, connections: CONNECTIONS, seconds: WARM_UP_S })
  return { network, load }
}

/** In turns with what PostgreSQL makes of the hot row alone, as a transaction each. */
async function throughput(environment: Environment, { network, load }: Prepared): Promise<Finding> {
  const rates: number[] = []
  const bare: number[] = []
  const cpu: number[] = []
  for (let round = 0; round < environment.count(ROUNDS); round++) {
    const before = network.cpuMs() ?? Number.NaN
    const result = await environment.generator.run({
      kind: 'posts',
      ...load,
      connections: CONNECTIONS,
      seconds: ROUND_S,
    })
    cpu.push(((network.cpuMs() ?? Number.NaN) - before) / result.requests)
    rates.push(result.requests / result.seconds)
    bare.push(await updateHotRow(network, BARE_S * Math.max(environment.share, 0.2)))
  }
  await assertCounted(network)
  const [ours, alone] = [median(rates), median(bare)]
  const note = `${median(cpu).toFixed(1)} ms of CPU each in workerd; the hot row alone is updated ${alone.toFixed(0)} times a second: ${(ours / alone).toFixed(2)}`
  return { ours, limit: BINDS_PER_S, note }
}

async function latency(environment: Environment, { load, network }: Prepared): Promise<Finding> {
  const seconds = environment.count(ARRIVAL_S)
  const { latenciesMs } = await environment.generator.run({
    kind: 'post-arrivals',
    ...load,
    perSecond: BINDS_PER_S,
    seconds,
  })
  await assertCounted(network)
  const [p50, p99] = [median(latenciesMs), quantile(latenciesMs, 0.99)]
  return {
    ours: quantile(latenciesMs, 0.95),
    limit: MAX_P95_MS,
    note: `${latenciesMs.length} at ${BINDS_PER_S}/s; p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
  }
}

/** Transactions per second that update one row which all want, and nothing else; durable like the rest. */
async function updateHotRow({ sql, appDatabaseUrl }: Network, seconds: number): Promise<number> {
  await sql`CREATE TABLE IF NOT EXISTS bench_hot_row AS SELECT 1 AS id, 0 AS used`
  await sql`GRANT SELECT, UPDATE ON bench_hot_row TO coderisk_app`
  const client = postgres(appDatabaseUrl, { max: CONNECTIONS, onnotice: () => {} })
  let count = 0
  const update = async (until: number) => {
    for (; performance.now() < until; count++) await client`UPDATE bench_hot_row SET used = used + 1`
  }
  const all = (until: number) => Promise.all(Array.from({ length: CONNECTIONS }, () => update(until)))
  await all(performance.now() + 200)
  count = 0
  await all(performance.now() + seconds * 1000)
  await client.end({ timeout: 1 })
  return count / seconds
}

/** What was measured is worth something only if the counters are the policies. */
async function assertCounted({ sql }: Network): Promise<void> {
  const [row] = await sql<{ even: boolean }[]>`SELECT
    (SELECT sum(coverage_micros) FROM insurance_policies) = (SELECT sum(on_risk_micros) FROM exposure_customers)
    AND (SELECT sum(coverage_micros) FROM insurance_policies) = (SELECT sum(bound_micros) FROM exposure_days) AS even`
  if (!row!.even) throw new Error('the counters of the caps are not the policies')
}
