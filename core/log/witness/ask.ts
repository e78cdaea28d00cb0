import type { SignedNote } from '../../verify/log/index.ts'
import type { PolicyWitness } from '../../verify/log/policy.ts'
import { addCheckpointBody, readAnswer, type WitnessFailure } from './add-checkpoint.ts'

/** One HTTP exchange with a witness; bounded in time and size by whoever implements it. @throws when there is no answer */
export type PostCheckpoint = (url: string, body: string) => Promise<{ status: number; body: string }>

/** Witnesses differ in what 409 and 422 mean, so that no answer may lead to asking without end. */
const MAX_ATTEMPTS = 3

export interface Question {
  readonly checkpoint: { readonly note: SignedNote; readonly text: string; readonly size: number }
  /** The size that the witness has cosigned last, as far as we know. */
  readonly knownSize: number
  /** RFC 6962 consistency proof from that size to the checkpoint's. */
  prove(from: number): Promise<readonly Uint8Array[]>
}

export type Asked =
  | { readonly ok: true; readonly line: string; readonly time: number }
  | { readonly ok: false; readonly failure: WitnessFailure }

/**
 * Asks one witness for its cosignature. A witness that has followed us to another size than we know says so, and is
 * asked again from there; one that refuses a proof is asked once more as if it knew nothing, to learn its size.
 */
export async function askWitness(
  post: PostCheckpoint,
  witness: PolicyWitness & { readonly url: string },
  { checkpoint, knownSize, prove }: Question,
): Promise<Asked> {
  let old = knownSize
  let failure: WitnessFailure = 'conflict'
  const tried = new Set<number>()
  for (let attempt = 0; attempt < MAX_ATTEMPTS && !tried.has(old); attempt++) {
    // What it has seen is past this checkpoint: a newer one will be, or has been, put before it.
    if (old > checkpoint.size) return { ok: false, failure: 'witness_ahead' }
    tried.add(old)
    const body = addCheckpointBody(old, await prove(old), checkpoint.text)
    let response: { status: number; body: string }
    try {
      response = await post(`${witness.url.replace(/\/$/, '')}/add-checkpoint`, body)
    } catch {
      return { ok: false, failure: 'unreachable' }
    }
    const answer = await readAnswer(response, checkpoint.note, witness.key)
    if (answer.kind === 'cosigned') return { ok: true, line: answer.line, time: answer.time }
    if (answer.kind === 'conflict') old = answer.size
    else if (answer.code === 'proof_refused' || answer.code === 'conflict') {
      failure = answer.code
      old = 0
    } else return { ok: false, failure: answer.code }
  }
  return { ok: false, failure }
}
