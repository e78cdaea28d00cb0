import { z } from '@hono/zod-openapi'
import { relativePath, sourceText, text } from './text.ts'

/** UTF-8 bytes of `evidence` in its RFC 8785 form, without `ci_token`. */
export const MAX_EVIDENCE_BYTES = 5 * 1024 * 1024
export const MAX_REPORTS = 20
export const MAX_HISTORY_COMMITS = 2_000
export const MAX_PATHS_PER_COMMIT = 200
export const MAX_IMPORT_HINTS = 5_000
export const MAX_IMPORTS_PER_FILE = 1_000
const MAX_CI_TOKEN_CHARACTERS = 16_384
const MAX_PATH_CHARACTERS = 1_024
/** Faults of one list that are told; the others are like them. */
const MAX_FAULTS_OF_LIST = 50
/** Such a path is a `relativePath` at a glance. */
const ORDINARY_PATH = /^[\w@+-][\w@+.-]*(?:\/[\w@+-][\w@+.-]*)*$/

/**
 * Paths, each of them a `relativePath`. A history names up to 400,000: to take each through a schema of its own costs
 * twenty times as much.
 */
const pathList = (maximum: number) =>
  z
    .array(z.string().openapi({ minLength: 1, maxLength: MAX_PATH_CHARACTERS }))
    .max(maximum, { abort: true })
    .superRefine((paths, context) => {
      let faults = 0
      paths.forEach((path, index) => {
        if (path.length <= MAX_PATH_CHARACTERS && ORDINARY_PATH.test(path)) return
        if (faults >= MAX_FAULTS_OF_LIST) return
        for (const { message } of relativePath.safeParse(path).error?.issues ?? []) {
          faults++
          context.addIssue({ code: 'custom', message, path: [index] })
        }
      })
    })

const reportName = text(256).openapi({ example: 'coverage/lcov.info' })

const coverageReportSchema = z
  .strictObject({
    name: reportName,
    content: sourceText.openapi({
      description:
        'LCOV, Cobertura, JaCoCo, Istanbul JSON or Go coverprofile; which one is seen from the text.',
    }),
    commit_sha: z
      .string()
      .regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/, 'must be a full Git commit id in lower case')
      .optional()
      .openapi({ description: 'The commit that was tested. A report of another commit is not evaluated.' }),
  })
  .openapi('CoverageReport')

const sarifReportSchema = z
  .strictObject({
    name: reportName,
    content: sourceText.openapi({ description: 'SARIF 2.1.0, as JSON text.' }),
  })
  .openapi('SarifReport')

const commitSchema = z
  .strictObject({
    time: z.iso.datetime({ offset: true }).openapi({ example: '2026-11-21T02:48:23Z' }),
    paths: pathList(MAX_PATHS_PER_COMMIT),
  })
  .openapi('HistoryCommit')

const importHintSchema = z
  .strictObject({ path: relativePath, imports: pathList(MAX_IMPORTS_PER_FILE) })
  .openapi('ImportHint')

/** What the caller can show of a change. All of it is optional, and what is missing never passes a check. */
export const evidenceSchema = z
  .strictObject({
    coverage: z.array(coverageReportSchema).max(MAX_REPORTS).optional(),
    sarif: z.array(sarifReportSchema).max(MAX_REPORTS).optional(),
    history: z.array(commitSchema).max(MAX_HISTORY_COMMITS).optional().openapi({
      description: 'Which files the commits before this change touched, newest first.',
    }),
    imports: z.array(importHintSchema).max(MAX_IMPORT_HINTS).optional().openapi({
      description: 'Files of the repository that import changed files, or are imported by them.',
    }),
    ci_token: z.string().min(1).max(MAX_CI_TOKEN_CHARACTERS).optional().openapi({
      description:
        'An OIDC token of the CI run, whose `aud` is `coderisk:` and the SHA-256 of the RFC 8785 form of `evidence` without `ci_token`. It raises the evidence from E1 to E2.',
    }),
  })
  .openapi('Evidence')

export type Evidence = z.infer<typeof evidenceSchema>
