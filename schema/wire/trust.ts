import { z } from '@hono/zod-openapi'

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
