import { type Environment, once } from '../environment.ts'
import { fillKv } from '../network/certificates.ts'
import type { Network } from '../network/network.ts'
import { Circle, CONNECTIONS, compare, type ReadLoad } from './interleaved.ts'
import type { Finding, Measure } from './measure.ts'

/** Few enough for the memory of any isolate. */
const HELD_CERTIFICATES = 64
/**
 * Read in a circle, more than the edge can hold (24 MiB at about 3.4 KB each), so that what was used longest ago,
 * and is therefore gone, is always asked for next.
 */
const MORE_THAN_MEMORY = 9_000

/** Reads at the edge against a Worker that only says hello, or only reads KV, in the same process. */
export function edgeMeasures(environment: Environment): Measure[] {
  const held = once(async () => fillKv(await environment.network('bench'), HELD_CERTIFICATES))
  const fromMemory = (name: string, bar: number, path: (id: string) => string): Measure => ({
    name,
    unit: 'requests/s',
    good: 'high',
    bar,
    run: async () => {
      const network = await environment.network('bench')
      const paths = (await held()).map(path)
      await expectAll(network.urls.edge, paths)
      const circle = new Circle(paths)
      const loads = { ours: { url: network.urls.edge, circle }, limit: { url: network.urls.hello, circle } }
      return compare(environment.generator, network, loads, environment.share)
    },
  })
  const kv = once(() => readFromKv(environment))
  return [
    fromMemory('edge_lookup_memory', 0.8, lookUpPath),
    fromMemory('edge_verify_memory', 0.8, (id) => `${lookUpPath(id)}/verify`),
    fromMemory('badge_memory', 0.7, (id) => `/badges/${id}.svg`),
    {
      name: 'edge_lookup_kv',
      unit: 'requests/s',
      good: 'high',
      bar: 0.5,
      run: async () => (await kv()).rate,
    },
    {
      name: 'kv_reads_per_lookup',
      unit: 'reads',
      good: 'low',
      bar: 1.01,
      run: async () => (await kv()).reads,
    },
  ]
}

const lookUpPath = (id: string) => `/v1/trust/certs/${id}`

async function readFromKv(environment: Environment): Promise<{ rate: Finding; reads: Finding }> {
  const network = await environment.network('bench')
  const ids = await fillKv(network, environment.count(MORE_THAN_MEMORY))
  const ours = { url: network.urls.edge, circle: new Circle(ids.map(lookUpPath)) }
  const limit = { url: network.urls['kv-read'], circle: new Circle(ids.map((id) => `/certificate:${id}`)) }
  // The trust root is read once a minute; here that shall be over.
  await countReads(network, ours, 1)
  const reads = await countReads(network, ours, Math.ceil(ids.length / 4))
  const rate = await compare(environment.generator, network, { ours, limit }, environment.share)
  const again = await countReads(network, ours, Math.ceil(ids.length / 4))
  const missed = `after the load ${((100 * again.certificates) / again.lookUps).toFixed(1)} % of look-ups went to KV`
  return {
    rate: { ...rate, note: `${rate.note}; ${missed}` },
    reads: {
      ours: reads.all / reads.lookUps,
      limit: 1,
      note: `${reads.lookUps} look-ups of as many certificates`,
    },
  }
}

/** Looks up the next certificates, each once, and counts what KV was asked for. */
async function countReads({ kv }: Network, { url, circle }: ReadLoad, lookUps: number) {
  const paths = circle.inTurn().slice(0, lookUps)
  const before = await kv.counts()
  for (let first = 0; first < lookUps; first += CONNECTIONS) {
    await expectAll(url, paths.slice(first, first + CONNECTIONS))
  }
  circle.advance(lookUps)
  const after = await kv.counts()
  const certificates = after.certificateReads - before.certificateReads
  return { lookUps, certificates, all: certificates + after.otherReads - before.otherReads }
}

async function expectAll(url: string, paths: readonly string[]): Promise<void> {
  await Promise.all(
    paths.map(async (path) => {
      const text = await (await fetch(url + path)).text()
      if (text.includes('"status":"valid"') || text.includes('valid · ')) return
      throw new Error(`${path} answered: ${text.slice(0, 200)}`)
    }),
  )
}
