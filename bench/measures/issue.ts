import { spawnSync } from 'node:child_process'
import { constants, createSign, generateKeyPairSync } from 'node:crypto'
import type { Environment } from '../environment.ts'
import { median, quantile } from '../statistics.ts'
import type { Finding, Measure } from './measure.ts'

const CONNECTIONS = 16
const SIGNING_S = 3
const WARM_UP_S = 2
const ROUNDS = 3
const ROUND_S = 4
const ARRIVALS_PER_S = 20
const ARRIVAL_S = 15
const MAX_LATENCY_MS = 50

/** Certificates through the edge Worker, against what the signature alone would allow one core. */
export function issueMeasures(environment: Environment): Measure[] {
  const throughput = (lines: number, bar: number): Measure => ({
    name: `issue_throughput_${lines}_lines`,
    unit: 'certificates/s',
    good: 'high',
    bar,
    run: () => issueInTurns(environment, lines),
  })
  return [
    throughput(10, 0.6),
    throughput(500, 0.35),
    {
      name: 'issue_latency_p95_500_lines',
      unit: 'ms',
      good: 'low',
      bar: 1,
      run: () => latency(environment),
    },
  ]
}

/** In turns with `openssl speed`, so that a busy machine slows both. */
async function issueInTurns(environment: Environment, lines: number): Promise<Finding> {
  const { urls, tenants, cpuMs } = await environment.network('bench')
  const load = {
    kind: 'issues',
    url: urls.edge,
    apiKey: tenants.api_key,
    lines,
    connections: CONNECTIONS,
  } as const
  await environment.generator.run({ ...load, seconds: WARM_UP_S })
  const rates: number[] = []
  const cpu: number[] = []
  const signatures = [signaturesPerSecond(environment)]
  for (let round = 0; round < environment.count(ROUNDS); round++) {
    const before = cpuMs() ?? Number.NaN
    const { requests, seconds } = await environment.generator.run({ ...load, seconds: ROUND_S })
    cpu.push(((cpuMs() ?? Number.NaN) - before) / requests)
    rates.push(requests / seconds)
    signatures.push(signaturesPerSecond(environment))
  }
  const cost = median(cpu)
  const note = Number.isNaN(cost) ? '' : `${cost.toFixed(1)} ms of CPU each in workerd`
  return { ours: median(rates), limit: median(signatures), note }
}

async function latency(environment: Environment): Promise<Finding> {
  const { urls, tenants } = await environment.network('bench')
  const load = { url: urls.edge, apiKey: tenants.api_key, lines: 500 }
  await environment.generator.run({ kind: 'issues', ...load, connections: 4, seconds: WARM_UP_S })
  const seconds = environment.count(ARRIVAL_S)
  const { latenciesMs } = await environment.generator.run({
    kind: 'arrivals',
    ...load,
    perSecond: ARRIVALS_PER_S,
    seconds,
  })
  const p50 = median(latenciesMs)
  return {
    ours: quantile(latenciesMs, 0.95),
    limit: MAX_LATENCY_MS,
    note: `${latenciesMs.length} at ${ARRIVALS_PER_S}/s; p50 ${p50.toFixed(1)} ms, max ${Math.max(...latenciesMs).toFixed(1)} ms`,
  }
}

/** RSA-4096 signatures per second of one core: `openssl speed`, or where it is missing the OpenSSL that is in Node. */
function signaturesPerSecond({ share }: Environment): number {
  const seconds = String(Math.max(1, Math.round(SIGNING_S * share)))
  const { stdout, status } = spawnSync('openssl', ['speed', '-seconds', seconds, 'rsa4096'], {
    encoding: 'utf8',
  })
  // `rsa 4096 bits 0.003107s 0.000045s 321.9 22121.5`: seconds and rate of signing and of verifying, in turns.
  const figures = /^rsa\s+4096 bits\s+([\d.]+)s\s+[\d.]+s.*?\s([\d.]+)\s+[\d.]+/m.exec(stdout ?? '')
  if (status === 0 && figures !== null) return Number(figures[2])
  return signWithNode(Number(seconds))
}

const rsaKey = () => generateKeyPairSync('rsa', { modulusLength: 4096 }).privateKey

function signWithNode(seconds: number): number {
  const key = rsaKey()
  const end = performance.now() + seconds * 1000
  let count = 0
  for (; performance.now() < end; count++) {
    createSign('sha256').update('bench').sign({ key, padding: constants.RSA_PKCS1_PADDING })
  }
  return count / seconds
}
