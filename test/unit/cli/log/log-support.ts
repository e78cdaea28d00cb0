import {
  COSIGNATURE_TYPE,
  canonicalBytes,
  cosignatureLine,
  cosignedMessage,
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
  toHex,
  utf8,
  type VerifierKey,
} from '../../../../core/verify/index.ts'

export interface LogKey {
  readonly verifier: VerifierKey
  sign(message: Uint8Array<ArrayBuffer>): Promise<Uint8Array>
}

export async function generateLogKey(name = 'log.example/log', type: 0x01 | 0x04 = 0x01): Promise<LogKey> {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))
  return {
    verifier: parseVerifierKey(formatVerifierKey(name, publicKey, type))!,
    sign: async (message) => new Uint8Array(await crypto.subtle.sign('Ed25519', pair.privateKey, message)),
  }
}

export const generateWitness = (name: string): Promise<LogKey> => generateLogKey(name, COSIGNATURE_TYPE)

/** The i-th entry of every log in these tests, unless a test says otherwise. */
export function sampleEntry(i: number, changes: Record<string, unknown> = {}): Uint8Array<ArrayBuffer> {
  return canonicalBytes({
    type: 'certificate.issued',
    subject: i.toString(16).padStart(64, '0'),
    time: new Date(Date.UTC(2026, 10, 21) + i).toISOString(),
    digest: 'd'.repeat(64),
    ...changes,
  })
}

export function sampleEntries(size: number): Uint8Array<ArrayBuffer>[] {
  return Array.from({ length: size }, (_, i) => sampleEntry(i))
}

/** What a log serves, by path. */
export type Objects = Map<string, Uint8Array<ArrayBuffer>>

export interface BuiltLog {
  readonly key: LogKey
  readonly size: number
  readonly objects: Objects
  readonly root: Uint8Array
}

/** A whole log of these entries, at once: only the partial objects of this very size are in it. */
export async function buildLog(entries: readonly Uint8Array[], key: LogKey): Promise<BuiltLog> {
  const objects: Objects = new Map()
  const tree = growTree(0, new Map(), entries.map(hashLeaf))
  for (const { level, index, hashes } of tree.tiles) {
    objects.set(tilePath({ level, index, width: hashes.length / 32 }), hashes)
  }
  for (const { index, width } of newBundles(0, entries.length)) {
    const bundle = encodeEntries(entries.slice(index * 256, index * 256 + width))
    objects.set(entriesPath(index, width), bundle)
  }
  const note = await signCheckpoint(key, { size: entries.length, root: tree.root })
  objects.set('checkpoint', utf8(note))
  return { key, size: entries.length, objects, root: tree.root }
}

export async function signCheckpoint(
  key: LogKey,
  tree: { size: number; root: Uint8Array },
  witnesses: readonly { key: LogKey; time: number }[] = [],
): Promise<string> {
  const text = formatCheckpoint({ origin: key.verifier.name, ...tree })
  const lines = [signatureLine(key.verifier, await key.sign(utf8(text)))]
  for (const { key: witness, time } of witnesses) {
    lines.push(cosignatureLine(witness.verifier, time, await witness.sign(cosignedMessage(time, text))))
  }
  return formatNote(text, lines)
}

/** A copy with one byte of an object changed. */
export function tamper(objects: Objects, path: string, at = 40): Objects {
  const bytes = objects.get(path)
  if (bytes === undefined) throw new Error(`there is no ${path}: ${[...objects.keys()].join(' ')}`)
  if (at >= bytes.length) throw new RangeError(`${path} has ${bytes.length} bytes`)
  const changed = bytes.slice()
  changed[at] = changed[at]! ^ 1
  return replace(objects, path, changed)
}

export function replace(objects: Objects, path: string, bytes: Uint8Array<ArrayBuffer> | null): Objects {
  const copy = new Map(objects)
  if (bytes === null) copy.delete(path)
  else copy.set(path, bytes)
  return copy
}

export function hexOf(entry: Uint8Array): string {
  return toHex(hashLeaf(entry))
}
