import { z } from '@hono/zod-openapi'
import { logStateSchema } from './log.ts'
import { timestamp } from './text.ts'
import {
  CERTIFICATE_ID_PATTERN,
  CERTIFICATE_STATUSES,
  CHECK_RESULTS,
  EVIDENCE_LEVELS,
  RISK_LEVELS,
} from './vocabulary.ts'

export const certificateId = z
  .string()
  .regex(CERTIFICATE_ID_PATTERN)
  .openapi({ example: 'CERT-2026-7k3m9q2x4w8t1v6z' })

const check = {
  passed: z.boolean().openapi({ description: 'True only when `result` is `passed`.' }),
  result: z.enum(CHECK_RESULTS),
  evidence: z.enum(EVIDENCE_LEVELS).nullable().openapi({
    description:
      'E0 asserted by the caller, E1 report supplied and hashed, E2 report bound to a CI identity, E3 computed here; null when not evaluated.',
  }),
  reasons: z.array(z.string()).openapi({
    description: 'Closed codes, with a number where one helps: `coverage_below_threshold: 0.61`.',
  }),
}

const fraction = z.number().min(0).max(1)
const outOfTen = z.number().min(0).max(10)

export const checksSchema = z
  .object({
    test_coverage: z.object({
      ...check,
      value: fraction.nullable().openapi({
        description: 'Covered changed executable lines, divided by changed executable lines.',
      }),
      threshold: fraction,
      project_value: fraction.nullable().optional().openapi({
        description: 'Of all lines in the reports; shown beside it, and not judged.',
      }),
    }),
    security_scan: z.object({ ...check, issues_found: z.int().min(0).nullable() }),
    coupling_analysis: z.object({ ...check, coupling_score: outOfTen.nullable(), threshold: outOfTen }),
    incident_similarity: z.object({
      ...check,
      arc_matches: z.array(z.string()).nullable(),
      max_similarity: fraction.nullable(),
    }),
  })
  .openapi('Checks')

export const changeMetricsSchema = z
  .object({
    files: z.int().openapi({ description: 'Files in the change.' }),
    directories: z.int().openapi({ description: 'Distinct directories that hold them.' }),
    subsystems: z.int().openapi({ description: 'Distinct first path segments.' }),
    lines_added: z.int(),
    lines_deleted: z.int(),
    entropy: fraction.openapi({
      description:
        'Shannon entropy of the changed lines over the files, divided by log2(files); 0 for one file (Hassan, 2009).',
    }),
  })
  .openapi('ChangeMetrics')

export const changeRiskSchema = z
  .object({
    model: z.string().openapi({ example: 'jit-lr-2026.11' }),
    probability: fraction.openapi({
      description:
        'That a change of this size and spread introduces a bug; docs/risk-model.md says what that means.',
    }),
    percentile: fraction.openapi({
      description: 'How many changes the model finds less risky, among those it knows.',
    }),
    recalibrated: z
      .boolean()
      .openapi({ description: "Whether the probability is fitted to the organisation's outcomes." }),
  })
  .openapi('ChangeRisk')

export const signatureSchema = z
  .object({
    algorithm: z.literal('RS256'),
    public_key_id: z.string().openapi({ example: 'key-202611-1a2b3c4d' }),
    value: z
      .string()
      .openapi({ description: 'RSASSA-PKCS1-v1_5 with SHA-256 over the signed bytes, base64.' }),
  })
  .openapi('Signature')

/** What is signed: RFC 8785 (JCS) of exactly these members. */
export const signedCertificateSchema = z
  .object({
    schema_version: z.literal('1.0'),
    certificate_id: certificateId,
    livemode: z.boolean().openapi({ description: 'False for certificates of test keys; they never verify.' }),
    issued_at: timestamp,
    expires_at: timestamp,
    ai_tool: z.string().openapi({ example: 'claude-code-v1.0' }),
    code_hash: z.string().regex(/^[0-9a-f]{64}$/),
    code_hash_method: z.enum(['sha256', 'sha256-manifest']),
    files_changed: z.array(z.string()),
    files_deleted: z.array(z.string()).optional(),
    path_privacy: z.enum(['plain', 'hashed']),
    commit_sha: z.string().optional(),
    repository: z.string().optional(),
    language: z.string().optional(),
    framework: z.string().optional(),
    change: changeMetricsSchema,
    change_risk: changeRiskSchema.optional(),
    evidence_sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional()
      .openapi({
        description: 'Of the RFC 8785 form of `evidence` without `ci_token`; absent when none was sent.',
      }),
    risk_score: outOfTen,
    risk_level: z.enum(RISK_LEVELS),
    confidence: fraction,
    explanation: z
      .array(z.string())
      .openapi({ description: 'What moved the score most, as closed codes with their points.' }),
    checks_passed: checksSchema,
    company_id: z.string(),
    user_id: z.string(),
    verification_url: z.url(),
    status_list: z.object({ uri: z.url(), idx: z.int().min(0) }),
  })
  .openapi('SignedCertificate')

/** What `GET /v1/trust/certs/{id}` serves: the signed members and the live, unsigned ones. */
export const certificateSchema = signedCertificateSchema
  .extend({
    signature: signatureSchema,
    status: z.enum(CERTIFICATE_STATUSES),
    log: logStateSchema.optional(),
    blockchain_hash: z.string().optional(),
  })
  .openapi('Certificate')

export type SignedCertificate = z.infer<typeof signedCertificateSchema>
export type Certificate = z.infer<typeof certificateSchema>
export type Checks = z.infer<typeof checksSchema>
export type ChangeRisk = z.infer<typeof changeRiskSchema>
export type ChangeMetrics = z.infer<typeof changeMetricsSchema>
export type CertificateSignature = z.infer<typeof signatureSchema>

/** The query of `GET /v1/trust/certs`. */
export const listQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().min(1).max(64).optional(),
})

export const certificateListSchema = z
  .object({ data: z.array(certificateSchema), next_cursor: z.string().nullable() })
  .openapi('CertificateList')
