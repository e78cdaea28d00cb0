import { toBase64 } from '../encoding.ts'
import { parseNote, type SignedNote, type VerifierKey, verifyNote } from './note.ts'
import { isNoteText, parseDecimal, parseHash } from './text.ts'

/** What a log says of its tree (c2sp.org/tlog-checkpoint). */
export interface Checkpoint {
  readonly origin: string
  /** In leaves. */
  readonly size: number
  /** 32 bytes. */
  readonly root: Uint8Array
}

/** A checkpoint that the log has signed. */
export interface OpenedCheckpoint extends Checkpoint {
  readonly note: SignedNote
  /** The whole signed note. */
  readonly text: string
}

/** @returns the text that is signed: origin, size and root, each on its line */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  const text = `${origin}\n${size}\n${toBase64(root)}\n`
  if (parseCheckpoint(text) === null) throw new TypeError('this cannot be a checkpoint')
  return text
}

/** @param text without signatures. @returns null when it is malformed or has extension lines, which we never write */
export function parseCheckpoint(text: string): Checkpoint | null {
  const [origin = '', decimal = '', base64 = '', end, ...more] = text.split('\n')
  if (origin === '' || end !== '' || more.length > 0 || !isNoteText(text)) return null
  const size = parseDecimal(decimal)
  const root = parseHash(base64)
  return size === null || root === null ? null : { origin, size, root }
}

/**
 * @param note a signed note
 * @returns null when it is malformed, is not by `logKey`, or is of another origin than the key's name
 */
export async function openCheckpoint(note: string, logKey: VerifierKey): Promise<OpenedCheckpoint | null> {
  const signed = parseNote(note)
  const checkpoint = signed && parseCheckpoint(signed.text)
  if (signed === null || checkpoint === null || checkpoint.origin !== logKey.name) return null
  return (await verifyNote(signed, logKey)) ? { ...checkpoint, note: signed, text: note } : null
}
