import { z } from '@hono/zod-openapi'
import { certificateId } from './certificate.ts'
import { timestamp } from './text.ts'
import {
  CERTIFICATE_STATUSES,
  REVOCATION_REASONS,
  RISK_LEVELS,
  STATUS_SOURCES,
  VERDICTS,
} from './vocabulary.ts'

const checkOutcome = z.object({
  result: z.enum(['passed', 'failed', 'indeterminate', 'not_evaluated']).openapi({
    description: '`not_evaluated` does not weigh on the verdict.',
  }),
  reason: z.string().nullable().openapi({ description: 'Null exactly for `passed`.' }),
})

/** The answer of `GET /v1/trust/certs/{id}/verify` and of `POST /v1/trust/verify-signature`. */
export const verificationSchema = z
  .object({
    certificate_id: certificateId.nullable(),
    verdict: z.enum(VERDICTS),
    reasons: z
      .array(z.string())
      .openapi({ description: 'Why the verdict is not `valid`; empty when it is.' }),
    status: z.enum(CERTIFICATE_STATUSES),
    issued_at: timestamp.nullable(),
    expires_at: timestamp.nullable(),
    risk_level: z.enum(RISK_LEVELS).nullable(),
    risk_score: z.number().nullable(),
    confidence: z.number().nullable(),
    ai_tool: z.string().nullable(),
    verification_url: z.url().nullable(),
    signature_valid: z.boolean(),
    blockchain_verified: z.boolean().optional(),
    status_as_of: timestamp.nullable(),
    status_source: z.enum(STATUS_SOURCES),
    revoked_at: timestamp.nullable(),
    revocation_reason: z.enum(REVOCATION_REASONS).nullable(),
    checks: z.object({
      signature: checkOutcome,
      key_validity: checkOutcome,
      expiry: checkOutcome,
      status: checkOutcome,
      log: checkOutcome,
      witnesses: checkOutcome,
      code_hash: checkOutcome.optional(),
    }),
  })
  .openapi('Verification')

export type Verification = z.infer<typeof verificationSchema>
