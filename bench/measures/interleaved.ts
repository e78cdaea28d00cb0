import type { LoadGenerator } from '../load/load.ts'
import type { Workerd } from '../network/workerd.ts'
import { median } from '../statistics.ts'
import type { Finding } from './measure.ts'

export interface ReadLoad {
  readonly url: string
  readonly circle: Circle
}

/** Paths to be read one after the other, round and round: a load goes on where the one before it stopped. */
export class Circle {
  readonly #paths: readonly string[]
  #next = 0

  constructor(paths: readonly string[]) {
    this.#paths = paths
  }

  /** All of them, from the one whose turn it is. */
  inTurn(): string[] {
    return [...this.#paths.slice(this.#next), ...this.#paths.slice(0, this.#next)]
  }

  advance(by: number): void {
    this.#next = (this.#next + by) % this.#paths.length
  }
}

export const CONNECTIONS = 16
/** Many and short: a machine's other work comes and goes within seconds. */
const ROUNDS = 24
const ROUND_S = 0.5
const WARM_UP_S = 1

interface Sample {
  readonly perSecond: number
  /** Of the whole workerd; null where it is not known. */
  readonly cpuMicroseconds: number | null
}

/**
 * Requests per second of two loads on one workerd, in turns (A B, B A, …) so that whatever else the machine does
 * meanwhile meets both; medians of the turns.
 */
export async function compare(
  generator: LoadGenerator,
  workerd: Workerd,
  loads: { readonly ours: ReadLoad; readonly limit: ReadLoad },
  share = 1,
): Promise<Finding> {
  const samples = { ours: [] as Sample[], limit: [] as Sample[] }
  const runOnce = (which: 'ours' | 'limit', seconds: number) =>
    sample(generator, workerd, loads[which], seconds)
  for (const which of ['ours', 'limit'] as const) await runOnce(which, WARM_UP_S)
  for (let round = 0; round < Math.ceil(ROUNDS * share); round++) {
    const order = round % 2 === 0 ? (['ours', 'limit'] as const) : (['limit', 'ours'] as const)
    for (const which of order) samples[which].push(await runOnce(which, ROUND_S))
  }
  const rate = (of: readonly Sample[]) => median(of.map((one) => one.perSecond))
  return {
    ours: rate(samples.ours),
    limit: rate(samples.limit),
    note: describeCpu(samples.ours, samples.limit),
  }
}

async function sample(
  generator: LoadGenerator,
  workerd: Workerd,
  load: ReadLoad,
  seconds: number,
): Promise<Sample> {
  const before = workerd.cpuMs()
  const { url, circle } = load
  const result = await generator.run({
    kind: 'reads',
    url,
    paths: circle.inTurn(),
    connections: CONNECTIONS,
    seconds,
  })
  circle.advance(result.requests)
  const after = workerd.cpuMs()
  const cpuMs = before === null || after === null ? null : after - before
  return {
    perSecond: result.requests / result.seconds,
    cpuMicroseconds: cpuMs === null ? null : (cpuMs * 1000) / result.requests,
  }
}

/** CPU time tells of the code alone, however busy the machine is. */
function describeCpu(ours: readonly Sample[], limit: readonly Sample[]): string {
  const cpu = (of: readonly Sample[]) => median(of.map((one) => one.cpuMicroseconds ?? Number.NaN))
  const [a, b] = [cpu(ours), cpu(limit)]
  if (!Number.isFinite(a + b)) return ''
  return `CPU per request ${a.toFixed(0)} µs against ${b.toFixed(0)} µs: ${(b / a).toFixed(2)}`
}
