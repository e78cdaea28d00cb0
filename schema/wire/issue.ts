import { z } from '@hono/zod-openapi'
import { evidenceSchema } from './evidence.ts'
import { relativePath, sourceText, text } from './text.ts'

export const MAX_FILES = 500
/** UTF-8 bytes of `code` and of all `content`; `previous_content` and `patch` may together have as many again. */
export const MAX_CONTENT_BYTES = 2 * 1024 * 1024
/** The raw body: contents, previous contents and evidence, with room for JSON's escapes. */
export const MAX_ISSUE_BODY_BYTES = 16 * 1024 * 1024
export const DEFAULT_TTL_DAYS = 30

/** `user:token@` before the host, as CI systems put it in a remote's URL (RFC 3986 §3.2.1): it would be published. */
const USER_INFORMATION = /^([a-z][a-z0-9+.-]*:\/\/)?[^/]*@/i

const fileSchema = z
  .strictObject({
    path: relativePath.openapi({ example: 'src/payment.ts' }),
    content: sourceText,
    previous_content: sourceText.optional().openapi({
      description: 'The file before the change, empty for a new one. Without it every line counts as added.',
    }),
    patch: sourceText.optional().openapi({
      description:
        'A unified diff from the file before the change to `content`, instead of `previous_content`.',
    }),
  })
  .refine((file) => file.previous_content === undefined || file.patch === undefined, {
    message: 'give previous_content or patch, not both',
    path: ['patch'],
  })
  .openapi('ChangedFile')

export const issueRequestSchema = z
  .strictObject({
    ai_tool: z
      .string()
      .max(64)
      .regex(/^[a-z0-9][a-z0-9-]*-v\d+(\.\d+){0,3}$/, 'must be name-vX.Y, such as claude-code-v1.0')
      .openapi({ example: 'claude-code-v1.0' }),
    code: sourceText.optional().openapi({ description: 'One piece of code, instead of `files`.' }),
    files: z.array(fileSchema).min(1).optional(),
    files_changed: z
      .array(relativePath)
      .optional()
      .openapi({ description: 'Every path of the change; by default the paths of `files`.' }),
    files_deleted: z.array(relativePath).optional().openapi({
      description: 'Those of `files_changed` that the change deletes or renames away: they have no contents.',
    }),
    commit_sha: z
      .string()
      .regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/, 'must be a full Git commit id in lower case')
      .optional(),
    repository: text(256)
      .refine((value) => !USER_INFORMATION.test(value), 'must not hold a user or a password')
      .optional()
      .openapi({ example: 'github.com/example/shop' }),
    commit_message: text(65_536).optional().openapi({ description: 'Analysed, never stored or published.' }),
    evidence: evidenceSchema.optional(),
    language: text(40).optional().openapi({ example: 'typescript' }),
    framework: text(40).optional().openapi({ example: 'hono' }),
    path_privacy: z.enum(['plain', 'hashed']).default('plain').openapi({
      description: 'With `hashed`, paths are published as HMAC-SHA256 under a salt that only the owner gets.',
    }),
    ttl_days: z.int().min(1).max(90).default(DEFAULT_TTL_DAYS),
    user_id: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/, 'must be an opaque id, not a name or an address')
      .optional()
      .openapi({ description: "Your own opaque id of the person; by default the API key's user." }),
  })
  .superRefine((input, context) => {
    if ((input.code === undefined) === (input.files === undefined)) {
      context.addIssue({ code: 'custom', path: ['code'], message: 'give either code or files' })
    }
    if (input.code !== undefined && (input.files_changed ?? []).length === 0) {
      context.addIssue({ code: 'custom', path: ['files_changed'], message: 'is required with code' })
    }
    reportRepeats(input.files?.map((file) => file.path) ?? [], (index) => {
      context.addIssue({ code: 'custom', path: ['files', index, 'path'], message: 'is given twice' })
    })
    reportRepeats(input.files_changed ?? [], (index) => {
      context.addIssue({ code: 'custom', path: ['files_changed', index], message: 'is given twice' })
    })
    const named = new Set(input.files_changed)
    const sent = new Set(input.files?.map((file) => file.path))
    input.files_deleted?.forEach((path, index) => {
      const message = sent.has(path) ? 'is in files, so it is not deleted' : 'is not in files_changed'
      if (sent.has(path) || !named.has(path)) {
        context.addIssue({ code: 'custom', path: ['files_deleted', index], message })
      }
    })
    if (input.files_changed !== undefined) {
      input.files?.forEach((file, index) => {
        if (!named.has(file.path)) {
          context.addIssue({
            code: 'custom',
            path: ['files', index, 'path'],
            message: 'is not in files_changed',
          })
        }
      })
    }
  })
  .openapi('IssueRequest')

export type IssueRequest = z.infer<typeof issueRequestSchema>
export type ChangedFile = z.infer<typeof fileSchema>

function reportRepeats(values: readonly string[], report: (index: number) => void): void {
  const seen = new Set<string>()
  values.forEach((value, index) => {
    if (seen.has(value)) report(index)
    seen.add(value)
  })
}
