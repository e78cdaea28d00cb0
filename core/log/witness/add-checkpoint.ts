import { toBase64 } from '../../verify/encoding.ts'
import { findSignature, parseNote, type SignedNote, verifyCosignature } from '../../verify/log/index.ts'
import type { VerifierKey } from '../../verify/log/note.ts'

/** c2sp.org/tlog-witness: no proof is longer. */
const MAX_PROOF_HASHES = 63
const DECIMAL = /^(0|[1-9]\d{0,15})\n?$/

/** What a witness answered, as far as it concerns us. */
export type WitnessAnswer =
  | { readonly kind: 'cosigned'; readonly line: string; readonly time: number }
  /** It has followed the log to another size than the request said. */
  | { readonly kind: 'conflict'; readonly size: number }
  | { readonly kind: 'refused'; readonly code: WitnessFailure }

export type WitnessFailure =
  | 'unreachable'
  | 'log_unknown'
  | 'key_unknown'
  | 'proof_refused'
  | 'conflict'
  | 'cosignature_invalid'
  | 'unexpected_status'
  | 'witness_ahead'

/**
 * The body of `POST …/add-checkpoint` (c2sp.org/tlog-witness).
 *
 * @param old the size that the witness has cosigned last, 0 if none
 * @param hashes consistency proof from there to the checkpoint; empty when `old` is 0 or the checkpoint's own size
 * @param checkpoint the signed note
 */
export function addCheckpointBody(old: number, hashes: readonly Uint8Array[], checkpoint: string): string {
  if (hashes.length > MAX_PROOF_HASHES) throw new RangeError('a consistency proof is shorter')
  return `old ${old}\n${hashes.map((hash) => `${toBase64(hash)}\n`).join('')}\n${checkpoint}`
}

/** Reads an answer. A cosignature counts only if it is by `witness` and holds over the checkpoint. */
export async function readAnswer(
  response: { readonly status: number; readonly body: string },
  checkpoint: SignedNote,
  witness: VerifierKey,
): Promise<WitnessAnswer> {
  if (response.status === 200) return readCosignature(response.body, checkpoint, witness)
  const size = response.status === 409 ? DECIMAL.exec(response.body)?.[1] : undefined
  if (size !== undefined) return { kind: 'conflict', size: Number(size) }
  return { kind: 'refused', code: CODES[response.status] ?? 'unexpected_status' }
}

const CODES: Readonly<Record<number, WitnessFailure>> = {
  403: 'key_unknown',
  404: 'log_unknown',
  409: 'conflict',
  422: 'proof_refused',
}

async function readCosignature(
  lines: string,
  checkpoint: SignedNote,
  witness: VerifierKey,
): Promise<WitnessAnswer> {
  const cosigned = parseNote(`${checkpoint.text}\n${lines}`)
  // An empty line in the answer would make it the note of another text.
  const isOfCheckpoint = cosigned?.text === checkpoint.text
  const cosignature = isOfCheckpoint ? await verifyCosignature(cosigned, witness) : null
  const line = isOfCheckpoint ? findSignature(cosigned, witness)?.line : undefined
  if (cosignature === null || line === undefined) return { kind: 'refused', code: 'cosignature_invalid' }
  return { kind: 'cosigned', line, time: cosignature.time }
}
