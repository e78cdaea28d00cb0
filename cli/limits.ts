/**
 * The limits of `POST /v1/trust/verify` (schema/wire/issue.ts, evidence.ts), so that the CLI can say so before it
 * sends. They are repeated here because those files load zod, which costs more than the rest of the start; a test
 * compares the two.
 */
export const MAX_FILES = 500
export const MAX_CONTENT_BYTES = 2 * 1024 * 1024
export const MAX_ISSUE_BODY_BYTES = 16 * 1024 * 1024
/** UTF-8 bytes of `evidence` in its RFC 8785 form, without `ci_token`. */
export const MAX_EVIDENCE_BYTES = 5 * 1024 * 1024
/** Of coverage, and as many of SARIF. */
export const MAX_REPORTS = 20
export const MAX_REPORT_NAME_CHARACTERS = 256
export const MAX_HISTORY_COMMITS = 2000
/** A commit of more files is left out whole: what changes everything says nothing of what changes together. */
export const MAX_HISTORY_PATHS = 200
export const MAX_HISTORY_PATH_BYTES = 1024
export const MAX_CI_TOKEN_CHARACTERS = 16_384
export const MAX_COMMIT_MESSAGE_CHARACTERS = 65_536
export const MAX_REPOSITORY_CHARACTERS = 256
export const MAX_PATH_CHARACTERS = 1024
export const MAX_TTL_DAYS = 90
export const DEFAULT_TTL_DAYS = 30
export const AI_TOOL_PATTERN = /^[a-z0-9][a-z0-9-]*-v\d+(\.\d+){0,3}$/
export const MAX_AI_TOOL_CHARACTERS = 64
