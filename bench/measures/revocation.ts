import { setTimeout as sleep } from 'node:timers/promises'
import { type Environment, once } from '../environment.ts'
import { issue, revoke, timedGet } from '../network/api.ts'
import type { Network } from '../network/network.ts'
import { median, quantile } from '../statistics.ts'
import type { Measure } from './measure.ts'

const REVOCATIONS = 100
/** So many are under way at a time; each begins at a moment of its own. */
const LANES = 5
const MAX_STAGGER_MS = 300
const POLL_MS = 5
const GIVE_UP_MS = 10_000

/** From the answer to a revocation until another isolate of the edge, which knew the certificate as valid, says so. */
export function revocationMeasures(environment: Environment): Measure[] {
  const delays = once(async () => {
    const network = await environment.network('bench')
    const lanes = Array.from({ length: LANES }, () =>
      revokeInTurn(network, Math.ceil(environment.count(REVOCATIONS) / LANES)),
    )
    return (await Promise.all(lanes)).flat()
  })
  const measure = (name: string, limit: number, of: (delays: number[]) => number): Measure => ({
    name: `revoke_visibility_${name}`,
    unit: 'ms',
    good: 'low',
    bar: 1,
    run: async () => {
      const sample = await delays()
      const note = `${sample.length} revocations, p50 ${median(sample).toFixed(0)} ms`
      return { ours: of(sample), limit, note }
    },
  })
  return [
    measure('p95', 1000, (sample) => quantile(sample, 0.95)),
    measure('max', 2000, (sample) => Math.max(...sample)),
  ]
}

async function revokeInTurn(network: Network, count: number): Promise<number[]> {
  const delays: number[] = []
  for (let index = 0; index < count; index++) {
    const { id } = await issue(network)
    await expectVerdict(network, id, 'valid')
    await sleep(Math.random() * MAX_STAGGER_MS)
    await revoke(network, id)
    const answered = performance.now()
    await expectVerdict(network, id, 'invalid')
    delays.push(performance.now() - answered)
  }
  return delays
}

async function expectVerdict(network: Network, id: string, verdict: string): Promise<void> {
  const end = performance.now() + GIVE_UP_MS
  while (performance.now() < end) {
    const { text } = await timedGet(network.urls['edge-2'], `/v1/trust/certs/${id}/verify`)
    if (text.includes(`"verdict":"${verdict}"`)) return
    await sleep(POLL_MS)
  }
  throw new Error(`${id} was not ${verdict} within ${GIVE_UP_MS} ms`)
}
