import { type IssueRequest, issueRequestSchema } from '../../../schema/wire/issue.ts'
import type { ProblemCode } from '../../../schema/wire/problems.ts'

/** A valid request to issue, as the wire would have parsed it. */
export function issueRequest(more: Record<string, unknown> = {}): IssueRequest {
  return issueRequestSchema.parse({
    ai_tool: 'claude-code-v1.0',
    files: [{ path: 'src/sum.ts', content: 'export const sum = 1 + 1\n', previous_content: '' }],
    ...more,
  })
}

/** The code of the refusal that `work` ends in; null when it ends well. Anything but a refusal is a failure. */
export async function refusalCode(work: Promise<unknown>): Promise<ProblemCode | null> {
  try {
    await work
    return null
  } catch (error) {
    if (error instanceof Error && error.name === 'Refusal')
      return (error as Error & { code: ProblemCode }).code
    throw error
  }
}
