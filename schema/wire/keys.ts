import { z } from '@hono/zod-openapi'
import { timestamp } from './text.ts'

const kid = z
  .string()
  .regex(/^key-\d{6}-[0-9a-f]{8}$/)
  .openapi({ example: 'key-202611-1a2b3c4d' })

export const signingKeyParameters = z.object({ kid })

export const compromiseKeyRequestSchema = z
  .strictObject({
    log_index: z
      .int()
      .min(0)
      .optional()
      .openapi({
        description:
          'Certificates of this key that the log has at this index or above lose their worth. By default the place that ' +
          'the log gives to this event, filled in as soon as it is known; until then all of them have lost it.',
      }),
  })
  .openapi('CompromiseKeyRequest')

export const compromisedKeySchema = z
  .object({
    kid,
    state: z.literal('compromised'),
    compromised_at: timestamp,
    log_index: z.int().min(0).nullable().openapi({ description: 'Null until the log has the event.' }),
    active_key: kid.nullable().openapi({
      description:
        'The key of its mode that signs now. Null: none does, and issuing answers `signing_unavailable`, until a trust ' +
        'root is published that lists the next key.',
    }),
    trust_root_version: z.int().nullable().openapi({
      description:
        'The trust root that tells of it. Null: one must be signed where the network root key is kept.',
    }),
  })
  .openapi('CompromisedKey')

export type CompromiseKeyRequest = z.infer<typeof compromiseKeyRequestSchema>
export type CompromisedKey = z.infer<typeof compromisedKeySchema>
