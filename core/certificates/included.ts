import type { InclusionProof, LogState } from '../../schema/wire/log.ts'

/** `certificateText` puts `log` last. */
const PENDING = /"log":\{"state":"pending","leaf_hash":"([0-9a-f]{64})"\}\}$/

/**
 * @param body a certificate as it was answered when it was issued
 * @returns the hash of its pending log entry, hex; null when it says of none
 */
export function pendingLeafHash(body: string): string | null {
  return PENDING.exec(body)?.[1] ?? null
}

/** The same certificate, which says where its entry is. The signed text goes through as it is. */
export function withInclusion(body: string, proof: InclusionProof): string {
  const leafHash = pendingLeafHash(body)
  if (leafHash === null) return body
  const log: LogState = { state: 'included', leaf_hash: leafHash, index: proof.index, proof }
  return `${body.slice(0, body.search(PENDING))}"log":${JSON.stringify(log)}}`
}
