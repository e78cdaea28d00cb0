import { createRoute, z } from '@hono/zod-openapi'
import {
  acceptedSchema,
  createdIntegrationSchema,
  createIntegrationRequestSchema,
  datadogWebhookSchema,
  deployWebhookSchema,
  incidentId,
  incidentListSchema,
  incidentSchema,
  incidentWebhookSchema,
  integrationId,
  integrationListSchema,
  integrationSchema,
  listIncidentsQuerySchema,
  putServicesRequestSchema,
  servicesSchema,
  updateIntegrationRequestSchema,
} from './incidents.ts'
import { apiKey, idempotencyHeader, json, jsonBody, mutationProblems, problems } from './route-parts.ts'

const integrationParameters = z.object({ id: integrationId })

/** A route that takes a provider's webhooks: any JSON that is signed as that provider signs. */
function webhookRoute<Path extends string, Schema extends z.ZodType>(
  path: Path,
  operationId: string,
  summary: string,
  schema: Schema,
  headers: z.ZodObject,
) {
  return createRoute({
    method: 'post',
    path,
    operationId,
    tags: ['Incoming webhooks'],
    summary,
    request: { params: integrationParameters, headers, body: jsonBody(schema) },
    responses: {
      202: json(acceptedSchema, 'It is stored, now or before, and will be looked at'),
      ...problems(401, 404, 413, 429, 503),
    },
  })
}

const anyJson = z.looseObject({})
const header = (description: string) => z.string().openapi({ description })
const standardWebhooks = z.object({
  'webhook-id': header('The same at every attempt.'),
  'webhook-timestamp': header('Seconds since the epoch; within five minutes of now.'),
  'webhook-signature': header(
    '`v1,` and the base64 HMAC-SHA-256 of `{webhook-id}.{webhook-timestamp}.{body}`; several, separated by spaces.',
  ),
})

/** What an organisation runs, where its providers' webhooks arrive, and the incidents that they tell of. */
export const INCIDENT_ROUTES = [
  createRoute({
    method: 'get',
    path: '/v1/services',
    operationId: 'getServices',
    tags: ['Incidents'],
    summary: 'What the organisation runs, and what its providers call it',
    security: apiKey,
    responses: { 200: json(servicesSchema, 'All of them'), ...problems(401, 403, 503) },
  }),
  createRoute({
    method: 'put',
    path: '/v1/services',
    operationId: 'putServices',
    tags: ['Incidents'],
    summary: 'Replace the whole list of services; one that a policy on risk names has to stay',
    security: apiKey,
    request: { headers: idempotencyHeader, body: jsonBody(putServicesRequestSchema) },
    responses: { 200: json(servicesSchema, 'As they are now'), ...mutationProblems() },
  }),
  createRoute({
    method: 'post',
    path: '/v1/integrations',
    operationId: 'createIntegration',
    tags: ['Incidents'],
    summary: "Make a place for a provider's webhooks",
    security: apiKey,
    request: { headers: idempotencyHeader, body: jsonBody(createIntegrationRequestSchema) },
    responses: {
      201: json(createdIntegrationSchema, 'The integration, with its secret'),
      ...mutationProblems(),
    },
  }),
  createRoute({
    method: 'get',
    path: '/v1/integrations',
    operationId: 'listIntegrations',
    tags: ['Incidents'],
    summary: 'The integrations of the organisation',
    security: apiKey,
    responses: { 200: json(integrationListSchema, 'All of them'), ...problems(401, 403, 503) },
  }),
  createRoute({
    method: 'patch',
    path: '/v1/integrations/{id}',
    operationId: 'updateIntegration',
    tags: ['Incidents'],
    summary: 'Give an integration another name, secret, token or account',
    security: apiKey,
    request: {
      params: integrationParameters,
      headers: idempotencyHeader,
      body: jsonBody(updateIntegrationRequestSchema),
    },
    responses: { 200: json(integrationSchema, 'As it is now'), ...mutationProblems(404) },
  }),
  createRoute({
    method: 'delete',
    path: '/v1/integrations/{id}',
    operationId: 'deleteIntegration',
    tags: ['Incidents'],
    summary: 'Take no further webhooks there',
    security: apiKey,
    request: { params: integrationParameters, headers: idempotencyHeader },
    responses: { 200: json(integrationSchema, 'It is gone'), ...mutationProblems(404) },
  }),
  createRoute({
    method: 'get',
    path: '/v1/incidents',
    operationId: 'listIncidents',
    tags: ['Incidents'],
    summary: 'The incidents of the organisation, newest first',
    security: apiKey,
    request: { query: listIncidentsQuerySchema },
    responses: { 200: json(incidentListSchema, 'One page'), ...problems(400, 401, 403, 422, 503) },
  }),
  createRoute({
    method: 'get',
    path: '/v1/incidents/{id}',
    operationId: 'getIncident',
    tags: ['Incidents'],
    summary: 'An incident, what it was put down to, and the claims for it',
    security: apiKey,
    request: { params: z.object({ id: incidentId }) },
    responses: { 200: json(incidentSchema, 'The incident'), ...problems(401, 403, 404, 503) },
  }),
  webhookRoute(
    '/webhooks/github/{id}',
    'receiveGithub',
    "GitHub's webhooks; `deployment_status` counts",
    anyJson,
    z.object({ 'x-hub-signature-256': header('`sha256=` and the hex HMAC-SHA-256 of the body.') }),
  ),
  webhookRoute(
    '/webhooks/sentry/{id}',
    'receiveSentry',
    "Sentry's webhooks; `event_alert`, `metric_alert` and `issue` count",
    anyJson,
    z.object({ 'sentry-hook-signature': header('The hex HMAC-SHA-256 of the body.') }),
  ),
  webhookRoute(
    '/webhooks/pagerduty/{id}',
    'receivePagerduty',
    "PagerDuty's V3 webhooks; `incident.triggered` and `incident.resolved` count",
    anyJson,
    z.object({
      'x-pagerduty-signature': header('`v1=` and the hex HMAC-SHA-256 of the body; several by commas.'),
    }),
  ),
  webhookRoute(
    '/webhooks/datadog/{id}',
    'receiveDatadog',
    "Datadog's webhooks, with the body as a custom payload and the secret as a custom header",
    datadogWebhookSchema,
    z.object({ 'x-coderisk-secret': header("The integration's secret.") }),
  ),
  webhookRoute(
    '/webhooks/deploy/{id}',
    'receiveDeploy',
    'A deployment to production that ended well, as Standard Webhooks',
    deployWebhookSchema,
    standardWebhooks,
  ),
  webhookRoute(
    '/webhooks/incident/{id}',
    'receiveIncident',
    'An incident that was opened or resolved, as Standard Webhooks',
    incidentWebhookSchema,
    standardWebhooks,
  ),
] as const
