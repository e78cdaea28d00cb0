import { afterEach, expect, test, vi } from 'vitest'
import { Refusal } from '../../../../core/refusal.ts'
import { logLine } from '../../../../workers/core/log.ts'

afterEach(() => vi.restoreAllMocks())

function lineOf(...parameters: Parameters<typeof logLine>): { text: string; line: Record<string, unknown> } {
  const written = vi.spyOn(console, 'log').mockImplementation(() => {})
  logLine(...parameters)
  const text = written.mock.calls.map(([first]) => first).join('\n')
  return { text, line: JSON.parse(text) }
}

test('a line is one line of JSON, whatever is in its fields', () => {
  const { text, line } = lineOf('info', 'request', { route: '/v1/keys\n{"level":"error"}', status: 200 })
  expect(text).not.toContain('\n')
  expect(line).toMatchObject({
    level: 'info',
    message: 'request',
    route: '/v1/keys\n{"level":"error"}',
    status: 200,
  })
  expect(Date.parse(line.time as string)).not.toBeNaN()
})

test('of an error it has the name, the code and where it came from, and nothing that it says', () => {
  const cause = Object.assign(new Error('Key (sha256)=(cr_live_secret) already exists'), { code: '23505' })
  const error = new Error('Failed query: insert … params: const secret = "code"', { cause })
  const { text, line } = lineOf('error', 'request failed', { error })
  expect(line).toMatchObject({ error: 'Error', error_code: '23505', stack: expect.any(Array) })
  expect(text).not.toMatch(/cr_live_secret|const secret/)
})

test('nor of a refusal, nor of what was thrown without being an error', () => {
  expect(
    lineOf('error', 'x', { error: new Refusal('invalid_input', { detail: 'cr_live_secret' }) }).text,
  ).not.toContain('cr_live')
  vi.restoreAllMocks()
  expect(lineOf('error', 'x', { error: 'cr_live_secret' }).line).toMatchObject({ error: 'string' })
})

test('nor of a message of several lines that looks like a stack', () => {
  const error = new Error('first\n    at cr_live_secret (code.ts:1:1)')
  expect(lineOf('error', 'x', { error }).text).not.toContain('cr_live_secret')
})
