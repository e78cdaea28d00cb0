import { sha256 } from '@noble/hashes/sha2.js'
import { fromBase64, toBase64, toHex, utf8 } from '../encoding.ts'
import { verifyEd25519 } from './ed25519.ts'
import { equalBytes } from './merkle.ts'
import { isKeyName, isNoteText } from './text.ts'

/** As Go's `golang.org/x/mod/sumdb/note` has it; the specification asks for 16 or more. */
export const MAX_NOTE_SIGNATURES = 100
/** In UTF-16 units. */
export const MAX_NOTE_LENGTH = 1_048_576

/** In UTF-16 units. */
const MAX_VERIFIER_KEY_LENGTH = 1024

/** Signature types of c2sp.org/signed-note that are known here. */
export const ED25519_TYPE = 0x01
export const COSIGNATURE_TYPE = 0x04

const KEY_ID_BYTES = 4
const PUBLIC_KEY_BYTES = 32
/** Em dash, space. */
const SIGNATURE_PREFIX = '\u2014 '

export interface VerifierKey {
  readonly name: string
  /** Four bytes: SHA-256(name ‖ 0x0a ‖ type ‖ public key)[:4]. */
  readonly id: Uint8Array
  /** 0x01 Ed25519, 0x04 cosignature/v1. */
  readonly type: number
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array<ArrayBuffer>
  /** The key as it is written: `name+hex(id)+base64(type ‖ public key)`. */
  readonly text: string
}

export interface NoteSignature {
  readonly name: string
  /** Four bytes. */
  readonly id: Uint8Array
  /** What follows the id: one byte or more. */
  readonly signature: Uint8Array<ArrayBuffer>
  /** The whole line, with its newline. */
  readonly line: string
}

export interface SignedNote {
  /** What is signed, with its last newline. */
  readonly text: string
  readonly signatures: readonly NoteSignature[]
}

/** @returns null when `vkey` is malformed, of another type than 0x01 and 0x04, or its id is not the one of its key */
export function parseVerifierKey(vkey: string): VerifierKey | null {
  if (vkey.length > MAX_VERIFIER_KEY_LENGTH) return null
  const [name = '', id = '', ...encoded] = vkey.split('+')
  // Base64 may have pluses itself.
  const key = fromBase64(encoded.join('+'))
  if (!isKeyName(name) || key?.length !== 1 + PUBLIC_KEY_BYTES) return null
  const type = key[0]!
  if (type !== ED25519_TYPE && type !== COSIGNATURE_TYPE) return null
  const publicKey = key.slice(1)
  const expected = keyId(name, type, publicKey)
  return id === toHex(expected) ? { name, id: expected, type, publicKey, text: vkey } : null
}

/**
 * @param name not empty, without spaces and pluses
 * @param publicKey Ed25519, 32 bytes
 * @throws TypeError when either is not so
 */
export function formatVerifierKey(
  name: string,
  publicKey: Uint8Array,
  type: 0x01 | 0x04 = ED25519_TYPE,
): string {
  const vkey = `${name}+${toHex(keyId(name, type, publicKey))}+${toBase64(join([type], publicKey))}`
  if (parseVerifierKey(vkey) === null) throw new TypeError('this cannot be a verifier key')
  return vkey
}

/** Reads a signed note (c2sp.org/signed-note) without verifying it. @returns null when it is malformed */
export function parseNote(note: string): SignedNote | null {
  if (note.length > MAX_NOTE_LENGTH || !isNoteText(note)) return null
  const split = note.lastIndexOf('\n\n')
  if (split < 0 || !note.endsWith('\n')) return null
  const lines = note
    .slice(split + 2)
    .split('\n')
    .slice(0, -1)
  if (lines.length < 1 || lines.length > MAX_NOTE_SIGNATURES) return null
  const signatures: NoteSignature[] = []
  for (const line of lines) {
    const signature = parseSignatureLine(line)
    if (signature === null) return null
    signatures.push(signature)
  }
  return { text: note.slice(0, split + 1), signatures }
}

/**
 * @param text with its last newline
 * @param lines of {@link signatureLine}
 */
export function formatNote(text: string, lines: readonly string[]): string {
  if (!text.endsWith('\n')) throw new TypeError('the text of a note ends in a newline')
  return `${text}\n${lines.join('')}`
}

/** @returns `— name base64(id ‖ signature)` and a newline */
export function signatureLine(key: VerifierKey, signature: Uint8Array): string {
  return `${SIGNATURE_PREFIX}${key.name} ${toBase64(join(key.id, signature))}\n`
}

/**
 * Whether a note bears a signature of an Ed25519 key (type 0x01) that holds. As in Go's `note.Open`, the first one of
 * that key counts: if it does not hold, no later one makes up for it. Signatures of other keys are ignored.
 */
export async function verifyNote(note: SignedNote, key: VerifierKey): Promise<boolean> {
  const found = findSignature(note, key)
  if (key.type !== ED25519_TYPE || found === undefined) return false
  return verifyEd25519(key.publicKey, found.signature, utf8(note.text))
}

/** The first signature that names `key`: name and id are the same. */
export function findSignature(note: SignedNote, key: VerifierKey): NoteSignature | undefined {
  return note.signatures.find(({ name, id }) => name === key.name && equalBytes(id, key.id))
}

function keyId(name: string, type: number, publicKey: Uint8Array): Uint8Array {
  return sha256(join(utf8(`${name}\n`), [type], publicKey)).slice(0, KEY_ID_BYTES)
}

function parseSignatureLine(line: string): NoteSignature | null {
  if (!line.startsWith(SIGNATURE_PREFIX)) return null
  const [name = '', encoded = '', ...more] = line.slice(SIGNATURE_PREFIX.length).split(' ')
  const bytes = fromBase64(encoded)
  if (!isKeyName(name) || more.length > 0 || bytes === null || bytes.length <= KEY_ID_BYTES) return null
  return {
    name,
    id: bytes.slice(0, KEY_ID_BYTES),
    signature: bytes.slice(KEY_ID_BYTES),
    line: `${line}\n`,
  }
}

function join(...parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
