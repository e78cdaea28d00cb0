import {
  equalBytes,
  formatProof,
  fromHex,
  type LogProof,
  openCheckpoint,
  toHex,
  type VerifierKey,
  verifyInclusion,
} from '../../core/verify/index.ts'
import { callApi } from '../api.ts'
import type { CommandContext } from '../command.ts'
import type { Connection } from '../configuration.ts'
import { CommandFailure, inputFailure, serverFailure } from '../failure.ts'
import { readSubject } from '../subject.ts'
import { readListed } from './certificates.ts'

/** An entry of the log: by its place, or by its hash. */
type EntryName = { readonly index: number } | { readonly leafHash: Uint8Array }

const INDEX = /^(?:0|[1-9]\d{0,15})$/
const LEAF_HASH = /^[0-9a-f]{64}$/i

/**
 * The proof that an entry is in the log, verified, as c2sp.org/tlog-proof text.
 *
 * @param name an index, a leaf hash, a certificate's id or page, or a file with one
 * @throws {CommandFailure} exit code 1 where the proof that the network gave does not hold
 */
export async function fetchProof(
  name: string,
  connection: Connection,
  verifierKey: VerifierKey,
  context: CommandContext,
): Promise<string> {
  const entry = await readEntryName(name, connection, context)
  const query = 'index' in entry ? `index=${entry.index}` : `leaf=${toHex(entry.leafHash)}`
  const answer = await ask(connection, `/v1/log/proof?${query}`, context)
  const proof = readProof(answer)
  if (proof === null) throw serverFailure(`${connection.baseUrl} did not answer with a proof`)
  if (!(await holds(proof, entry, verifierKey))) {
    throw new CommandFailure(1, 'the proof does not hold', {
      details: [`${connection.baseUrl} gave it; it does not lead to a checkpoint of ${verifierKey.name}`],
    })
  }
  return formatProof(proof)
}

async function readEntryName(
  name: string,
  connection: Connection,
  context: CommandContext,
): Promise<EntryName> {
  if (INDEX.test(name) && Number.isSafeInteger(Number(name))) return { index: Number(name) }
  if (LEAF_HASH.test(name)) return { leafHash: fromHex(name.toLowerCase())! }
  const subject = await readSubject(name, context.cwd)
  if (subject.kind === 'bundles') throw inputFailure(`${name} brings its proof: coderisk verify checks it`)
  const certificate =
    subject.kind === 'id'
      ? await ask(connection, `/v1/trust/certs/${subject.id}`, context)
      : parse(subject.text)
  const listed = await readListed(certificate)
  if (listed === null) throw inputFailure(`${name} is not a certificate's JSON`)
  if (subject.kind === 'id' && listed.id !== subject.id) {
    throw serverFailure(`${connection.baseUrl} answered with another certificate`)
  }
  return { leafHash: listed.leafHash }
}

function ask(connection: Connection, path: string, { terminal }: CommandContext): Promise<unknown> {
  return callApi(connection, { method: 'GET', path }, (line) => terminal.warn(line))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

interface AnsweredProof extends LogProof {
  readonly leafHash: Uint8Array
}

function readProof(answer: unknown): AnsweredProof | null {
  const { index, hashes, checkpoint, leaf_hash } = (answer ?? {}) as Record<string, unknown>
  const leafHash = typeof leaf_hash === 'string' ? fromHex(leaf_hash) : null
  if (leafHash === null || !Number.isSafeInteger(index) || typeof checkpoint !== 'string') return null
  if (!Array.isArray(hashes)) return null
  const siblings = hashes.map((hash) => (typeof hash === 'string' ? fromHex(hash) : null))
  if (!siblings.every((hash) => hash !== null)) return null
  return { index: Number(index), hashes: siblings, checkpoint, leafHash }
}

/** It must be of the entry that was asked for, and lead to the root of the checkpoint that comes with it. */
async function holds(proof: AnsweredProof, entry: EntryName, verifierKey: VerifierKey): Promise<boolean> {
  const { index, hashes, leafHash } = proof
  const asked = 'index' in entry ? index === entry.index : equalBytes(leafHash, entry.leafHash)
  const checkpoint = await openCheckpoint(proof.checkpoint, verifierKey)
  if (!asked || checkpoint === null) return false
  return verifyInclusion({ leafHash, index, hashes, size: checkpoint.size, root: checkpoint.root })
}
