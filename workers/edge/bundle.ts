import { certificateText } from '../../core/verify/present.ts'
import type { LogState } from '../../schema/wire/log.ts'
import { BUNDLE_MEDIA_TYPE, type CertificateStatus } from '../../schema/wire/vocabulary.ts'
import { BoundedMap } from './bounded-map.ts'
import type { HeldCertificate } from './certificates.ts'

/** Everything that verifying a certificate offline takes, each part checked already. */
export interface BundleParts {
  readonly certificate: HeldCertificate
  readonly status: CertificateStatus
  /** Flattened JWS, JSON text. */
  readonly trustRoot: string
  /** Compact JWT. */
  readonly statusList: string
  /** Flattened JWS over the signed bytes, JSON text. */
  readonly jws: string
}

/** What changes slowly or never: a proof stays right while the log grows, so it is made once. */
export interface LogPart {
  /** c2sp.org/tlog-proof. */
  readonly text: string
  readonly log: LogState
}

interface Kept {
  readonly parts: Omit<BundleParts, 'certificate'>
  readonly text: string
}

const MEMORY_BUDGET_CHARACTERS = 8 * 1024 * 1024

const memory = new BoundedMap<Kept>(MEMORY_BUDGET_CHARACTERS)

/** The bundle that was made of these very parts before. */
export function keptBundle(parts: BundleParts): string | null {
  const kept = memory.get(parts.certificate.id)
  return kept !== undefined && isOf(kept.parts, parts) ? kept.text : null
}

/** `application/vnd.coderisk.bundle+json`: docs/certificate-format.md. It is kept until a part changes. */
export function makeBundle(parts: BundleParts, proof: LogPart): string {
  const { certificate, ...kept } = parts
  const { record } = certificate
  const text = `{${[
    `"media_type":"${BUNDLE_MEDIA_TYPE}"`,
    '"schema_version":"1.0"',
    `"certificate":${certificateText(record.signed, record.signature, parts.status, proof.log)}`,
    `"trust_root":${parts.trustRoot}`,
    `"status_list":${JSON.stringify(parts.statusList)}`,
    `"log_proof":${JSON.stringify(proof.text)}`,
    `"jws":${parts.jws}`,
  ].join(',')}}`
  memory.set(certificate.id, { parts: kept, text }, text.length)
  return text
}

function isOf(kept: Kept['parts'], parts: BundleParts): boolean {
  return (
    kept.status === parts.status &&
    kept.trustRoot === parts.trustRoot &&
    kept.statusList === parts.statusList &&
    kept.jws === parts.jws
  )
}
