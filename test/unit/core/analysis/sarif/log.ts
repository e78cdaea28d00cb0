import type { Location, Log, ReportingDescriptor, Result, Run } from 'sarif'
import { expect } from 'vitest'
import { readSarif, type SarifFinding, type SarifReport } from '../../../../../core/analysis/sarif/read.ts'

export const TOOL = { driver: { name: 'tool' } }
export const AT: Location = {
  physicalLocation: { artifactLocation: { uri: 'a.ts' }, region: { startLine: 1 } },
}
export const RESULT: Result = { ruleId: 'r', message: { text: 'm' }, locations: [AT] }

/** A log of one run. */
export function read(run: Partial<Run>): SarifReport {
  return readSarif(JSON.stringify({ version: '2.1.0', runs: [{ tool: TOOL, ...run }] } satisfies Log))
}

/** The only finding of a run. */
export function only(run: Partial<Run>): SarifFinding {
  const { findings } = read(run)
  expect(findings).toHaveLength(1)
  return findings[0]!
}

/** The only finding, of a result of this rule. */
export const withRule = (rule: Partial<ReportingDescriptor>, result?: Partial<Result>) =>
  only({
    tool: { driver: { name: 'tool', rules: [{ id: 'r', ...rule }] } },
    results: [{ ...RESULT, ...result }],
  })
