import { expect, it } from 'vitest'
import * as limits from '../../../cli/limits.ts'
import * as evidence from '../../../schema/wire/evidence.ts'
import * as issue from '../../../schema/wire/issue.ts'

it('are those of the wire, which the CLI does not load', () => {
  expect(limits.MAX_FILES).toBe(issue.MAX_FILES)
  expect(limits.MAX_CONTENT_BYTES).toBe(issue.MAX_CONTENT_BYTES)
  expect(limits.MAX_ISSUE_BODY_BYTES).toBe(issue.MAX_ISSUE_BODY_BYTES)
  expect(limits.DEFAULT_TTL_DAYS).toBe(issue.DEFAULT_TTL_DAYS)
  expect(limits.MAX_EVIDENCE_BYTES).toBe(evidence.MAX_EVIDENCE_BYTES)
  expect(limits.MAX_REPORTS).toBe(evidence.MAX_REPORTS)
  expect(limits.MAX_HISTORY_COMMITS).toBe(evidence.MAX_HISTORY_COMMITS)
  expect(limits.MAX_HISTORY_PATHS).toBe(evidence.MAX_PATHS_PER_COMMIT)
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
  [
    'the name of a report',
    report(limits.MAX_REPORT_NAME_CHARACTERS),
    report(limits.MAX_REPORT_NAME_CHARACTERS + 1),
  ],
  ['ci_token', token(limits.MAX_CI_TOKEN_CHARACTERS), token(limits.MAX_CI_TOKEN_CHARACTERS + 1)],
  [
    'a path of the history',
    history(limits.MAX_HISTORY_PATH_BYTES),
    history(limits.MAX_HISTORY_PATH_BYTES + 1),
  ],
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

function report(length: number) {
  return { evidence: { sarif: [{ name: 'x'.repeat(length), content: '{}' }] } }
}

function token(length: number) {
  return { evidence: { ci_token: 'x'.repeat(length) } }
}

function history(length: number) {
  return { evidence: { history: [{ time: '2026-11-21T02:48:23Z', paths: ['x'.repeat(length)] }] } }
}
