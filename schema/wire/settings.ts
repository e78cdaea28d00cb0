import { z } from '@hono/zod-openapi'
import { timestamp } from './text.ts'

export const DEFAULT_COVERAGE_THRESHOLD = 0.7
export const MAX_REPOSITORIES = 1_000

/** `owner/name`, as the CI's identity token has it; the letters' case is not told apart. */
const repository = z
  .string()
  .max(256)
  .regex(/^[A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.-]+)+$/, 'must be owner/name')
  .openapi({ example: 'example/shop' })

export const updateOrganisationRequestSchema = z
  .strictObject({
    coverage_threshold: z.number().min(0).max(1).multipleOf(0.0001).optional(),
    repositories: z.array(repository).max(MAX_REPOSITORIES).optional().openapi({
      description: 'Whose CI runs may raise evidence to E2. The whole list, which replaces the one before.',
    }),
  })
  .openapi('UpdateOrganisationRequest')

export const organisationSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    coverage_threshold: z.number(),
    repositories: z.array(z.string()),
    calibration: z.object({ outcomes: z.int(), fitted_at: timestamp }).nullable().openapi({
      description: 'Null until 200 outcomes are known: probabilities are then those of the shipped model.',
    }),
  })
  .openapi('Organisation')

export const recordOutcomeRequestSchema = z
  .strictObject({ caused_incident: z.boolean() })
  .openapi('RecordOutcomeRequest')

export const outcomeSchema = z
  .object({
    certificate_id: z.string(),
    caused_incident: z.boolean(),
    recorded_at: timestamp,
    outcomes: z.int().openapi({ description: 'How many the organisation has told so far.' }),
  })
  .openapi('Outcome')

export type UpdateOrganisationRequest = z.infer<typeof updateOrganisationRequestSchema>
export type OrganisationDocument = z.infer<typeof organisationSchema>
export type RecordOutcomeRequest = z.infer<typeof recordOutcomeRequestSchema>
