import { randomBytes } from 'node:crypto'
import { HASH_BYTES, TILE_WIDTH } from '../../core/verify/log/index.ts'
import { makeLogEntry } from '../../core/verify/log-entry.ts'
import { type Environment, once } from '../environment.ts'
import { issue, timedGet } from '../network/api.ts'
import {
  appendEntries,
  bulkLoad,
  publishedSize,
  sequenceAll,
  untilPublished,
  untilSettled,
} from '../network/log.ts'
import type { Network } from '../network/network.ts'
import { median, quantile } from '../statistics.ts'
import type { Finding, Measure } from './measure.ts'

const SEQUENCED = 20_000
const SEQUENCING_ROUNDS = 3
const SEQUENCED_PER_S = 2_000
const APPEND_ROUNDS = 14
const ISSUES_PER_ROUND = 32
const APPEND_MS = 2
const WAITS = 30
const WAIT_MS = 1_500
/** The first multiple of a tile's width that is at least a million: what comes after it needs no entry from before. */
const LARGE_LOG_TILES = 3_907
const PROOFS = 1_000
const PROOF_WARM_UP = 100
const PROOF_MS = 5

/** The transparency log: how fast it takes entries, what it costs those who append, and how fast it proves. */
export function logMeasures(environment: Environment): Measure[] {
  const proofs = once(() => timeProofs(environment))
  const low = (name: string, run: Measure['run']): Measure => ({ name, unit: 'ms', good: 'low', bar: 1, run })
  const proof = (kind: keyof Proofs): Measure =>
    low(`log_proof_${kind}_p95`, async () => {
      const sample = (await proofs())[kind]
      const note = `${sample.length} proofs; p50 ${ms(median(sample))}, max ${ms(Math.max(...sample))}`
      return { ours: quantile(sample, 0.95), limit: PROOF_MS, note }
    })
  return [
    { name: 'log_sequencing', unit: 'entries/s', good: 'high', bar: 1, run: () => sequencing(environment) },
    low('log_append_p50', () => append(environment)),
    low('log_wait_p50', () => wait(environment)),
    proof('cold'),
    proof('warm'),
  ]
}

/** From when the sequencer is told that something is there until a published checkpoint covers everything. */
async function sequencing(environment: Environment): Promise<Finding> {
  const network = await environment.network('bench')
  const count = environment.count(SEQUENCED)
  const rates: number[] = []
  const cpu: number[] = []
  for (let round = 0; round < environment.count(SEQUENCING_ROUNDS); round++) {
    await sequenceAll(network)
    const target = (await publishedSize(network.sql)) + count
    await appendEntries(network.sql, await makeEntries(count))
    const before = network.cpuMs() ?? Number.NaN
    await issue(network)
    const started = performance.now()
    await untilPublished(network, target)
    rates.push((count / (performance.now() - started)) * 1000)
    cpu.push(((network.cpuMs() ?? Number.NaN) - before) / count)
  }
  await untilSettled(network)
  const note = `${rates.map((rate) => rate.toFixed(0)).join(', ')}; ${(median(cpu) * 1000).toFixed(0)} µs of CPU each in workerd`
  return { ours: median(rates), limit: SEQUENCED_PER_S, note }
}

const makeEntries = (count: number) =>
  Promise.all(
    Array.from({ length: count }, () => {
      const digest = randomBytes(32).toString('hex')
      return makeLogEntry('certificate.issued', `CERT-${digest}`, new Date().toISOString(), digest)
    }),
  )

/**
 * Issuing against issuing where the database drops each log entry instead of storing it: two networks on one PostgreSQL,
 * in turns, each at rest while the other one's turn is measured. The median difference of the turns.
 */
async function append(environment: Environment): Promise<Finding> {
  const logged = await environment.network('logged')
  const unlogged = await environment.network('unlogged')
  await unlogged.sql`
    CREATE FUNCTION drop_entry() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`
  await unlogged.sql`
    CREATE TRIGGER drop_entry BEFORE INSERT ON log_entries FOR EACH ROW EXECUTE FUNCTION drop_entry()`
  const [withEntry, without]: [number[], number[]] = [[], []]
  for (let round = -1; round < environment.count(APPEND_ROUNDS); round++) {
    const turns = [() => issueSome(logged, withEntry), () => issueSome(unlogged, without)]
    for (const turn of round % 2 === 0 ? turns : turns.reverse()) await turn()
  }
  // The first round warms up.
  const differences = withEntry.map((p50, round) => p50 - without[round]!).slice(1)
  const [low, high] = [quantile(differences, 0.25), quantile(differences, 0.75)]
  const note = `${ms(median(withEntry))} against ${ms(median(without))}; half of ${differences.length} turns differ by ${low.toFixed(2)} to ${ms(high)}`
  return { ours: median(differences), limit: APPEND_MS, note }
}

async function issueSome(network: Network, p50: number[]): Promise<void> {
  const taken: number[] = []
  for (let index = 0; index < ISSUES_PER_ROUND; index++) taken.push((await issue(network)).ms)
  p50.push(median(taken))
  await untilSettled(network)
}

/** One after the other without a pause, so that each waits for the next run of the sequencer but one. */
async function wait(environment: Environment): Promise<Finding> {
  const network = await environment.network('bench')
  const taken: number[] = []
  for (let index = 0; index < environment.count(WAITS); index++) {
    const { certificate, ms } = await issue(network, { prefer: 'wait=10' })
    if (certificate.log?.state !== 'included') throw new Error('the log did not have it within 10 s')
    taken.push(ms)
  }
  const note = `${taken.length} one after the other; p95 ${ms(quantile(taken, 0.95))}, max ${ms(Math.max(...taken))}`
  return { ours: median(taken), limit: WAIT_MS, note }
}

interface Proofs {
  /** The tile of the leaf is not in the isolate's memory; the others mostly are. */
  readonly cold: number[]
  /** All are. */
  readonly warm: number[]
}

/** Through the edge: each tile of leaf hashes once, and then again, in an order of chance, those that are still held. */
async function timeProofs(environment: Environment): Promise<Proofs> {
  const network = await environment.network('large-log')
  await sequenceAll(network)
  const size = environment.count(LARGE_LOG_TILES) * TILE_WIDTH
  await bulkLoad(network, (_tx, from) => leafHashes(size - from))
  const tiles = shuffled(size / TILE_WIDTH).slice(0, PROOFS + PROOF_WARM_UP)
  const cold: number[] = []
  for (const tile of tiles) cold.push(await timeProof(network, size, tile))
  const held = tiles.slice(PROOF_WARM_UP)
  const warm: number[] = []
  for (const tile of held) warm.push(await timeProof(network, size, tile))
  return { cold: cold.slice(PROOF_WARM_UP), warm }
}

async function timeProof(network: Network, size: number, tile: number): Promise<number> {
  const index = tile * TILE_WIDTH + Math.floor(Math.random() * TILE_WIDTH)
  const { text, ms } = await timedGet(network.urls.edge, `/v1/log/proof?index=${index}`)
  const proof = JSON.parse(text) as { index: number; tree_size: number }
  if (proof.index !== index || proof.tree_size !== size)
    throw new Error(`another proof: ${text.slice(0, 200)}`)
  return ms
}

function leafHashes(count: number): Uint8Array[] {
  const bytes = randomBytes(count * HASH_BYTES)
  return Array.from({ length: count }, (_, i) => bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES))
}

/** The numbers below `count`, in an order of chance. */
function shuffled(count: number): number[] {
  const numbers = Array.from({ length: count }, (_, i) => i)
  for (let i = count - 1; i > 0; i--) {
    const other = Math.floor(Math.random() * (i + 1))
    ;[numbers[i], numbers[other]] = [numbers[other]!, numbers[i]!]
  }
  return numbers
}

const ms = (value: number) => `${value.toFixed(2)} ms`
