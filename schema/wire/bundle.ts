import { z } from '@hono/zod-openapi'
import { certificateSchema } from './certificate.ts'
import { signedDocumentSchema } from './trust.ts'
import { BUNDLE_MEDIA_TYPE } from './vocabulary.ts'

/** Everything that verifying a certificate takes, but for the pinned network root key. */
export const bundleSchema = z
  .object({
    media_type: z.literal(BUNDLE_MEDIA_TYPE),
    schema_version: z.literal('1.0'),
    certificate: certificateSchema,
    trust_root: signedDocumentSchema,
    status_list: z.string().openapi({ description: 'A Token Status List token (`statuslist+jwt`).' }),
    log_proof: z
      .string()
      .openapi({ description: 'c2sp.org/tlog-proof@v1 of the entry that records the issue.' }),
    jws: signedDocumentSchema,
  })
  .openapi('Bundle')

export type Bundle = z.infer<typeof bundleSchema>
