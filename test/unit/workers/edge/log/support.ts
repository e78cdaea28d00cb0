import { FlattenedSign, generateKeyPair } from 'jose'
import { sha256, toHex, utf8 } from '../../../../../core/verify/encoding.ts'
import {
  encodeEntries,
  entriesPath,
  formatCheckpoint,
  formatNote,
  formatVerifierKey,
  growTree,
  hashLeaf,
  newBundles,
  parseVerifierKey,
  signatureLine,
  tilePath,
} from '../../../../../core/verify/log/index.ts'
import { TRUST_ROOT_HEADER } from '../../../../../core/verify/trust-root.ts'
import { LOG_CHECKPOINT_OBJECT, logObject, TRUST_ROOT_KEY } from '../../../../../schema/kv.ts'
import type { EdgeEnv } from '../../../../../workers/edge/env.ts'
import type { EdgeRequest } from '../../../../../workers/edge/request.ts'

export const ORIGIN = 'trust.example/log'
export const NOW = 1_800_000_000_000

/** R2 in memory, of which every access is noted. */
export class MemoryR2 {
  readonly objects = new Map<string, Uint8Array<ArrayBuffer>>()
  readonly asked: string[] = []
  away = false

  async get(key: string) {
    const bytes = this.#find(key)
    if (bytes === undefined) return null
    return {
      ...metadata(bytes),
      body: new Blob([bytes]).stream(),
      arrayBuffer: async () => bytes.slice().buffer,
    }
  }

  async head(key: string) {
    const bytes = this.#find(key)
    return bytes === undefined ? null : metadata(bytes)
  }

  put(key: string, bytes: Uint8Array<ArrayBuffer> | string): void {
    this.objects.set(key, typeof bytes === 'string' ? utf8(bytes) : bytes)
  }

  /** Changes one bit of an object that is there. */
  tamper(key: string, at = 0): void {
    const bytes = this.objects.get(key)?.slice()
    if (bytes === undefined) throw new Error(`${key} is not there`)
    bytes[at < 0 ? bytes.length + at : at]! ^= 1
    this.objects.set(key, bytes)
  }

  #find(key: string): Uint8Array<ArrayBuffer> | undefined {
    this.asked.push(key)
    if (this.away) throw new Error('R2 is away')
    return this.objects.get(key)
  }
}

function metadata(bytes: Uint8Array) {
  return { size: bytes.length, etag: `${bytes.length}-${bytes.at(0)}-${bytes.at(-1)}` }
}

/** A log that is published to an R2 as its sequencer would, one checkpoint after the other. */
export class TestLog {
  readonly r2 = new MemoryR2()
  readonly verifierKey: string
  readonly entries: Uint8Array<ArrayBuffer>[] = []
  readonly roots = new Map<number, Uint8Array>()
  readonly #privateKey: CryptoKey
  readonly #tiles = new Map<string, Uint8Array>()

  static async create(): Promise<TestLog> {
    const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
    const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))
    return new TestLog(formatVerifierKey(ORIGIN, publicKey), pair.privateKey)
  }

  private constructor(verifierKey: string, privateKey: CryptoKey) {
    this.verifierKey = verifierKey
    this.#privateKey = privateKey
  }

  get size(): number {
    return this.entries.length
  }

  /** Hex. */
  leafHash(index: number): string {
    return toHex(hashLeaf(this.entries[index]!))
  }

  /** Adds entries and publishes the tree with them. @returns the checkpoint's signed note */
  async grow(...added: Uint8Array<ArrayBuffer>[]): Promise<string> {
    const from = this.size
    const grown = growTree(from, this.#edge(), added.map(hashLeaf))
    this.entries.push(...added)
    this.roots.set(grown.size, grown.root)
    for (const { level, index, hashes } of grown.tiles) {
      this.#tiles.set(`${level}/${index}`, hashes)
      this.r2.put(logObject(tilePath({ level, index, width: hashes.length / 32 })), hashes)
    }
    for (const { index, width } of newBundles(from, grown.size)) {
      const entries = this.entries.slice(index * 256, index * 256 + width)
      this.r2.put(logObject(entriesPath(index, width)), encodeEntries(entries))
    }
    const note = await this.sign(grown.size, grown.root)
    this.r2.put(LOG_CHECKPOINT_OBJECT, note)
    return note
  }

  /** The signed note of any checkpoint at all. */
  async sign(size: number, root: Uint8Array, origin = ORIGIN): Promise<string> {
    const text = formatCheckpoint({ origin, size, root })
    const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', this.#privateKey, utf8(text)))
    return formatNote(text, [signatureLine(parseVerifierKey(this.verifierKey)!, signature)])
  }

  #edge(): Map<number, Uint8Array> {
    const edge = new Map<number, Uint8Array>()
    for (let level = 0, count = this.size; count > 0; level++, count = Math.floor(count / 256)) {
      const tile = this.#tiles.get(`${level}/${Math.floor(count / 256)}`)
      if (count % 256 > 0 && tile !== undefined) edge.set(level, tile)
    }
    return edge
  }
}

/** Entries as the network writes them, numbered from `from` on. */
export async function entries(count: number, from = 0): Promise<Uint8Array<ArrayBuffer>[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const subject = toHex(await sha256(utf8(`CERT-${from + i}`)))
      return utf8(
        `{"digest":"${'d1'.repeat(32)}","subject":"${subject}","time":"2027-01-15T08:00:00.000Z","type":"certificate.issued"}`,
      )
    }),
  )
}

export interface FakeEdge {
  readonly env: EdgeEnv
  /** Leaf hashes that the core was asked for. */
  readonly coreAsked: string[]
  /** A request that arrives so many milliseconds after {@link NOW}. */
  request(later?: number, init?: RequestInit): EdgeRequest
  limited: boolean
  coreAway: boolean
  kv: Map<string, string>
  /** What the core answers, besides the places of the log's entries. */
  core: Record<string, (...args: never[]) => Promise<unknown>>
  /** Another trust root of the same network. */
  publishTrustRoot(members: object): Promise<void>
}

/** An edge whose trust root names this log, and whose core knows where its entries are. */
export async function edgeOf(log: TestLog, trustRoot: object = {}): Promise<FakeEdge> {
  const root = await generateKeyPair('EdDSA', { extractable: true })
  const kv = new Map<string, string>()
  const publishTrustRoot = async (members: object) => {
    const whole = { log: { ...LOG, verifier_key: log.verifierKey }, ...members }
    kv.set(TRUST_ROOT_KEY, await signTrustRoot(root.privateKey, whole))
  }
  await publishTrustRoot(trustRoot)
  const fake = {
    limited: false,
    coreAway: false,
    coreAsked: [] as string[],
    kv,
    publishTrustRoot,
    core: {} as FakeEdge['core'],
  }
  const answer =
    (name: string) =>
    async (...args: never[]) => {
      if (fake.coreAway) throw new Error('the core is away')
      return (await fake.core[name]?.(...args)) ?? null
    }
  fake.core.logIndex = async (leafHash: string) => {
    fake.coreAsked.push(leafHash)
    const index = log.entries.findIndex((_, i) => log.leafHash(i) === leafHash)
    return index === -1 ? null : index
  }
  const env = {
    TRUST_KV: { get: async (key: string) => fake.kv.get(key) ?? null },
    TRUST_R2: log.r2,
    CORE_READS: new Proxy({}, { get: (_, name: string) => answer(name) }),
    RATE_LIMIT_MISS: { limit: async () => ({ success: !fake.limited }) },
    PUBLIC_BASE_URL: 'https://trust.example',
    NETWORK_ROOT_PUBLIC_KEY: await publicJwk(root.publicKey),
    STATUS_MAX_AGE_MS: '500',
    STATUS_MAX_STALENESS_S: '300',
  } as unknown as EdgeEnv
  const request = (later = 0, init: RequestInit = {}) =>
    ({
      env,
      now: NOW + later,
      id: 'req-1',
      client: '192.0.2.1',
      waitUntil: () => {},
      request: new Request('https://trust.example/', init),
    }) as unknown as EdgeRequest
  return Object.assign(fake, { env, request })
}

const LOG = {
  origin: ORIGIN,
  url: 'https://trust.example/log',
  witness_policy: 'quorum none\n',
  witness_failure: 'open',
}

async function signTrustRoot(privateKey: CryptoKey, members: object): Promise<string> {
  const trustRoot = {
    type: 'coderisk-trust-root',
    version: 1,
    issued_at: new Date(NOW - 1_000).toISOString(),
    expires_at: new Date(NOW + 30 * 86_400_000).toISOString(),
    keys: [],
    status_lists: [],
    agent_ca_certificates: [],
    ...members,
  }
  const jws = new FlattenedSign(utf8(JSON.stringify(trustRoot))).setProtectedHeader(TRUST_ROOT_HEADER)
  return JSON.stringify(await jws.sign(privateKey))
}

async function publicJwk(publicKey: CryptoKey): Promise<string> {
  const { kty, crv, x } = await crypto.subtle.exportKey('jwk', publicKey)
  return JSON.stringify({ kty, crv, x })
}
