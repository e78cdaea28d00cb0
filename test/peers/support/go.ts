import path from 'node:path'
import { peer } from './peers.ts'
import { type Ran, run } from './run.ts'

/** The libraries of `go/`. */
export const go = peer('go libraries')

/** A tree as others understood it. */
export interface ReadCheckpoint {
  readonly origin: string
  readonly size: number
  /** Base64. */
  readonly root: string
}

export interface ReadLog extends ReadCheckpoint {
  readonly entries: number
  /** Hexadecimal: SHA-256 of all entries in order, each after its length (4 bytes, big-endian). */
  readonly digest: string
  readonly proved: number[]
}

export interface OpenedNote {
  readonly text: string
  readonly signers: string[]
  readonly unverified: number
}

/** Hashes in hexadecimal. */
export interface InclusionCase {
  readonly leaf: string
  readonly index: number
  readonly size: number
  readonly root: string
  readonly hashes: readonly string[]
}

export interface ConsistencyCase {
  readonly from: number
  readonly to: number
  readonly from_root: string
  readonly to_root: string
  readonly hashes: readonly string[]
}

export interface Cases {
  readonly inclusion: readonly InclusionCase[]
  readonly consistency: readonly ConsistencyCase[]
}

/** Whether each library takes a proof. */
export interface Verdict {
  readonly merkle: boolean
  readonly tlog: boolean
}

export interface Verdicts {
  readonly inclusion: readonly Verdict[]
  readonly consistency: readonly Verdict[]
}

/** `golang.org/x/mod/sumdb/note`. */
export const openNote = (vkey: string, note: string) => ask<OpenedNote>(['note', vkey], note)

/** torchwood: a checkpoint with its cosignatures, under a tlog-policy in a file. */
export const checkPolicy = (policyFile: string, checkpoint: string) =>
  ask<ReadCheckpoint>(['policy', policyFile], checkpoint)

/** torchwood's client reads and verifies every entry of the log at `url`. */
export const readLog = (url: string, vkey: string) => ask<ReadLog>(['read', url, vkey])

/** Tessera's fsck. */
export const fsckLog = (url: string, vkey: string) => ask<{ clean: true }>(['fsck', url, vkey])

/** torchwood. @param leaf hexadecimal */
export const verifyProof = (vkey: string, leaf: string, proof: string) =>
  ask<{ verified: true }>(['proof', vkey, leaf], proof)

/** transparency-dev/merkle and `golang.org/x/mod/sumdb/tlog`. */
export const judge = (cases: Cases) => ask<Verdicts>(['judge'], JSON.stringify(cases))

/** A refusal: what the library said. */
export async function refusal(answer: Promise<unknown>): Promise<string> {
  try {
    await answer
  } catch (error) {
    if (error instanceof Refused) return error.message
    throw error
  }
  throw new Error('it was not refused')
}

class Refused extends Error {}

async function ask<T>(args: readonly string[], input = ''): Promise<T> {
  const ran: Ran = await run(path.join(go.path, 'peers'), args, { input })
  if (ran.code === 0) return JSON.parse(ran.stdout) as T
  // Anything else than its own refusal (a crash is 2, no such program 127) is not what a test may count on.
  if (ran.code === 1) throw new Refused(ran.stderr.trim())
  throw new Error(`peers ${args[0]} ended with ${ran.code}: ${ran.stderr}`)
}
