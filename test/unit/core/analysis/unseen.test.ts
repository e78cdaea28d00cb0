import { describe, expect, test } from 'vitest'
import { analyse } from './analysis-support.ts'

describe('source that the change names and nobody sent', () => {
  const readme = [{ path: 'README.md', content: 'words\n', previous_content: '' }]
  const files_changed = ['src/hidden.ts', 'README.md']

  test('lets nothing pass, and costs what it might hold', async () => {
    const { checks, riskScore } = await analyse({ files: readme, files_changed })
    for (const name of ['test_coverage', 'security_scan', 'incident_similarity'] as const) {
      expect(checks[name]).toMatchObject({ passed: false, result: 'not_evaluated', evidence: null })
      expect(checks[name].reasons).toContain('contents_not_sent: 1')
    }
    expect(riskScore).toBeGreaterThanOrEqual(7)
  })

  test('costs no less where something was found beside it', async () => {
    const clean = [{ path: 'a.js', content: 'one()\n', previous_content: '' }]
    const found = [{ path: 'a.js', content: 'eval(one)\n', previous_content: '' }]
    const names = ['a.js', 'src/hidden.ts']
    const before = await analyse({ files: clean, files_changed: names })
    const after = await analyse({ files: found, files_changed: names })
    expect(after.checks.security_scan.result).toBe('failed')
    expect(after.riskScore).toBeGreaterThanOrEqual(before.riskScore)
  })

  test('is not missed where the change deletes it', async () => {
    const { checks } = await analyse({ files: readme, files_changed, files_deleted: ['src/hidden.ts'] })
    expect(checks.test_coverage.result).toBe('passed')
    expect(checks.security_scan).toMatchObject({ result: 'passed', reasons: [] })
  })
})
