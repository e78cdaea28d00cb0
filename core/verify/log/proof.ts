import { fromBase64, toBase64 } from '../encoding.ts'
import { parseCheckpoint } from './checkpoint.ts'
import { MAX_NOTE_LENGTH, parseNote } from './note.ts'
import { parseDecimal, parseHash } from './text.ts'

/** A tree of 2^63 leaves is 63 levels high. */
export const MAX_PROOF_HASHES = 63
/** Opaque data of the application, in bytes. */
export const MAX_EXTRA_BYTES = 65_536

/** An inclusion proof with its checkpoint (c2sp.org/tlog-proof). */
export interface LogProof {
  /** Of the entry. */
  readonly index: number
  /** 32 bytes each, from the leaf's sibling upward. */
  readonly hashes: readonly Uint8Array[]
  /** The signed note, as it was published. */
  readonly checkpoint: string
  /** Nothing signs this. */
  readonly extra?: Uint8Array
}

const FIRST_LINE = 'c2sp.org/tlog-proof@v1'
const EXTRA = 'extra '
const INDEX = 'index '
/** In UTF-16 units: the checkpoint, and before it the extra data in base64 and the hashes. */
const MAX_PROOF_LENGTH = MAX_NOTE_LENGTH + 2 * MAX_EXTRA_BYTES

/** @throws TypeError when `proof` cannot be written, because {@link parseProof} would not read it */
export function formatProof(proof: LogProof): string {
  const lines = [
    FIRST_LINE,
    ...(proof.extra === undefined ? [] : [`${EXTRA}${toBase64(proof.extra)}`]),
    `${INDEX}${proof.index}`,
    ...proof.hashes.map(toBase64),
  ]
  const text = `${lines.join('\n')}\n\n${proof.checkpoint}`
  if (parseProof(text) === null) throw new TypeError('this cannot be a proof')
  return text
}

/** Reads a proof without verifying anything. @returns null when it is malformed */
export function parseProof(text: string): LogProof | null {
  if (text.length > MAX_PROOF_LENGTH) return null
  const split = text.indexOf('\n\n')
  if (split < 0) return null
  const [first, ...rest] = text.slice(0, split).split('\n')
  const extra = rest[0]?.startsWith(EXTRA) ? parseExtra(rest.shift()!) : undefined
  const index = parseIndex(rest.shift())
  const hashes = parseHashes(rest)
  const checkpoint = text.slice(split + 2)
  if (first !== FIRST_LINE || extra === null || index === null || hashes === null) return null
  const note = parseNote(checkpoint)
  if (note === null || parseCheckpoint(note.text) === null) return null
  return { index, hashes, checkpoint, ...(extra && { extra }) }
}

/** A line without any data would be left out. */
function parseExtra(line: string): Uint8Array | null {
  const extra = fromBase64(line.slice(EXTRA.length))
  return extra === null || extra.length === 0 || extra.length > MAX_EXTRA_BYTES ? null : extra
}

function parseIndex(line: string | undefined): number | null {
  return line?.startsWith(INDEX) ? parseDecimal(line.slice(INDEX.length)) : null
}

function parseHashes(lines: readonly string[]): Uint8Array[] | null {
  if (lines.length > MAX_PROOF_HASHES) return null
  const hashes: Uint8Array[] = []
  for (const line of lines) {
    const hash = parseHash(line)
    if (hash === null) return null
    hashes.push(hash)
  }
  return hashes
}
