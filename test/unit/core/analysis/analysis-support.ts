import type { Examination } from '../../../../core/analysis/examine.ts'
import { examine } from '../../../../core/analysis/examine.ts'
import { type Analysis, judge, type Terms } from '../../../../core/analysis/judge.ts'
import type { IssueRequest } from '../../../../schema/wire/issue.ts'
import { syntaxForTests } from '../../../support/grammars.ts'
import { issueRequest } from '../requests.ts'

/** None of these was ever anybody's. */
export const SECRET = `ghp_${'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'}`

export const TERMS: Terms = { coverageThreshold: 0.7, level: 'E1', calibration: null, incidents: [] }

export async function examineRequest(more: Record<string, unknown> = {}): Promise<Examination> {
  return examine(issueRequest(more), await syntaxForTests())
}

/** Examined and judged. */
export async function analyse(
  more: Record<string, unknown> | IssueRequest = {},
  terms: Partial<Terms> = {},
): Promise<Analysis> {
  return judge(await examineRequest({ ...more }), { ...TERMS, ...terms })
}

/** The points of a contribution; 0 when it is none. */
export function pointsOf({ contributions }: Analysis, code: string): number {
  return contributions.find((contribution) => contribution.code === code)?.points ?? 0
}
