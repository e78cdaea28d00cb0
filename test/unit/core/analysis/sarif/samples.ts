import type { Log, Run } from 'sarif'

/** Small logs in the shape that each tool writes. Each has one finding, a CWE where the tool gives one. */

const log = (run: Run): string => JSON.stringify({ version: '2.1.0', runs: [run] } satisfies Log)

export const SEMGREP = log({
  invocations: [{ executionSuccessful: true, toolExecutionNotifications: [] }],
  tool: {
    driver: {
      name: 'Semgrep OSS',
      semanticVersion: '1.97.0',
      rules: [
        {
          id: 'python.exec-of-input',
          defaultConfiguration: { level: 'error' },
          shortDescription: { text: 'Input is executed' },
          properties: {
            precision: 'very-high',
            tags: ['CWE-95: Eval Injection', 'HIGH CONFIDENCE', 'security'],
          },
        },
      ],
    },
  },
  results: [
    {
      ruleId: 'python.exec-of-input',
      message: { text: 'What a user sends is executed.' },
      fingerprints: { 'matchBasedId/v1': 'requires login' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'app/views.py', uriBaseId: '%SRCROOT%' },
            region: {
              startLine: 12,
              startColumn: 5,
              endLine: 14,
              endColumn: 6,
              snippet: { text: 'exec(…)' },
            },
          },
        },
      ],
      properties: {},
    },
  ],
})

export const CODEQL = log({
  tool: {
    driver: { name: 'CodeQL', organization: 'GitHub', semanticVersion: '2.19.3', rules: [] },
    extensions: [
      { name: 'codeql/javascript-all', semanticVersion: '2.2.0', rules: [] },
      {
        name: 'codeql/javascript-queries',
        semanticVersion: '1.2.3',
        rules: [
          { id: 'js/unused', defaultConfiguration: { level: 'note' } },
          {
            id: 'js/sql-injection',
            defaultConfiguration: { enabled: true, level: 'error' },
            properties: {
              tags: ['security', 'external/cwe/cwe-089', 'external/cwe/cwe-090'],
              'security-severity': '8.8',
            },
          },
        ],
      },
    ],
  },
  invocations: [{ executionSuccessful: true }],
  artifacts: [{ location: { uri: 'src/users.js', uriBaseId: '%SRCROOT%', index: 0 } }],
  originalUriBaseIds: { '%SRCROOT%': { uri: 'file:///home/runner/work/shop/shop/' } },
  results: [
    {
      ruleId: 'js/sql-injection',
      rule: { id: 'js/sql-injection', index: 1, toolComponent: { index: 1 } },
      message: { text: 'This query depends on a [user-provided value](1).' },
      locations: [
        { physicalLocation: { artifactLocation: { index: 0 }, region: { startLine: 31, startColumn: 7 } } },
      ],
      partialFingerprints: {
        primaryLocationLineHash: '1b2c3d4e5f607182:1',
        primaryLocationStartColumnFingerprint: '4',
      },
      relatedLocations: [],
    },
  ],
  columnKind: 'utf16CodeUnits',
})

/** gosec names no invocation. */
export const GOSEC = log({
  tool: {
    driver: {
      name: 'gosec',
      rules: [
        {
          id: 'G401',
          name: 'Use of weak cryptographic primitive',
          defaultConfiguration: { level: 'error' },
          relationships: [
            { target: { id: '328', guid: '1', toolComponent: { name: 'CWE' } }, kinds: ['superset'] },
          ],
          properties: { tags: ['security', 'MEDIUM'], precision: 'high' },
        },
      ],
    },
  },
  results: [
    {
      ruleId: 'G401',
      ruleIndex: 0,
      level: 'error',
      message: { text: 'Use of weak cryptographic primitive' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'internal/hash.go' },
            region: { startLine: 9, endLine: 9, startColumn: 7, endColumn: 7, sourceLanguage: 'go' },
          },
        },
      ],
    },
  ],
})

export const BANDIT = log({
  tool: {
    driver: {
      name: 'Bandit',
      rules: [
        {
          id: 'B602',
          name: 'shell',
          properties: { tags: ['security', 'external/cwe/cwe-78'], precision: 'high' },
        },
      ],
    },
  },
  invocations: [{ executionSuccessful: true, endTimeUtc: '2026-11-21T02:48:23Z' }],
  properties: { metrics: {} },
  results: [
    {
      ruleId: 'B602',
      ruleIndex: 0,
      level: 'error',
      message: { text: 'subprocess call with shell=True identified' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: './tools/run%20it.py' },
            region: { startLine: 4, endLine: 6, snippet: { text: 'subprocess' } },
          },
        },
      ],
      properties: { issue_confidence: 'HIGH', issue_severity: 'HIGH' },
    },
  ],
})

export const ESLINT = log({
  tool: {
    driver: {
      name: 'ESLint',
      rules: [
        {
          id: 'no-eval',
          shortDescription: { text: 'Disallow the use of `eval()`' },
          properties: { category: 'Best Practices' },
        },
      ],
    },
  },
  artifacts: [{ location: { uri: 'file:///C:/work/shop/src/run.js' } }],
  results: [
    {
      level: 'warning',
      message: { text: 'eval can be harmful.' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'file:///C:/work/shop/src/run.js', index: 0 },
            region: { startLine: 3, startColumn: 1, endLine: 3, endColumn: 8 },
          },
        },
      ],
      ruleId: 'no-eval',
      ruleIndex: 0,
    },
  ],
})

export const SAMPLES = { SEMGREP, CODEQL, GOSEC, BANDIT, ESLINT } as const
