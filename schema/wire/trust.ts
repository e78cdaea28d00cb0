import { z } from '@hono/zod-openapi'
import { timestamp } from './text.ts'

export const jwksSchema = z
  .object({
    keys: z.array(
      z.object({
        kty: z.literal('RSA'),
        n: z.string(),
        e: z.string(),
        kid: z.string().openapi({ example: 'key-202611-1a2b3c4d' }),
        alg: z.literal('RS256'),
        use: z.literal('sig'),
      }),
    ),
  })
  .openapi('JsonWebKeySet')

/** RFC 8037: an Ed25519 public key. */
export const rootKeySchema = z
  .object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() })
  .openapi('RootKey')

/** RFC 7515 §7.2.2. */
export const signedDocumentSchema = z
  .object({ protected: z.string(), payload: z.string(), signature: z.string() })
  .openapi('FlattenedJws')

/** `GET /v1/trust-root/draft`: what the network root key is to sign next, where that key is kept offline. */
export const trustRootDraftSchema = z
  .object({
    version: z.int().min(1),
    payload: z.string().openapi({ description: 'JSON text: the payload of the JWS, to be signed as it is.' }),
    due: z.boolean().openapi({
      description: 'Whether it is time: it says something new, or the current one is about to expire.',
    }),
    current: z
      .object({ version: z.int().min(1), expires_at: timestamp, signed: signedDocumentSchema })
      .nullable()
      .openapi({ description: 'The newest one that was published; null before the first.' }),
  })
  .openapi('TrustRootDraft')

/** Strict: a member that nobody reads is none that anybody signed. */
export const publishTrustRootRequestSchema = signedDocumentSchema.strict().openapi('PublishTrustRootRequest')

export const publishedTrustRootSchema = z
  .object({
    version: z.int().min(1),
    expires_at: timestamp,
    activated_key: z.string().nullable().openapi({
      description: 'The signing key that had to wait for this trust root and signs from now on, if any.',
    }),
  })
  .openapi('PublishedTrustRoot')

export type TrustRootDraft = z.infer<typeof trustRootDraftSchema>
export type PublishedTrustRoot = z.infer<typeof publishedTrustRootSchema>

const component = z.enum(['ok', 'unavailable'])

export const readinessSchema = z
  .object({
    status: z.enum(['ready', 'degraded']),
    components: z.object({
      edge: component,
      trust_root: component,
      kv: component,
      core: component,
      database: component,
    }),
  })
  .openapi('Readiness')
