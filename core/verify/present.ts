import type { Certificate, CertificateSignature } from '../../schema/wire/certificate.ts'
import type { CertificateStatus } from '../../schema/wire/vocabulary.ts'

/**
 * The certificate as it is served: the signed text itself, with the unsigned members put behind its last one.
 * The signed bytes are never parsed and written again on the way.
 *
 * @param signed RFC 8785 text of the signed members
 * @param log where its entry in the transparency log is, if that is to be told
 * @param blockchain_hash the transaction that its entry is anchored by, likewise
 */
export function certificateText(
  signed: string,
  signature: CertificateSignature,
  status: CertificateStatus,
  log?: Certificate['log'],
  blockchain_hash?: string,
): string {
  const live = JSON.stringify({ signature, status, log, blockchain_hash })
  return `${signed.slice(0, -1)},${live.slice(1)}`
}
