import { createRoute } from '@hono/zod-openapi'
import { compromisedKeySchema, compromiseKeyRequestSchema, signingKeyParameters } from './keys.ts'
import {
  apiKey,
  idempotencyHeader,
  json,
  jsonBody,
  media,
  mutationProblems,
  problems,
} from './route-parts.ts'
import {
  jwksSchema,
  publishedTrustRootSchema,
  publishTrustRootRequestSchema,
  rootKeySchema,
  signedDocumentSchema,
  trustRootDraftSchema,
} from './trust.ts'

/** The network's keys: what verifiers need of them, and what operators do with them. */
export const TRUST_ROUTES = [
  createRoute({
    method: 'get',
    path: '/.well-known/jwks.json',
    operationId: 'getJwks',
    tags: ['Trust'],
    summary: 'Every key that verifies certificates (RFC 7517)',
    responses: { 200: media('application/jwk-set+json', jwksSchema, 'The key set'), ...problems(503) },
  }),
  createRoute({
    method: 'get',
    path: '/.well-known/coderisk/trust-root.json',
    operationId: 'getTrustRoot',
    tags: ['Trust'],
    summary: 'The trust root, signed by the network root key (RFC 7515, flattened)',
    responses: { 200: json(signedDocumentSchema, 'The signed trust root'), ...problems(503) },
  }),
  createRoute({
    method: 'get',
    path: '/.well-known/coderisk/root-key.json',
    operationId: 'getRootKey',
    tags: ['Trust'],
    summary: 'The public network root key to pin (RFC 7517); compare it with what you got another way',
    responses: { 200: media('application/jwk+json', rootKeySchema, 'The key') },
  }),
  createRoute({
    method: 'get',
    path: '/v1/trust-root/draft',
    operationId: 'getTrustRootDraft',
    tags: ['Trust'],
    summary: 'The next trust root, to be signed where the network root key is kept (operators)',
    security: apiKey,
    responses: { 200: json(trustRootDraftSchema, 'The draft'), ...problems(401, 403, 503) },
  }),
  createRoute({
    method: 'post',
    path: '/v1/trust-root',
    operationId: 'publishTrustRoot',
    tags: ['Trust'],
    summary: 'Publish a trust root that the network root key signed elsewhere (operators)',
    security: apiKey,
    request: { headers: idempotencyHeader, body: jsonBody(publishTrustRootRequestSchema) },
    responses: { 201: json(publishedTrustRootSchema, 'It is published'), ...mutationProblems() },
  }),
  createRoute({
    method: 'post',
    path: '/v1/keys/signing/{kid}/compromise',
    operationId: 'compromiseSigningKey',
    tags: ['Trust'],
    summary: 'Mark a signing key as compromised, for good (operators)',
    security: apiKey,
    request: {
      params: signingKeyParameters,
      headers: idempotencyHeader,
      body: jsonBody(compromiseKeyRequestSchema, false),
    },
    responses: { 200: json(compromisedKeySchema, 'It is compromised'), ...mutationProblems(404) },
  }),
] as const
