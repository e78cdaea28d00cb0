import { expect } from 'vitest'
import { PROBLEMS, type ProblemCode } from '../../schema/wire/problems.ts'
import type { Answer } from './client.ts'
import { expectProblem } from './issue.ts'

export const SQL = "'; DROP TABLE certificates; SELECT pg_sleep(10); --"
export const HTML = '"><script>alert(1)</script><img src=x onerror=alert(2)>'

/** Never a 5xx; a refusal is always a problem document, and a 422 names the path of each error. */
export function expectRefusalOrSuccess(answer: Answer, note: string): void {
  expect(answer.status, `${note}: ${answer.text.slice(0, 300)}`).toBeLessThan(500)
  if (answer.status < 400) return
  const code = answer.json.code as ProblemCode
  expect(PROBLEMS[code]?.status, note).toBe(answer.status)
  expectProblem(answer, answer.status, code)
  if (code !== 'invalid_input') return
  expect(answer.json.errors.length, note).toBeGreaterThan(0)
  for (const error of answer.json.errors) {
    expect(error, note).toEqual({ path: expect.stringMatching(/^.+$/s), message: expect.stringMatching(/./) })
  }
}

/** Where the faults of a 422 are. */
export function paths(answer: Answer): string[] {
  return answer.json.errors.map((error: { path: string }) => error.path)
}
