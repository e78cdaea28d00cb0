import { utf8 } from '../encoding.ts'
import { verifyEd25519 } from './ed25519.ts'
import { COSIGNATURE_TYPE, findSignature, type SignedNote, signatureLine, type VerifierKey } from './note.ts'

/** A witness saw the checkpoint as the log's largest consistent one (c2sp.org/tlog-cosignature). */
export interface Cosignature {
  readonly witness: VerifierKey
  /** POSIX, seconds. */
  readonly time: number
}

const TIME_BYTES = 8
const SIGNATURE_BYTES = 64

/**
 * What a witness signs.
 *
 * @param time POSIX, seconds
 * @param text of the checkpoint, with its last newline
 */
export function cosignedMessage(time: number, text: string): Uint8Array<ArrayBuffer> {
  checkTime(time)
  return utf8(`cosignature/v1\ntime ${time}\n${text}`)
}

/**
 * The line of a witness.
 *
 * @param signature Ed25519 over {@link cosignedMessage}, 64 bytes
 */
export function cosignatureLine(witness: VerifierKey, time: number, signature: Uint8Array): string {
  checkTime(time)
  const bytes = new Uint8Array(TIME_BYTES + signature.length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(time))
  bytes.set(signature, TIME_BYTES)
  return signatureLine(witness, bytes)
}

/**
 * The cosignature of a witness, a key of type 0x04. The first one that names the key counts, as in {@link verifyNote}.
 *
 * @returns null when there is none, or it is malformed or does not hold
 */
export async function verifyCosignature(note: SignedNote, witness: VerifierKey): Promise<Cosignature | null> {
  const bytes = findSignature(note, witness)?.signature
  if (witness.type !== COSIGNATURE_TYPE || bytes?.length !== TIME_BYTES + SIGNATURE_BYTES) return null
  const time = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0))
  if (!Number.isSafeInteger(time)) return null
  const holds = await verifyEd25519(
    witness.publicKey,
    bytes.slice(TIME_BYTES),
    cosignedMessage(time, note.text),
  )
  return holds ? { witness, time } : null
}

function checkTime(time: number): void {
  if (!Number.isSafeInteger(time) || time < 0) throw new RangeError('this cannot be a time')
}
