import { canonicalText } from '../../../../core/verify/canonical.ts'
import { decodeUtf8, toHex, utf8 } from '../../../../core/verify/encoding.ts'
import { examineText } from '../../../../core/verify/examine.ts'
import { parseStrictJson } from '../../../../core/verify/json.ts'
import { type OpenedCheckpoint, openCheckpoint } from '../../../../core/verify/log/checkpoint.ts'
import { hashLeaf, verifyInclusion } from '../../../../core/verify/log/merkle.ts'
import { formatProof } from '../../../../core/verify/log/proof.ts'
import { proveInclusion, TileUnavailable } from '../../../../core/verify/log/tree.ts'
import { issuedLogEntry } from '../../../../core/verify/log-entry.ts'
import { examineWitnesses } from '../../../../core/verify/log-evidence.ts'
import { openTrustRoot, type TrustRoot } from '../../../../core/verify/trust-root.ts'
import { type TrustedLog, trustedLog } from '../../../../core/verify/trusted-log.ts'
import { formatCount, formatTime } from '../format.ts'
import { visible } from '../html.ts'
import { reasonWords } from '../words.ts'
import { type FetchObject, PublishedTree } from './log-tree.ts'
import { readRootKey } from './root-key.ts'
import { type Report, type Step, skipped } from './steps.ts'

/** Where everything comes from; null is what could not be had. */
export interface LogSource {
  /** Parsed JSON. */
  readonly rootKey: () => Promise<unknown>
  /** Parsed JSON. */
  readonly trustRoot: () => Promise<unknown>
  readonly checkpoint: () => Promise<string | null>
  readonly object: FetchObject
  readonly certificate: (id: string) => Promise<string | null>
}

export interface AskedEntry {
  readonly index: number
  readonly now: Date
  /** The certificate whose issue the entry is said to record. */
  readonly certificateId?: string | undefined
  /** One step more: whether the page shows this entry. */
  readonly compare?: (entry: { readonly text: string; readonly leafHash: string }) => Step
}

export interface EntryProof extends Report {
  /** c2sp.org/tlog-proof, made here; null unless everything holds. */
  readonly proof: string | null
}

/**
 * Proves that the log has an entry, from what anyone can fetch: the signed trust root, the signed checkpoint, and tiles.
 * No proof of the network's own is asked for, and none of its answers is believed. Never throws.
 */
export async function proveEntry(source: LogSource, asked: AskedEntry): Promise<EntryProof> {
  const found: Found = {}
  const steps: Step[] = []
  for (const [title, run] of stagesOf(asked)) {
    const stopped = steps.some(({ result }) => result === 'failed' || result === 'unsure')
    steps.push(stopped ? skipped(title) : { ...(await run(source, asked, found)), title })
  }
  const conclusion = conclude(steps, asked)
  return { ...conclusion, steps, proof: conclusion.tone === 'good' ? (found.proof ?? null) : null }
}

/** What the stages hand on; each finds there what the ones before it have proven. */
interface Found {
  trustRoot?: TrustRoot
  log?: TrustedLog
  checkpoint?: OpenedCheckpoint
  tree?: PublishedTree
  entry?: { readonly text: string; readonly leafHash: Uint8Array<ArrayBuffer> }
  proof?: string
}

/** A step without its title. */
type Finding = Omit<Step, 'title'>
type Stage = (source: LogSource, asked: AskedEntry, found: Found) => Promise<Finding> | Finding

const held = (detail: string, value?: string): Finding => ({ result: 'passed', detail, value })
const broken = (detail: string): Finding => ({ result: 'failed', detail })
const unknown = (detail: string): Finding => ({ result: 'unsure', detail })
const uncounted = (detail: string): Finding => ({ result: 'noted', detail })

function stagesOf({ certificateId, compare }: AskedEntry): readonly (readonly [string, Stage])[] {
  return [
    ['Open the trust root', openRoot],
    ['Open the checkpoint', openHead],
    ['Look for witnesses', lookForWitnesses],
    ['Hash the entry', hashEntry],
    ['Hash up to the root', hashUp],
    ...(certificateId === undefined ? [] : [['Make the entry from the certificate', makeEntry] as const]),
    ...(compare === undefined ? [] : [['Compare this page with it', compareShown] as const]),
  ]
}

async function openRoot(source: LogSource, { now }: AskedEntry, found: Found): Promise<Finding> {
  const [key, jws] = await Promise.all([source.rootKey(), source.trustRoot()])
  const rootKey = await readRootKey(key)
  if (rootKey === null || jws === null) return unknown('The root key or the trust root could not be fetched.')
  const opened = await openTrustRoot(jws, rootKey.jwk, { now })
  if (!opened.ok) return broken(reasonWords(opened.reason))
  const log = trustedLog(opened.trustRoot)
  if (log === null) return broken(reasonWords('log_unknown'))
  Object.assign(found, { trustRoot: opened.trustRoot, log })
  const { version, expires_at } = opened.trustRoot
  return held(
    `Version ${version}, good until ${formatTime(expires_at)}. It names the log’s key. It is signed by the network root key, which came from this site: compare its thumbprint with one that you got elsewhere.`,
    rootKey.thumbprint,
  )
}

async function openHead(source: LogSource, { index }: AskedEntry, found: Found): Promise<Finding> {
  const note = await source.checkpoint()
  if (note === null) return unknown('It could not be fetched.')
  const checkpoint = await openCheckpoint(note, found.log!.key)
  if (checkpoint === null) return broken('It is not signed by the key that the trust root names.')
  const { origin, size, root } = checkpoint
  if (index >= size) return broken(`It covers the entries before ${size}, and so not this one.`)
  found.checkpoint = checkpoint
  return held(
    `Signed by ${visible(origin)}, over ${size.toLocaleString('en-GB')} entries with the root:`,
    toHex(root),
  )
}

async function lookForWitnesses(_: LogSource, __: AskedEntry, found: Found): Promise<Finding> {
  const { result, reason } = await examineWitnesses(found.checkpoint!, found.log!)
  if (result === 'passed') return held('As many as the trust root asks for have cosigned this checkpoint.')
  const words = reasonWords(reason ?? result)
  return result === 'failed' ? broken(words) : uncounted(words)
}

async function hashEntry(source: LogSource, { index }: AskedEntry, found: Found): Promise<Finding> {
  const tree = new PublishedTree(source.object, found.checkpoint!.size)
  const bytes = await tree.readEntry(index)
  if (bytes === null) return unknown('The bundle of entries could not be fetched, or is damaged.')
  const text = canonicalEntry(bytes)
  if (text === null) return broken('Its bytes are not JSON in RFC 8785 form.')
  const leafHash = hashLeaf(bytes)
  Object.assign(found, { tree, entry: { text, leafHash } })
  return held(
    `${formatCount(bytes.length, 'byte')} of JSON in RFC 8785 form. SHA-256 of a zero byte and these:`,
    toHex(leafHash),
  )
}

async function hashUp(_: LogSource, { index }: AskedEntry, found: Found): Promise<Finding> {
  const { tree, entry, checkpoint } = found
  const { size, root, text } = checkpoint!
  let hashes: Uint8Array[]
  try {
    hashes = await proveInclusion(index, size, tree!.readTile)
  } catch (error) {
    if (!(error instanceof TileUnavailable)) throw error
    return unknown('A tile could not be fetched, or is damaged.')
  }
  const from = `${hashes.length} more ${hashes.length === 1 ? 'hash' : 'hashes'} out of ${formatCount(tree!.tiles, 'tile')}`
  if (!verifyInclusion({ leafHash: entry!.leafHash, index, size, hashes, root })) {
    return broken(`With ${from} it does not come to the root that the log has signed.`)
  }
  found.proof = formatProof({ index, hashes, checkpoint: text })
  return held(`With ${from} it comes to exactly the root that the log has signed.`)
}

/** The entry of an issue follows from the certificate alone, so the log need not be believed about whose it is. */
async function makeEntry(source: LogSource, { certificateId }: AskedEntry, found: Found): Promise<Finding> {
  const text = await source.certificate(certificateId!)
  if (text === null) return unknown('The certificate could not be fetched.')
  const { certificate, signed, signature } = await examineText(text, found.trustRoot!)
  if (certificate === null || signed === null || signature.result !== 'passed') {
    return broken(reasonWords(signature.reason ?? 'malformed'))
  }
  if (certificate.certificate_id !== certificateId) {
    return broken('A certificate came back, but not the one that this page names.')
  }
  const { leafHash } = await issuedLogEntry(certificate, utf8(signed))
  if (toHex(leafHash) === toHex(found.entry!.leafHash)) {
    return held(`The signed bytes of ${certificateId} make this very entry: it records their issue.`)
  }
  return broken('The signed bytes of the certificate make another entry.')
}

function compareShown(_: LogSource, { compare }: AskedEntry, { entry }: Found): Finding {
  return compare!({ text: entry!.text, leafHash: toHex(entry!.leafHash) })
}

function conclude(steps: readonly Step[], { index }: AskedEntry): Omit<Report, 'steps'> {
  const results = steps.map(({ result }) => result)
  if (results.includes('failed')) {
    return { tone: 'bad', title: 'This does not hold. Do not rely on what this page says.' }
  }
  if (results.includes('unsure')) {
    return { tone: 'unsure', title: 'Nothing is proven: something could not be fetched.' }
  }
  return {
    tone: 'good',
    title: `Proven in this browser: the log has entry ${index.toLocaleString('en-GB')}.`,
  }
}

/** The text of an entry; null when it is not JSON, or not in the one form that its hash can be made again from. */
function canonicalEntry(bytes: Uint8Array): string | null {
  const text = decodeUtf8(bytes)
  if (text === null) return null
  try {
    const parsed = parseStrictJson(text)
    return parsed.ok && canonicalText(parsed.value) === text ? text : null
  } catch {
    return null
  }
}
