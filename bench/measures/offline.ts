import { parseBundle, verifyBundle } from '../../core/verify/bundle.ts'
import { fromBase64Url, utf8 } from '../../core/verify/encoding.ts'
import { verifyEd25519 } from '../../core/verify/log/ed25519.ts'
import { verifyRs256 } from '../../core/verify/signature.ts'
import { openTrustRoot } from '../../core/verify/trust-root.ts'
import { type Environment, once } from '../environment.ts'
import { type BundlePool, makeBundles } from '../load/bundles.ts'
import { issue, timedGet } from '../network/api.ts'
import { untilSettled } from '../network/log.ts'
import { median } from '../statistics.ts'
import type { Measure } from './measure.ts'

/** More than the verification kernel remembers of anything, and asked for in a circle, so that nothing is remembered. */
const MORE_THAN_REMEMBERED = 66
/** Under way at a time, as for whoever verifies a folder of them. */
const AT_ONCE = 8
const ROUNDS = 9
const ROUND_S = 0.5

interface Kind {
  readonly name: string
  /** Bundles per second. */
  readonly limit: number
  /** Signing keys, trust roots and status list tokens. */
  readonly issuers: number
  /** What has to be verified anew in each bundle. */
  readonly signatures: { readonly rsa: number; readonly ed25519: number }
}

const KINDS: readonly Kind[] = [
  // Certificate, JWS and status list; trust root and checkpoint.
  { name: 'cold', limit: 1_000, issuers: MORE_THAN_REMEMBERED, signatures: { rsa: 3, ed25519: 2 } },
  // Certificate and JWS; checkpoint.
  { name: 'warm', limit: 2_500, issuers: 1, signatures: { rsa: 2, ed25519: 1 } },
]

/** Offline bundles in this process. */
export function offlineMeasures(environment: Environment): Measure[] {
  const template = once(() => realBundle(environment))
  const rounds = environment.count(ROUNDS)
  return KINDS.map(
    ({ name, limit, issuers, signatures }): Measure => ({
      name: `offline_bundle_${name}`,
      unit: 'bundles/s',
      good: 'high',
      bar: 1,
      run: async () => {
        const pool = await makeBundles(await template(), MORE_THAN_REMEMBERED, issuers)
        const whole = await inTurn(rounds, verifyEach(pool))
        const alone = await inTurn(rounds, await verifySignatures(pool, signatures))
        const size = (pool.bundles[0]!.length / 1024).toFixed(0)
        const note = `per second of CPU time; ${whole.perSecond.toFixed(0)} per second of the clock; of ${size} KB; their signatures alone: ${alone.perCpuSecond.toFixed(0)}`
        return { ours: whole.perCpuSecond, limit, note }
      },
    }),
  )
}

async function realBundle(environment: Environment): Promise<string> {
  const network = await environment.network('bench')
  const { id } = await issue(network)
  await untilSettled(network)
  return (await timedGet(network.urls.edge, `/v1/trust/certs/${id}/bundle`)).text
}

interface Rates {
  /** Of the time of one core: of what this process uses on all of its threads. */
  readonly perCpuSecond: number
  readonly perSecond: number
}

async function inTurn(rounds: number, work: () => Promise<void>): Promise<Rates> {
  const perCpuSecond: number[] = []
  const perSecond: number[] = []
  for (let round = 0; round <= rounds; round++) {
    const started = performance.now()
    const before = process.cpuUsage()
    let count = 0
    const lanes = Array.from({ length: AT_ONCE }, async () => {
      for (; performance.now() - started < ROUND_S * 1000; count++) await work()
    })
    await Promise.all(lanes)
    const { user, system } = process.cpuUsage(before)
    // The first round warms up.
    if (round === 0) continue
    perCpuSecond.push((count / (user + system)) * 1_000_000)
    perSecond.push((count / (performance.now() - started)) * 1000)
  }
  return { perCpuSecond: median(perCpuSecond), perSecond: median(perSecond) }
}

function verifyEach({ bundles, rootKey }: BundlePool): () => Promise<void> {
  let next = 0
  return async () => {
    const bundle = bundles[next++ % bundles.length]!
    const { verdict } = await verifyBundle(bundle, { rootKey, now: new Date() })
    if (verdict.verdict !== 'valid') throw new Error(`a bundle is ${verdict.reasons.join(', ')}`)
  }
}

/** What no verifier can do without, with keys that are imported already. */
async function verifySignatures(
  { bundles, rootKey }: BundlePool,
  { rsa, ed25519 }: Kind['signatures'],
): Promise<() => Promise<void>> {
  const bundle = parseBundle(bundles[0]!)!
  const opened = await openTrustRoot(bundle.trust_root, rootKey, { now: new Date() })
  if (!opened.ok) throw new Error(opened.reason)
  const { jwk } = opened.trustRoot.keys[0]!
  const { jws } = bundle
  const root = bundle.trust_root as typeof jws
  const [signature, signed] = [fromBase64Url(jws.signature)!, utf8(`${jws.protected}.${jws.payload}`)]
  const [rootSignature, rootSigned] = [
    fromBase64Url(root.signature)!,
    utf8(`${root.protected}.${root.payload}`),
  ]
  const publicKey = fromBase64Url(rootKey.x!)!
  return async () => {
    for (let i = 0; i < rsa; i++)
      if (!(await verifyRs256(jwk, signature, signed))) throw new Error('not signed')
    for (let i = 0; i < ed25519; i++) {
      if (!(await verifyEd25519(publicKey, rootSignature, rootSigned))) throw new Error('not signed')
    }
  }
}
