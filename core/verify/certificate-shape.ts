import type { Certificate, SignedCertificate } from '../../schema/wire/certificate.ts'
import { CERTIFICATE_ID_PATTERN, RISK_LEVELS } from '../../schema/wire/vocabulary.ts'
import { isRecord, isTime } from './reading.ts'

/** Only the members that a verdict rests on; a later schema may add others. */
export function isCertificateShape(value: unknown): value is SignedCertificate {
  return (
    isRecord(value) &&
    value.schema_version === '1.0' &&
    typeof value.certificate_id === 'string' &&
    CERTIFICATE_ID_PATTERN.test(value.certificate_id) &&
    typeof value.livemode === 'boolean' &&
    isTime(value.issued_at) &&
    isTime(value.expires_at) &&
    typeof value.ai_tool === 'string' &&
    typeof value.risk_score === 'number' &&
    RISK_LEVELS.some((level) => level === value.risk_level) &&
    typeof value.confidence === 'number' &&
    typeof value.verification_url === 'string' &&
    isRecord(value.status_list) &&
    typeof value.status_list.uri === 'string' &&
    Number.isSafeInteger(value.status_list.idx)
  )
}

export function isSignature(value: unknown): value is Certificate['signature'] {
  return (
    isRecord(value) &&
    value.algorithm === 'RS256' &&
    typeof value.public_key_id === 'string' &&
    typeof value.value === 'string'
  )
}
