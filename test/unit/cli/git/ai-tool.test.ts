import { expect, it } from 'vitest'
import { isToolName, toolFromMessages } from '../../../../cli/git/ai-tool.ts'

it.each([
  [['fix\n\nAI-Tool: my-tool-v3.1'], 'my-tool-v3.1'],
  [['fix\n\nCo-Authored-By: Claude <noreply@anthropic.com>'], 'claude-code-v0'],
  [['fix\n\nCo-authored-by: Copilot <198982749+Copilot@users.noreply.github.com>'], 'github-copilot-v0'],
  [['fix\n\nco-authored-by: Cursor <cursoragent@cursor.com>'], 'cursor-v0'],
  [['plain', 'older\n\nCo-authored-by: aider (x) <noreply@aider.chat>'], 'aider-v0'],
  [['Co-authored-by: Claude <noreply@anthropic.com>', 'AI-Tool: exact-v1'], 'exact-v1'],
  [['AI-Tool: Not A Name', 'Co-authored-by: Claude Dupont <claude@example.fr>'], undefined],
  [['says Co-authored-by: Claude <noreply@anthropic.com> in the middle'], undefined],
  [[], undefined],
])('%j names %s', (messages, name) => {
  expect(toolFromMessages(messages)?.name).toBe(name)
})

it.each([
  ['claude-code-v1.0', true],
  ['a-v1.2.3.4', true],
  ['a-v1.2.3.4.5', false],
  ['Upper-v1', false],
  ['noversion', false],
  [`${'a'.repeat(63)}-v1`, false],
])('%s is a tool name: %s', (name, is) => {
  expect(isToolName(name)).toBe(is)
})
