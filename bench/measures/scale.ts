import { type Environment, once } from '../environment.ts'
import { issue, timedGet } from '../network/api.ts'
import { untilSettled } from '../network/log.ts'
import type { Network } from '../network/network.ts'
import { storeCertificates } from '../network/stored-certificates.ts'
import { median } from '../statistics.ts'
import type { Measure } from './measure.ts'

const FEW = 1_000
const MANY = 200_000
const ROUNDS = 16
const ISSUES_PER_ROUND = 16
const BAR = 1.25

interface Latencies {
  readonly issue: number[]
  readonly lookup: number[]
  readonly verify: number[]
}

/** Median latencies with many certificates stored against those with few: two networks on one PostgreSQL, in turns. */
export function scaleMeasures(environment: Environment): Measure[] {
  const many = environment.count(MANY)
  const latencies = once(() => measureBoth(environment, many))
  const measure = (of: keyof Latencies): Measure => ({
    name: `scale_${of}_p50`,
    unit: 'ms',
    good: 'low',
    bar: BAR,
    run: async () => {
      const { atMany, atFew } = await latencies()
      const note = `${atMany[of].length} each, at ${many} against ${FEW} stored certificates`
      return { ours: median(atMany[of]), limit: median(atFew[of]), note }
    },
  })
  return [measure('issue'), measure('lookup'), measure('verify')]
}

async function measureBoth(environment: Environment, many: number) {
  const small = await environment.network('small')
  const large = await environment.network('large')
  await storeCertificates(small, FEW)
  await storeCertificates(large, many)
  const results = { atFew: empty(), atMany: empty() }
  // The first round warms up and is not counted.
  await measureRound(small, empty())
  await measureRound(large, empty())
  for (let round = 0; round < environment.count(ROUNDS); round++) {
    const turns = [() => measureRound(small, results.atFew), () => measureRound(large, results.atMany)]
    for (const turn of round % 2 === 0 ? turns : turns.reverse()) await turn()
  }
  return results
}

const empty = (): Latencies => ({ issue: [], lookup: [], verify: [] })

/** Issues some certificates; half of them are then looked up and half verified, with KV emptied: the core must answer. */
async function measureRound(network: Network, into: Latencies): Promise<void> {
  const ids: string[] = []
  for (let index = 0; index < ISSUES_PER_ROUND; index++) {
    const { id, ms } = await issue(network)
    ids.push(id)
    into.issue.push(ms)
  }
  await untilSettled(network)
  await network.kv.clear()
  for (const [index, id] of ids.entries()) {
    const path = `/v1/trust/certs/${id}`
    if (index % 2 === 0) into.lookup.push((await timedGet(network.urls.edge, path)).ms)
    else into.verify.push((await timedGet(network.urls.edge, `${path}/verify`)).ms)
  }
  // A certificate that the core was asked for is published again; the next round shall not meet that.
  await untilSettled(network)
}
