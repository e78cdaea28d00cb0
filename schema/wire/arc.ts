import { z } from '@hono/zod-openapi'
import { relativePath, sourceText, text, timestamp } from './text.ts'
import { ARC_ID_PATTERN, ARC_STATES, SEVERITIES } from './vocabulary.ts'

export const arcId = z.string().regex(ARC_ID_PATTERN).openapi({ example: 'ARC-2026-001' })

export const arcEntrySchema = z
  .object({
    id: arcId,
    title: z.string(),
    severity: z.enum(SEVERITIES),
    description: z.string(),
    mitigation: z.string(),
    cwe: z.array(z.string()),
    incident_count: z
      .int()
      .min(0)
      .openapi({ description: 'Confirmed incidents of this network that match it.' }),
    fingerprints: z
      .int()
      .openapi({ description: 'How many fingerprints it is recognised by. They are no code.' }),
  })
  .openapi('ArcEntry')

export const arcListSchema = z
  .object({ data: z.array(arcEntrySchema), next_cursor: z.string().nullable() })
  .openapi('ArcList')

export const arcListQuerySchema = z.strictObject({
  q: text(200).optional().openapi({ description: 'Words of the title or description, all of them.' }),
  severity: z.enum(SEVERITIES).optional(),
})

const codeFileSchema = z.strictObject({ path: relativePath, content: sourceText })
export const MAX_SEARCH_FILES = 50
export const MAX_SEARCH_BYTES = 256 * 1024

export const arcSearchRequestSchema = z
  .strictObject({ files: z.array(codeFileSchema).min(1).max(MAX_SEARCH_FILES) })
  .openapi('ArcSearchRequest')

export const arcSearchSchema = z
  .object({
    matches: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        similarity: z.number().min(0).max(1),
        private: z.boolean().openapi({ description: "One of the organisation's own, not published." }),
      }),
    ),
    threshold: z.number().openapi({ description: 'From here on, a change with this code fails its check.' }),
  })
  .openapi('ArcSearch')

/** An incident's root cause, as its owner tells it. Of `files` only fingerprints are kept. */
export const recordArcRequestSchema = z
  .strictObject({
    title: text(120),
    severity: z.enum(SEVERITIES),
    description: text(4_000),
    mitigation: text(4_000),
    files: z
      .array(codeFileSchema.extend({ previous_content: sourceText.optional() }))
      .min(1)
      .max(MAX_SEARCH_FILES)
      .openapi({ description: 'The change that caused it. The code is read once and not kept.' }),
  })
  .openapi('RecordArcRequest')

export const recordedArcSchema = arcEntrySchema
  .extend({
    id: z.string().openapi({ example: 'arc_7k3m9q2x4w8t1v6z' }),
    state: z.enum(ARC_STATES),
    public_id: arcId.nullable(),
    created_at: timestamp,
  })
  .openapi('RecordedArc')

export const recordedArcListSchema = z
  .object({ data: z.array(recordedArcSchema), next_cursor: z.string().nullable() })
  .openapi('RecordedArcList')

export const reviewArcRequestSchema = z
  .strictObject({ decision: z.enum(['publish', 'decline']) })
  .openapi('ReviewArcRequest')

export type ArcEntryDocument = z.infer<typeof arcEntrySchema>
export type ArcSearchRequest = z.infer<typeof arcSearchRequestSchema>
export type RecordArcRequest = z.infer<typeof recordArcRequestSchema>
export type RecordedArc = z.infer<typeof recordedArcSchema>
