/**
 * The limits of `POST /v1/trust/verify` (schema/wire/issue.ts), so that the CLI can say so before it sends.
 * They are repeated here because that file loads zod, which costs more than the rest of the start; a test
 * compares the two.
 */
export const MAX_FILES = 500
export const MAX_CONTENT_BYTES = 2 * 1024 * 1024
export const MAX_ISSUE_BODY_BYTES = 8 * 1024 * 1024
export const MAX_COMMIT_MESSAGE_CHARACTERS = 65_536
export const MAX_REPOSITORY_CHARACTERS = 256
export const MAX_PATH_CHARACTERS = 1024
export const MAX_TTL_DAYS = 90
export const DEFAULT_TTL_DAYS = 30
export const AI_TOOL_PATTERN = /^[a-z0-9][a-z0-9-]*-v\d+(\.\d+){0,3}$/
export const MAX_AI_TOOL_CHARACTERS = 64
