import { z } from '@hono/zod-openapi'
import { text, timestamp } from './text.ts'
import { SCOPES } from './vocabulary.ts'

export const createOrganisationRequestSchema = z
  .strictObject({ name: text(120).openapi({ example: 'Example Shop' }) })
  .openapi('CreateOrganisationRequest')

export const createdOrganisationSchema = z
  .object({
    id: z.string().openapi({ example: 'org_7k3m9q2x4w8t1v6z' }),
    name: z.string(),
    user_id: z.string(),
    created_at: timestamp,
    api_key: z.string().nullable().openapi({ description: 'Shown once; null in a replay.' }),
    secret_already_shown: z.boolean().optional(),
  })
  .openapi('CreatedOrganisation')

export const createApiKeyRequestSchema = z
  .strictObject({
    name: text(120).openapi({ example: 'ci' }),
    scopes: z.array(z.enum(SCOPES)).min(1).max(SCOPES.length),
    livemode: z.boolean().default(true),
  })
  .openapi('CreateApiKeyRequest')

export const apiKeySchema = z
  .object({
    id: z.string().openapi({ example: 'key_7k3m9q2x4w8t1v6z' }),
    name: z.string(),
    scopes: z.array(z.enum(SCOPES)),
    livemode: z.boolean(),
    hint: z.string().openapi({ description: 'The first characters of the key, to tell it from others.' }),
    created_at: timestamp,
    revoked_at: timestamp.nullable(),
  })
  .openapi('ApiKey')

export const createdApiKeySchema = apiKeySchema
  .extend({
    key: z.string().nullable().openapi({ description: 'Shown once; null in a replay.' }),
    secret_already_shown: z.boolean().optional(),
  })
  .openapi('CreatedApiKey')

export type ApiKey = z.infer<typeof apiKeySchema>
export type CreateApiKeyRequest = z.infer<typeof createApiKeyRequestSchema>
export type CreatedApiKey = z.infer<typeof createdApiKeySchema>
export type CreatedOrganisation = z.infer<typeof createdOrganisationSchema>
export type CreateOrganisationRequest = z.infer<typeof createOrganisationRequestSchema>
