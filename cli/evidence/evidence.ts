import { createHash } from 'node:crypto'
import { canonicalBytes } from '../../core/verify/canonical.ts'
import type { Evidence as WireEvidence } from '../../schema/wire/evidence.ts'

/** The request's `evidence`, before a CI identity is added. Nothing in it is ever published. */
export type Evidence = Pick<WireEvidence, 'coverage' | 'sarif' | 'history'>

/** A report as the request carries it; a SARIF report names no commit. */
export type SuppliedReport = NonNullable<WireEvidence['coverage']>[number]

/** One commit of the history: when it was made (RFC 3339, UTC), and the paths that it changed. */
export type HistoryCommit = NonNullable<WireEvidence['history']>[number]

export type EvidenceKind = 'coverage' | 'sarif' | 'history' | 'ci_identity'

/** What is sent, as the report names it. */
export interface SentEvidence {
  readonly kind: EvidenceKind
  readonly name: string
  readonly format: string
  /** Of the file; of the history its JSON; of the CI identity its token. */
  readonly bytes: number
  /** Of a report: the commit that it is said to be of. */
  readonly commit_sha?: string
}

/** What is not sent: why, and what would change that. */
export interface LeftOutEvidence {
  readonly kind: EvidenceKind
  /** Null when there is none. */
  readonly name: string | null
  readonly problem: string
  readonly how: string | null
}

/** All evidence of one request. */
export interface CollectedEvidence {
  /** Null when there is none at all. */
  readonly evidence: Evidence | null
  /** Of {@link evidence}: what a CI identity token is made for. */
  readonly sha256: string | null
  readonly ciToken: string | null
  readonly sent: readonly SentEvidence[]
  readonly leftOut: readonly LeftOutEvidence[]
}

/** Hex SHA-256 of the RFC 8785 form of the evidence, without a CI token. */
export function evidenceHash(evidence: Evidence): string {
  return createHash('sha256').update(canonicalBytes(evidence)).digest('hex')
}

/** UTF-8 bytes of a value as JSON, and of the comma after it. */
export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value)) + 1
}
