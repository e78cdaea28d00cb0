import { createRoute, z } from '@hono/zod-openapi'
import { bundleSchema } from './bundle.ts'
import { anchorListSchema, consistencyProofSchema, logEntryListSchema, logProofSchema } from './log.ts'
import { certificateParameters, json, media, problems } from './route-parts.ts'
import { signedDocumentSchema } from './trust.ts'
import { BUNDLE_MEDIA_TYPE } from './vocabulary.ts'

const size = z.coerce.number().int().min(1)
const index = z.coerce.number().int().min(0)
const tile = z.string().openapi({
  description:
    'Its index in groups of three digits, all but the last with an `x` before them, and for a partial one `.p/` and its width: `x001/x234/067`, `000.p/112`. The slashes are part of the path.',
  example: '000.p/112',
})
const octets = z.string().openapi({ format: 'binary' })

/** The transparency log, and what verifies offline. */
export const LOG_ROUTES = [
  createRoute({
    method: 'get',
    path: '/log/checkpoint',
    operationId: 'getCheckpoint',
    tags: ['Transparency log'],
    summary: 'The newest signed checkpoint (c2sp.org/tlog-checkpoint), with its cosignatures',
    responses: { 200: media('text/plain', z.string(), 'A signed note'), ...problems(503) },
  }),
  createRoute({
    method: 'get',
    path: '/log/tile/{level}/{tile}',
    operationId: 'getTile',
    tags: ['Transparency log'],
    summary: 'A hash tile (c2sp.org/tlog-tiles); it never changes',
    request: { params: z.object({ level: z.coerce.number().int().min(0).max(63), tile }) },
    responses: { 200: media('application/octet-stream', octets, '1 to 256 hashes'), ...problems(404, 503) },
  }),
  createRoute({
    method: 'get',
    path: '/log/tile/entries/{tile}',
    operationId: 'getEntryBundle',
    tags: ['Transparency log'],
    summary: 'An entry bundle (c2sp.org/tlog-tiles); it never changes',
    request: { params: z.object({ tile }) },
    responses: { 200: media('application/octet-stream', octets, '1 to 256 entries'), ...problems(404, 503) },
  }),
  createRoute({
    method: 'get',
    path: '/v1/log/proof',
    operationId: 'getInclusionProof',
    tags: ['Transparency log'],
    summary: 'That an entry is in the log (RFC 6962), by its leaf hash or its index',
    request: {
      query: z.object({
        leaf: z
          .string()
          .regex(/^[0-9a-f]{64}$/)
          .optional()
          .openapi({ description: 'SHA-256(0x00 ‖ entry), hex; this or `index`.' }),
        index: index.optional(),
        size: size.optional().openapi({ description: "The tree's size; the checkpoint's if absent." }),
      }),
    },
    responses: { 200: json(logProofSchema, 'The proof'), ...problems(404, 422, 429, 503) },
  }),
  createRoute({
    method: 'get',
    path: '/v1/log/consistency',
    operationId: 'getConsistencyProof',
    tags: ['Transparency log'],
    summary: 'That the log only grew from one size to another (RFC 6962)',
    request: {
      query: z.object({
        from: index,
        to: size.optional().openapi({ description: "The checkpoint's size if absent." }),
      }),
    },
    responses: { 200: json(consistencyProofSchema, 'The proof'), ...problems(422, 503) },
  }),
  createRoute({
    method: 'get',
    path: '/v1/log/entries',
    operationId: 'listLogEntries',
    tags: ['Transparency log'],
    summary: 'Entries in the order of the log',
    request: {
      query: z.object({
        start: index.optional().openapi({ description: 'Index of the first entry; this or `cursor`.' }),
        cursor: z.string().optional(),
        limit: z.coerce.number().int().min(1).max(256).default(100),
      }),
    },
    responses: { 200: json(logEntryListSchema, 'One page'), ...problems(400, 422, 503) },
  }),
  createRoute({
    method: 'get',
    path: '/v1/log/anchors',
    operationId: 'listAnchors',
    tags: ['Transparency log'],
    summary: 'Checkpoints that were written to an Ethereum-compatible chain, the oldest first',
    responses: { 200: json(anchorListSchema, 'All of them'), ...problems(503) },
  }),
  createRoute({
    method: 'get',
    path: '/v1/trust/certs/{id}.tlog-proof',
    operationId: 'getCertificateLogProof',
    tags: ['Offline verification'],
    summary: "That the log has the certificate's issue (c2sp.org/tlog-proof)",
    request: { params: certificateParameters },
    responses: { 200: media('text/plain', z.string(), 'The proof'), ...problems(404, 410, 429, 503) },
  }),
  createRoute({
    method: 'get',
    path: '/v1/trust/certs/{id}.jws',
    operationId: 'getCertificateJws',
    tags: ['Offline verification'],
    summary: 'The certificate as flattened JWS (RFC 7515)',
    request: { params: certificateParameters },
    responses: {
      200: media('application/jose+json', signedDocumentSchema, 'The JWS'),
      ...problems(404, 410, 429, 503),
    },
  }),
  createRoute({
    method: 'get',
    path: '/v1/trust/certs/{id}.sigstore.json',
    operationId: 'getCertificateSigstoreBundle',
    tags: ['Offline verification'],
    summary: 'The certificate as in-toto statement in a Sigstore bundle, for cosign',
    request: { params: certificateParameters },
    responses: { 200: json(z.looseObject({}), 'The bundle'), ...problems(404, 410, 429, 503) },
  }),
  createRoute({
    method: 'get',
    path: '/v1/trust/certs/{id}/bundle',
    operationId: 'getBundle',
    tags: ['Offline verification'],
    summary: 'Everything that verifying the certificate offline takes, but the pinned network root key',
    request: { params: certificateParameters },
    responses: { 200: media(BUNDLE_MEDIA_TYPE, bundleSchema, 'The bundle'), ...problems(404, 410, 429, 503) },
  }),
  createRoute({
    method: 'get',
    path: '/v1/status-lists/{list}',
    operationId: 'getStatusList',
    tags: ['Offline verification'],
    summary: 'The signed status list that certificates name (Token Status List)',
    request: { params: z.object({ list: z.coerce.number().int().min(0) }) },
    responses: {
      200: media('application/statuslist+jwt', z.string(), 'A JWT'),
      ...problems(404, 503),
    },
  }),
] as const
