import { z } from '@hono/zod-openapi'
import { certificateId } from './certificate.ts'
import { PROBLEMS, type ProblemCode } from './problems.ts'

const problemSchema = z
  .object({
    type: z.url(),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
    request_id: z.string(),
    detail: z.string().optional(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    reasons: z.array(z.string()).optional(),
    accepting_tier: z.string().optional(),
  })
  .openapi('Problem')

export const apiKey = [{ apiKey: [] }]
export const certificateParameters = z.object({ id: certificateId })
export const keyParameters = z.object({ id: z.string().openapi({ example: 'key_7k3m9q2x4w8t1v6z' }) })
export const recordedArcParameters = z.object({ id: z.string().openapi({ example: 'arc_7k3m9q2x4w8t1v6z' }) })
export const idempotencyHeader = z.object({
  'idempotency-key': z
    .string()
    .min(1)
    .max(255)
    .optional()
    .openapi({ description: 'The same key and body again gets the stored answer, for seven days.' }),
})

/** RFC 7240 §4.3. */
export const preferWaitHeader = z.object({
  prefer: z.string().optional().openapi({
    description:
      '`wait=N`: the answer waits up to N seconds, 10 at most, for a published checkpoint of the log that covers the certificate, and brings the proof. `Preference-Applied` says how long it may have waited.',
    example: 'wait=10',
  }),
})

export function json<Schema extends z.ZodType>(schema: Schema, description: string) {
  return media('application/json', schema, description)
}

export function media<Schema extends z.ZodType>(type: string, schema: Schema, description: string) {
  return { description, content: { [type]: { schema } } }
}

export function jsonBody<Schema extends z.ZodType>(schema: Schema, required = true) {
  return { required, content: { 'application/json': { schema } } }
}

/** The answers that refuse, with the codes that each status may carry. */
export function problems(...statuses: readonly number[]) {
  return Object.fromEntries(
    statuses.map((status) => {
      const codes = Object.entries(PROBLEMS).filter(([, problem]) => problem.status === status)
      const description = codes.map(([code, { title }]) => `\`${code}\`: ${title}`).join('; ')
      return [status, media('application/problem+json', problemSchema, description)]
    }),
  )
}

export function mutationProblems(...more: readonly number[]) {
  return problems(...[400, 401, 403, 409, 413, 415, 422, 429, 503, ...more].sort())
}
