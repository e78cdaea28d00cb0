/** LCOV of some files: executions by line. */
export function lcov(files: Readonly<Record<string, Readonly<Record<number, number>>>>): string {
  return Object.entries(files)
    .map(([path, hits]) => {
      const lines = Object.entries(hits).map(([line, count]) => `DA:${line},${count}\n`)
      return `TN:\nSF:${path}\n${lines.join('')}end_of_record\n`
    })
    .join('')
}

export interface SarifSample {
  readonly rule: string
  readonly path: string
  readonly line: number
  /** `security-severity`, 0 to 10. */
  readonly score?: number
  readonly cwe?: string
  readonly message?: string
}

/** A SARIF log of one run. @param successful what its invocation says; null: nothing */
export function sarif(results: readonly SarifSample[], successful: boolean | null = true): string {
  return JSON.stringify({
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Scanner' } },
        ...(successful === null ? {} : { invocations: [{ executionSuccessful: successful }] }),
        results: results.map(({ rule, path, line, score, cwe, message }) => ({
          ruleId: rule,
          message: { text: message ?? 'it is wrong' },
          properties: {
            ...(score === undefined ? {} : { 'security-severity': String(score) }),
            ...(cwe === undefined ? {} : { tags: [cwe] }),
          },
          locations: [{ physicalLocation: { artifactLocation: { uri: path }, region: { startLine: line } } }],
        })),
      },
    ],
  })
}
