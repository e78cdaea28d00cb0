import { z } from '@hono/zod-openapi'
import { FACT_STATES, INCIDENT_ID_PATTERN, INTEGRATION_ID_PATTERN, PROVIDERS } from './money.ts'
import { text, timestamp } from './text.ts'

export const MAX_SERVICES = 500
export const MAX_NAMES_OF_A_SERVICE = 100
export const MAX_INTEGRATIONS = 100
export const MAX_STACK_PATHS = 100

const PRINTABLE_ASCII = /^[\x20-\x7e]+$/

/** Names are kept in lower case, as what providers say is: the letters' case is not told apart. */
const name = (maximumCharacters: number) =>
  z
    .string()
    .trim()
    .toLowerCase()
    .min(1)
    .max(maximumCharacters, { abort: true })
    .refine((value) => value.isWellFormed(), 'contains a lone surrogate')
    .refine((value) => !/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(value), 'contains a control character')

/** What an organisation calls something that it runs. */
export const serviceName = name(100).openapi({ example: 'checkout' })

const names = () => z.array(name(200)).max(MAX_NAMES_OF_A_SERVICE).default([])

const serviceSchema = z
  .strictObject({
    name: serviceName,
    repositories: z
      .array(name(256).refine((value) => /^[a-z0-9_.-]+\/[a-z0-9_.-]+$/.test(value), 'must be owner/name'))
      .max(MAX_NAMES_OF_A_SERVICE)
      .default([])
      .openapi({ example: ['example/shop'] }),
    environments: z.array(name(100)).min(1).max(20).default(['production']).openapi({
      description: 'Which environments of the repositories are production for this service.',
    }),
    sentry_projects: names().openapi({ description: 'Slugs.' }),
    pagerduty_services: names().openapi({ description: 'Names or ids.' }),
    datadog_tags: names().openapi({ example: ['service:checkout'] }),
  })
  .openapi('Service')

export const putServicesRequestSchema = z
  .strictObject({
    services: z
      .array(serviceSchema)
      .max(MAX_SERVICES)
      .refine(
        (services) => new Set(services.map((service) => service.name)).size === services.length,
        'names a service twice',
      ),
  })
  .openapi('PutServicesRequest')

export const servicesSchema = z.object({ services: z.array(serviceSchema) }).openapi('Services')

export const integrationId = z
  .string()
  .regex(INTEGRATION_ID_PATTERN)
  .openapi({ example: 'int_7k3m9q2x4w8t1v6z' })

const secret = z.string().min(16).max(256).regex(PRINTABLE_ASCII, 'must be printable ASCII')
const apiToken = z.string().min(1).max(1024).regex(PRINTABLE_ASCII, 'must be printable ASCII').openapi({
  description: "For reading the provider's API. Without it, what its webhooks tell is never confirmed.",
})
const account = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,100}$/, 'must be a slug')
  .openapi({ description: "The organisation's slug at Sentry; needed with a token of Sentry's." })

export const createIntegrationRequestSchema = z
  .strictObject({
    provider: z.enum(PROVIDERS),
    name: text(120).optional(),
    secret: secret.optional().openapi({
      description:
        'What the webhooks are signed with. Sentry and PagerDuty give theirs, so it is required for them; for the others one is made if none is given.',
    }),
    api_token: apiToken.optional(),
    account: account.optional(),
  })
  .openapi('CreateIntegrationRequest')

export const updateIntegrationRequestSchema = z
  .strictObject({
    name: text(120).optional(),
    secret: secret.optional(),
    api_token: apiToken.nullable().optional(),
    account: account.nullable().optional(),
  })
  .openapi('UpdateIntegrationRequest')

export const integrationSchema = z
  .object({
    id: integrationId,
    provider: z.enum(PROVIDERS),
    name: z.string(),
    url: z.url().openapi({ description: 'Where the provider is to send its webhooks.' }),
    account: z.string().nullable(),
    has_api_token: z.boolean(),
    created_at: timestamp,
    deleted_at: timestamp.nullable(),
  })
  .openapi('Integration')

export const createdIntegrationSchema = integrationSchema
  .extend({
    secret: z.string().nullable().openapi({
      description: 'Shown once, if it was made here; null in a replay, and if you gave it.',
    }),
    secret_already_shown: z.boolean().optional(),
  })
  .openapi('CreatedIntegration')

export const integrationListSchema = z
  .object({ data: z.array(integrationSchema), next_cursor: z.null() })
  .openapi('IntegrationList')

export const incidentId = z
  .string()
  .regex(INCIDENT_ID_PATTERN)
  .openapi({ example: 'INC-2026-7k3m9q2x4w8t1v6z' })

export const incidentSchema = z
  .object({
    id: incidentId,
    incident_id: incidentId.openapi({ description: 'The same as `id`: what claims call it.' }),
    integration_id: z.string(),
    provider: z.enum(PROVIDERS),
    provider_id: z.string(),
    service: z.string(),
    title: z.string(),
    url: z.string().nullable(),
    status: z.enum(['open', 'resolved']),
    opened_at: timestamp,
    resolved_at: timestamp.nullable(),
    release_sha: z.string().nullable(),
    stack_paths: z.array(z.string()),
    reverted_sha: z.string().nullable(),
    fact_state: z.enum(FACT_STATES).openapi({
      description: "What the provider's own API said of what its webhooks told.",
    }),
    settlement: z.enum(['open', 'due', 'claimed', 'unattributed', 'uninsured', 'no_loss']),
    attributed_sha: z.string().nullable(),
    attribution: z.record(z.string(), z.unknown()).nullable(),
    claims: z.array(z.string()).openapi({ description: 'Ids of the claims that were filed for it.' }),
    received_at: timestamp,
    updated_at: timestamp,
  })
  .openapi('Incident')

export const listIncidentsQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().min(1).max(64).optional(),
})

export const incidentListSchema = z
  .object({ data: z.array(incidentSchema), next_cursor: z.string().nullable() })
  .openapi('IncidentList')

/** Git's: SHA-1 or SHA-256, in any case. */
const commit = z.string().regex(/^(?:[0-9a-fA-F]{40}|[0-9a-fA-F]{64})$/)
/** What a sender calls something: printable, and short enough for an index. */
const providerId = z.string().regex(/^[\x21-\x7e]{1,200}$/)
const moment = z.iso.datetime({ offset: true })

/** The body of `POST /webhooks/deploy/{id}`. */
export const deployWebhookSchema = z
  .object({
    id: providerId.openapi({ description: 'Of the deployment, at the sender.' }),
    service: serviceName,
    commit_sha: commit,
    environment: name(100).default('production'),
    repository: name(256).optional(),
    deployed_at: moment,
  })
  .openapi('DeployWebhook')

/** The body of `POST /webhooks/incident/{id}`. */
export const incidentWebhookSchema = z
  .object({
    id: providerId.openapi({ description: 'Of the incident, at the sender: the same when it is resolved.' }),
    service: serviceName,
    title: z.string().max(1_000),
    status: z.enum(['open', 'resolved']),
    opened_at: moment,
    resolved_at: moment.optional(),
    release_sha: commit.optional(),
    stack_paths: z.array(z.string().max(1_024)).max(MAX_STACK_PATHS).optional(),
    reverted_sha: commit.optional(),
    url: z.string().max(2_000).optional(),
  })
  .openapi('IncidentWebhook')

/** The body of `POST /webhooks/datadog/{id}`: what Datadog makes of the template that is in the examples. */
export const datadogWebhookSchema = z
  .object({
    id: z.string().openapi({ example: '$ID' }),
    cycle_key: providerId.openapi({ example: '$ALERT_CYCLE_KEY' }),
    transition: z.string().openapi({ example: '$ALERT_TRANSITION' }),
    date: z.union([z.string(), z.number()]).openapi({ example: '$DATE' }),
    tags: z.string().openapi({ example: '$TAGS' }),
    link: z.string().openapi({ example: '$LINK' }),
    title: z.string().optional().openapi({ example: '$EVENT_TITLE' }),
  })
  .openapi('DatadogWebhook')

export const acceptedSchema = z.object({ accepted: z.literal(true) }).openapi('Accepted')

export type ServiceDocument = z.infer<typeof serviceSchema>
export type PutServicesRequest = z.infer<typeof putServicesRequestSchema>
export type CreateIntegrationRequest = z.infer<typeof createIntegrationRequestSchema>
export type UpdateIntegrationRequest = z.infer<typeof updateIntegrationRequestSchema>
export type IntegrationDocument = z.infer<typeof integrationSchema>
export type CreatedIntegration = z.infer<typeof createdIntegrationSchema>
export type IncidentDocument = z.infer<typeof incidentSchema>
