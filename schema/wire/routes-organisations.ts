import { createRoute, z } from '@hono/zod-openapi'
import {
  apiKeySchema,
  createApiKeyRequestSchema,
  createdApiKeySchema,
  createdOrganisationSchema,
  createOrganisationRequestSchema,
} from './organisations.ts'
import {
  apiKey,
  idempotencyHeader,
  json,
  jsonBody,
  keyParameters,
  mutationProblems,
  problems,
} from './route-parts.ts'
import { organisationSchema, updateOrganisationRequestSchema } from './settings.ts'

/** Tenants, how they want to be judged, and their keys. */
export const ORGANISATION_ROUTES = [
  createRoute({
    method: 'get',
    path: '/v1/organisation',
    operationId: 'getOrganisation',
    tags: ['Organisations'],
    summary: "The caller's organisation and how it wants changes judged",
    security: apiKey,
    responses: { 200: json(organisationSchema, 'The organisation'), ...problems(401, 403, 503) },
  }),
  createRoute({
    method: 'patch',
    path: '/v1/organisation',
    operationId: 'updateOrganisation',
    tags: ['Organisations'],
    summary: 'Change the coverage threshold, or the repositories whose CI may vouch for evidence',
    security: apiKey,
    request: { headers: idempotencyHeader, body: jsonBody(updateOrganisationRequestSchema) },
    responses: { 200: json(organisationSchema, 'As it is now'), ...mutationProblems() },
  }),
  createRoute({
    method: 'post',
    path: '/v1/keys',
    operationId: 'createApiKey',
    tags: ['API keys'],
    summary: 'Make an API key, with scopes that the caller has itself',
    security: apiKey,
    request: { headers: idempotencyHeader, body: jsonBody(createApiKeyRequestSchema) },
    responses: { 201: json(createdApiKeySchema, 'The key; it is shown this once'), ...mutationProblems() },
  }),
  createRoute({
    method: 'get',
    path: '/v1/keys',
    operationId: 'listApiKeys',
    tags: ['API keys'],
    summary: "The organisation's API keys",
    security: apiKey,
    responses: {
      200: json(z.object({ data: z.array(apiKeySchema), next_cursor: z.string().nullable() }), 'All of them'),
      ...problems(401, 403, 503),
    },
  }),
  createRoute({
    method: 'delete',
    path: '/v1/keys/{id}',
    operationId: 'revokeApiKey',
    tags: ['API keys'],
    summary: 'Revoke an API key; the next request with it is refused',
    security: apiKey,
    request: { params: keyParameters, headers: idempotencyHeader },
    responses: { 200: json(apiKeySchema, 'It is revoked'), ...problems(401, 403, 404, 409, 503) },
  }),
  createRoute({
    method: 'post',
    path: '/v1/organisations',
    operationId: 'createOrganisation',
    tags: ['Organisations'],
    summary: 'Add an organisation with its first user and key (operators)',
    security: apiKey,
    request: { headers: idempotencyHeader, body: jsonBody(createOrganisationRequestSchema) },
    responses: { 201: json(createdOrganisationSchema, 'The organisation'), ...mutationProblems() },
  }),
] as const
