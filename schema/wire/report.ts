import { z } from '@hono/zod-openapi'
import { certificateId } from './certificate.ts'
import { EVIDENCE_LEVELS, SEVERITIES } from './vocabulary.ts'

const line = z.int().min(1)
const fraction = z.number().min(0).max(1)

const findingSchema = z
  .object({
    path: z.string(),
    line,
    rule: z.string(),
    title: z.string(),
    severity: z.enum(SEVERITIES),
    cwe: z.array(z.string()),
    source: z.enum(['coderisk', 'sarif']).openapi({ description: 'Found here, or by a SARIF report alone.' }),
  })
  .openapi('Finding')

const fileCoverageSchema = z
  .object({
    path: z.string(),
    covered_lines: z.int(),
    executable_lines: z.int(),
    uncovered: z.array(z.object({ first: line, last: line })),
  })
  .openapi('FileCoverage')

const couplingSignalSchema = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('change_coupling'),
      path: z.string(),
      with: z.string(),
      degree: z.number(),
      shared: z.int(),
    }),
    z.object({ kind: z.literal('cycle'), paths: z.array(z.string()) }),
    z.object({ kind: z.literal('fan_in'), path: z.string(), count: z.int(), instability: z.number() }),
    z.object({ kind: z.literal('fan_out'), path: z.string(), count: z.int(), instability: z.number() }),
  ])
  .openapi('CouplingSignal')

/** What only the owner may know of a certificate: it names code, neighbours and lines. */
export const certificateReportSchema = z
  .object({
    certificate_id: certificateId,
    summary: z.array(z.string()).openapi({ description: 'What moved the score, in words, strongest first.' }),
    findings: z.array(findingSchema),
    coverage: z.array(fileCoverageSchema),
    coupling: z.object({ headline: z.string().nullable(), signals: z.array(couplingSignalSchema) }),
    incidents: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        similarity: fraction,
        matched: z.boolean().openapi({ description: 'Alike enough to fail the check.' }),
        private: z.boolean(),
        path: z.string(),
        line,
      }),
    ),
    evidence: z.array(
      z.object({ kind: z.string(), name: z.string(), format: z.string(), level: z.enum(EVIDENCE_LEVELS) }),
    ),
    ci: z
      .object({
        issuer: z.string(),
        repository: z.string(),
        commit_sha: z.string(),
        run: z.string().nullable(),
      })
      .nullable(),
    path_salt: z.string().nullable(),
    file_digests: z
      .array(z.object({ name: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }))
      .openapi({ description: 'Of each file that was sent, by its name in `files_changed`.' }),
  })
  .openapi('CertificateReport')

export type CertificateReport = z.infer<typeof certificateReportSchema>
