import { expect, it } from 'vitest'
import * as limits from '../../../cli/limits.ts'
import * as issue from '../../../schema/wire/issue.ts'

it('are those of the wire, which the CLI does not load', () => {
  expect(limits.MAX_FILES).toBe(issue.MAX_FILES)
  expect(limits.MAX_CONTENT_BYTES).toBe(issue.MAX_CONTENT_BYTES)
  expect(limits.MAX_ISSUE_BODY_BYTES).toBe(issue.MAX_ISSUE_BODY_BYTES)
  expect(limits.DEFAULT_TTL_DAYS).toBe(issue.DEFAULT_TTL_DAYS)
})

const request = { ai_tool: 'a-v1', files: [{ path: 'a', content: '' }] }

it.each([
  ['ttl_days', { ttl_days: limits.MAX_TTL_DAYS }, { ttl_days: limits.MAX_TTL_DAYS + 1 }],
  [
    'commit_message',
    text('commit_message', limits.MAX_COMMIT_MESSAGE_CHARACTERS, 0),
    text('commit_message', limits.MAX_COMMIT_MESSAGE_CHARACTERS, 1),
  ],
  [
    'repository',
    text('repository', limits.MAX_REPOSITORY_CHARACTERS, 0),
    text('repository', limits.MAX_REPOSITORY_CHARACTERS, 1),
  ],
  ['ai_tool', tool(limits.MAX_AI_TOOL_CHARACTERS), tool(limits.MAX_AI_TOOL_CHARACTERS + 1)],
  ['path', path(limits.MAX_PATH_CHARACTERS), path(limits.MAX_PATH_CHARACTERS + 1)],
])('%s: the limit is taken, one more is not', (_name, taken, refused) => {
  expect(issue.issueRequestSchema.safeParse({ ...request, ...taken }).success).toBe(true)
  expect(issue.issueRequestSchema.safeParse({ ...request, ...refused }).success).toBe(false)
})

function text(member: string, length: number, more: number) {
  return { [member]: 'x'.repeat(length + more) }
}

function tool(length: number) {
  return { ai_tool: `${'a'.repeat(length - 3)}-v1` }
}

function path(length: number) {
  return { files: [{ path: 'x'.repeat(length), content: '' }] }
}
