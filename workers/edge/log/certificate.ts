import { toHex, utf8 } from '../../../core/verify/encoding.ts'
import { formatProof } from '../../../core/verify/log/proof.ts'
import { issuedLogEntry } from '../../../core/verify/log-entry.ts'
import type { LogState } from '../../../schema/wire/log.ts'
import type { ProblemCode } from '../../../schema/wire/problems.ts'
import type { HeldCertificate } from '../certificates.ts'
import type { EdgeEnv } from '../env.ts'
import { currentCheckpoint } from './checkpoint.ts'
import { findIndex } from './find.ts'
import { includedAt } from './prove.ts'

export type CertificateProof =
  | { readonly ok: true; readonly text: string; readonly log: LogState }
  | { readonly ok: false; readonly code: ProblemCode }

/**
 * That the log has the entry which records the issue of a certificate: c2sp.org/tlog-proof with the current checkpoint.
 * The leaf is made from the signed bytes, so it cannot be another's.
 *
 * @param client who is asking; a place that is not known is asked of the core at a limited rate per client
 */
export async function proveCertificate(
  env: EdgeEnv,
  { record, examined }: HeldCertificate,
  client: string,
  now: number,
): Promise<CertificateProof> {
  if (examined.certificate === null) return { ok: false, code: 'certificate_not_found' }
  const { leafHash } = await issuedLogEntry(examined.certificate, utf8(record.signed))
  const leaf = toHex(leafHash)
  const said = record.logIndex === undefined ? null : await proveAt(env, leaf, record.logIndex, now)
  // Nobody vouches for what KV says of the place: where it is another's, the core is asked.
  if (said !== null && (said.ok || said.code !== 'log_entry_not_found')) return said
  const found = await findIndex(env, leaf, client, now)
  return found.ok ? proveAt(env, leaf, found.index, now) : { ok: false, code: CODES[found.reason] }
}

const CODES = {
  not_found: 'log_entry_not_found',
  rate_limited: 'rate_limited',
  unavailable: 'core_unavailable',
} as const

async function proveAt(env: EdgeEnv, leaf: string, index: number, now: number): Promise<CertificateProof> {
  const checkpoint = await currentCheckpoint(env, now, index + 1)
  if (checkpoint === null) return { ok: false, code: 'log_unavailable' }
  if (index >= checkpoint.size) return { ok: false, code: 'log_entry_not_found' }
  const proof = await includedAt(env, checkpoint, index)
  if (proof === null) return { ok: false, code: 'log_unavailable' }
  if (toHex(proof.leafHash) !== leaf) return { ok: false, code: 'log_entry_not_found' }
  const text = formatProof({ index, hashes: proof.hashes, checkpoint: checkpoint.text })
  return { ok: true, text, log: { state: 'included', leaf_hash: leaf, index } }
}
