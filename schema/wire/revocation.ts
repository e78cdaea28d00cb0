import { z } from '@hono/zod-openapi'
import { certificateId } from './certificate.ts'
import { timestamp } from './text.ts'
import { REVOCATION_REASONS } from './vocabulary.ts'

export const revokeRequestSchema = z
  .strictObject({ reason: z.enum(REVOCATION_REASONS).default('unspecified') })
  .openapi('RevokeRequest')

export const revocationSchema = z
  .object({
    certificate_id: certificateId,
    status: z.literal('revoked'),
    revoked_at: timestamp,
    revocation_reason: z.enum(REVOCATION_REASONS),
  })
  .openapi('Revocation')

export type RevokeRequest = z.infer<typeof revokeRequestSchema>
export type Revocation = z.infer<typeof revocationSchema>
