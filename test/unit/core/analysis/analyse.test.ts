import { describe, expect, test } from 'vitest'
import { analyse } from '../../../../core/analysis/analyse.ts'
import { hashCode, hashFiles } from '../../../../core/verify/code-hash.ts'
import { checksSchema } from '../../../../schema/wire/certificate.ts'
import { issueRequest, refusalCode } from '../support.ts'

const SECRET = `ghp_${'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'}`

describe('analyse', () => {
  test('files: hashed as a manifest, named by their paths', async () => {
    const files = [
      { path: 'src/b.ts', content: 'b\n' },
      { path: 'src/a.ts', content: 'a\n' },
    ]
    const analysis = await analyse(issueRequest({ files }))
    expect(analysis).toMatchObject({
      codeHash: await hashFiles(files),
      codeHashMethod: 'sha256-manifest',
      filesChanged: ['src/b.ts', 'src/a.ts'],
      change: { files: 2, directories: 1, subsystems: 1, lines_added: 2, lines_deleted: 0, entropy: 1 },
    })
  })

  test('code: hashed as it is', async () => {
    const analysis = await analyse(issueRequest({ files: undefined, code: 'a\n', files_changed: ['x.ts'] }))
    expect(analysis).toMatchObject({
      codeHash: await hashCode('a\n'),
      codeHashMethod: 'sha256',
      filesChanged: ['x.ts'],
    })
  })

  test('files_changed may name more than was sent, and counts for the spread', async () => {
    const analysis = await analyse(
      issueRequest({ files: [{ path: 'a', content: 'a\n' }], files_changed: ['a', 'gone/b'] }),
    )
    expect(analysis).toMatchObject({ filesChanged: ['a', 'gone/b'], change: { files: 2, directories: 2 } })
  })

  test('what has no evidence is not evaluated, with null for its figures, and never passed', async () => {
    const { checks } = await analyse(issueRequest())
    expect(checksSchema.parse(checks)).toEqual(checks)
    for (const name of ['test_coverage', 'coupling_analysis', 'incident_similarity'] as const) {
      expect(checks[name]).toMatchObject({ passed: false, result: 'not_evaluated', evidence: null })
      expect(checks[name].reasons).toHaveLength(1)
    }
    expect(checks.test_coverage.value).toBeNull()
    expect(checks.coupling_analysis.coupling_score).toBeNull()
    expect(checks.incident_similarity).toMatchObject({ arc_matches: null, max_similarity: null })
  })

  test('a clean scan passes on evidence of our own, and says how little it looked for', async () => {
    const { checks } = await analyse(issueRequest())
    expect(checks.security_scan).toEqual({
      passed: true,
      result: 'passed',
      evidence: 'E3',
      reasons: ['scope_secrets_only'],
      issues_found: 0,
    })
  })

  test.each([
    ['deletes only', 'a\n', 'a\nb\n'],
    ['changes nothing', 'a\n', 'a\n'],
    ['empties a file', '', 'a\n'],
  ])(
    'a scan of a change that %s had nothing to look at, and passes nothing',
    async (_, content, previous_content) => {
      const { checks } = await analyse(issueRequest({ files: [{ path: 'a', content, previous_content }] }))
      expect(checks.security_scan).toMatchObject({
        passed: false,
        result: 'not_evaluated',
        evidence: null,
        reasons: ['no_added_lines'],
        issues_found: null,
      })
    },
  )

  test('one file with an added line is enough to look at', async () => {
    const files = [
      { path: 'a', content: 'a\n', previous_content: 'a\nb\n' },
      { path: 'b', content: 'b\n', previous_content: '' },
    ]
    const { checks } = await analyse(issueRequest({ files }))
    expect(checks.security_scan).toMatchObject({ result: 'passed', issues_found: 0 })
  })

  test('a secret fails it; where it is stays in the findings', async () => {
    const analysis = await analyse(
      issueRequest({ files: [{ path: 'src/hidden.ts', content: `a\nconst t = '${SECRET}'\n` }] }),
    )
    expect(analysis.checks.security_scan).toMatchObject({ passed: false, result: 'failed', issues_found: 1 })
    expect(analysis.checks.security_scan.reasons).toContain('secrets_found: 1')
    expect(analysis.findings).toEqual([{ path: 'src/hidden.ts', line: 2, rule: 'github' }])
    expect(JSON.stringify(analysis.checks)).not.toContain('hidden')
    expect(JSON.stringify(analysis)).not.toContain(SECRET.slice(4))
  })

  test('confidence is at most 0.6 while the rest is not evaluated', async () => {
    expect((await analyse(issueRequest())).confidence).toBe(0.4)
    expect((await analyse(issueRequest({ files: [{ path: 'a', content: 'a' }] }))).confidence).toBe(0.2)
  })

  test('a patch that does not apply is invalid input', async () => {
    expect(
      await refusalCode(analyse(issueRequest({ files: [{ path: 'a', content: 'a\n', patch: 'no' }] }))),
    ).toBe('invalid_input')
  })

  test('says the same of the same change each time', async () => {
    const request = issueRequest({
      files: [{ path: 'a', content: `${SECRET}\nx\n`, previous_content: 'x\n' }],
    })
    expect(await analyse(request)).toEqual(await analyse(request))
  })
})
