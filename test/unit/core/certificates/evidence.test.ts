import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { issueCertificate } from '../../../../core/certificates/issue.ts'
import { readReport } from '../../../../core/certificates/report.ts'
import type { Actor } from '../../../../core/context.ts'
import { evidenceAudience } from '../../../../core/evidence/ci-identity.ts'
import { hashEvidence } from '../../../../core/evidence/read.ts'
import { UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import { updateOrganisation } from '../../../../core/organisations/settings.ts'
import { certificateSchema } from '../../../../schema/wire/certificate.ts'
import { certificateReportSchema } from '../../../../schema/wire/report.ts'
import type { UpdateOrganisationRequest } from '../../../../schema/wire/settings.ts'
import { createCiIdentities, parseCiIssuers } from '../../../../workers/core/adapters/ci-identities.ts'
import { CI_COMMIT, CI_REPOSITORY, type CiIssuer, startCiIssuer } from '../../../support/ci-issuer.ts'
import { lcov, sarif } from '../../../support/evidence.ts'
import { SECRET } from '../analysis/analysis-support.ts'
import { issueRequest, refusalCode, START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'

let ci: CiIssuer
let core: TestCore
let owner: Actor
beforeAll(async () => {
  ci = await startCiIssuer()
  core = await startTestCore({ identities: createCiIdentities(parseCiIssuers(ci.variable)) })
  owner = await core.organisation('Owner')
  await settings(owner, { repositories: [CI_REPOSITORY] })
}, START_LIMIT_MS)
afterAll(async () => {
  await ci?.stop()
  await core?.db.stop()
})

const settings = (actor: Actor, request: UpdateOrganisationRequest) =>
  updateOrganisation(core.ctx(), actor, request, UNCLAIMED)

const FILES = [
  { path: 'src/pay.ts', content: 'export const pay = () => {\n  charge()\n}\n', previous_content: '' },
]
const EVIDENCE = {
  coverage: [{ name: 'lcov.info', content: lcov({ 'src/pay.ts': { 1: 1, 2: 0 } }), commit_sha: CI_COMMIT }],
  sarif: [
    {
      name: 'scan.sarif',
      content: sarif([{ rule: 'r-1', path: 'src/pay.ts', line: 2, score: 5, message: 'mind this' }]),
    },
  ],
  history: Array.from({ length: 30 }, () => ({
    time: '2026-11-21T02:48:23Z',
    paths: ['src/pay.ts', 'src/partner.ts'],
  })),
  imports: [{ path: 'src/shop.ts', imports: ['src/pay.ts'] }],
}
const CHANGE = { files: FILES, commit_sha: CI_COMMIT, evidence: EVIDENCE }

async function withToken(claims: Record<string, unknown> = {}, evidence: object = EVIDENCE) {
  const token = await ci.token(evidenceAudience(await hashEvidence(EVIDENCE)), claims)
  return { ...CHANGE, evidence: { ...evidence, ci_token: token } }
}

describe('a certificate with evidence', () => {
  test('names its hash, and takes it for no more than supplied', async () => {
    const issued = certificateSchema.parse(await core.issue(owner, CHANGE))
    expect(issued.evidence_sha256).toBe(await hashEvidence(EVIDENCE))
    expect(issued.checks_passed.test_coverage).toMatchObject({
      result: 'failed',
      evidence: 'E1',
      value: 0.5,
      threshold: 0.7,
      project_value: 0.5,
      reasons: ['coverage_below_threshold: 0.5'],
    })
    expect(issued.checks_passed.coupling_analysis).toMatchObject({ evidence: 'E1' })
    expect(issued.change_risk).toMatchObject({ recalibrated: false })
  })

  test('without any has no hash', async () => {
    expect(await core.issue(owner, { files: FILES })).not.toHaveProperty('evidence_sha256')
  })

  test('that a CI run vouches for is E2, and its confidence is higher', async () => {
    const supplied = await core.issue(owner, CHANGE)
    const bound = await core.issue(owner, await withToken())
    expect(bound.evidence_sha256).toBe(supplied.evidence_sha256)
    expect(bound.checks_passed.test_coverage.evidence).toBe('E2')
    expect(bound.checks_passed.coupling_analysis.evidence).toBe('E2')
    expect(bound.confidence).toBeGreaterThan(supplied.confidence)
    expect(bound.risk_score).toBe(supplied.risk_score)
  })

  test.each<[string, Record<string, unknown>, object]>([
    ['a token of another repository', { repository: 'example/other' }, {}],
    ['a token of another commit', { sha: 'd'.repeat(40) }, {}],
    ['a token that has expired', { exp: 1 }, {}],
    ['a token, and no commit', {}, { commit_sha: undefined, evidence: {} }],
    ['a token, and another repository', {}, { repository: 'example/other' }],
    ['a token for other evidence', {}, { evidence: { ...EVIDENCE, imports: [] } }],
  ])('is not issued with %s', async (_, claims, more) => {
    const request = await withToken(claims)
    const changed = {
      ...request,
      ...more,
      evidence: { ...request.evidence, ...(more as { evidence?: object }).evidence },
    }
    const before = await core.db.owner`SELECT count(*)::int AS n FROM certificates`
    expect(await refusalCode(core.issue(owner, changed))).toBe('ci_identity_rejected')
    expect(await core.db.owner`SELECT count(*)::int AS n FROM certificates`).toEqual(before)
  })

  test('is not E2 for an organisation that has not registered the repository', async () => {
    const stranger = await core.organisation('Stranger')
    expect(await refusalCode(core.issue(stranger, await withToken()))).toBe('ci_identity_rejected')
  })

  test('is not issued with a report that cannot be read', async () => {
    const evidence = { ...EVIDENCE, sarif: [{ name: 's', content: '{' }] }
    expect(await refusalCode(core.issue(owner, { ...CHANGE, evidence }))).toBe('evidence_unreadable')
  })

  test("is judged by the organisation's threshold", async () => {
    const lenient = await core.organisation('Lenient')
    await settings(lenient, { coverage_threshold: 0.5 })
    expect((await core.issue(lenient, CHANGE)).checks_passed.test_coverage).toMatchObject({
      result: 'passed',
      threshold: 0.5,
    })
  })
})

describe('the report', () => {
  const reportOf = async (more: Record<string, unknown>) => {
    const { certificate_id: id } = await core.issue(owner, more)
    const report = await readReport(core.ctx(), owner, id)
    expect(certificateReportSchema.parse(report)).toEqual(report)
    return report
  }

  test('tells the owner what was found, where, and whose word it is', async () => {
    const files = [{ ...FILES[0]!, content: `${FILES[0]!.content}const t = '${SECRET}'\n` }]
    const report = await reportOf({ ...(await withToken()), files })
    expect(report.findings).toEqual([
      {
        path: 'src/pay.ts',
        line: 4,
        rule: 'secret-github',
        title: expect.stringMatching(/^A secret is in the code/),
        severity: 'high',
        cwe: ['CWE-798'],
        source: 'coderisk',
      },
      {
        path: 'src/pay.ts',
        line: 2,
        rule: 'r-1',
        title: 'mind this',
        severity: 'medium',
        cwe: [],
        source: 'sarif',
      },
    ])
    expect(report.coverage).toEqual([
      { path: 'src/pay.ts', covered_lines: 1, executable_lines: 2, uncovered: [{ first: 2, last: 2 }] },
    ])
    expect(report.coupling.headline).toContain('src/partner.ts')
    expect(report.coupling.signals).toContainEqual(
      expect.objectContaining({ kind: 'change_coupling', path: 'src/pay.ts', with: 'src/partner.ts' }),
    )
    expect(report.evidence).toEqual([
      { kind: 'coverage', name: 'lcov.info', format: 'lcov', level: 'E2' },
      { kind: 'sarif', name: 'scan.sarif', format: 'Scanner', level: 'E2' },
      { kind: 'history', name: '30 commits', format: 'git', level: 'E2' },
      { kind: 'imports', name: '1 files', format: 'paths', level: 'E2' },
    ])
    expect(report.ci).toEqual({
      issuer: ci.issuer,
      repository: CI_REPOSITORY,
      commit_sha: CI_COMMIT,
      run: '4711',
    })
    expect(JSON.stringify(report)).not.toContain(SECRET.slice(4))
    expect(report).not.toHaveProperty('model_probability')
  })

  test('says in words what moved the score, the largest part first', async () => {
    const report = await reportOf(CHANGE)
    const points = report.summary.map((line) => Number(/^\+(\d+(?:\.\d+)?) /.exec(line)?.[1]))
    expect(points).toEqual([...points].sort((a, b) => b - a))
    const text = report.summary.join('\n')
    expect(text).toMatch(/50 % of the changed executable lines are not covered by tests/)
    expect(text).toContain('src/partner.ts')
    expect(text).not.toMatch(/undefined|NaN|null/)
  })

  test('says what was missing', async () => {
    const report = await reportOf({ files: FILES })
    expect(report).toMatchObject({ findings: [], coverage: [], evidence: [], ci: null })
    expect(report.coupling).toEqual({ headline: null, signals: expect.any(Array) })
    for (const words of [/coverage report/, /history/, /SARIF/]) {
      expect(report.summary.some((line) => words.test(line))).toBe(true)
    }
  })

  test('of a tool that writes what no database keeps is kept all the same', async () => {
    const content = sarif([
      { rule: 'NUL \u0000', path: 'src/pay.ts', line: 2, message: 'lone \ud800 half \u0000' },
    ])
    const report = await reportOf({ files: FILES, evidence: { sarif: [{ name: 's', content }] } })
    expect(report.findings).toHaveLength(1)
    expect(JSON.stringify(report)).not.toMatch(/\\u0000|\\ud800/)
  })

  test('of a certificate from before there were checks can be read', async () => {
    const { certificate_id: id } = await core.issue(owner, { files: FILES })
    const old = { findings: [{ path: 'src/a.ts', line: 2, rule: 'github' }], path_salt: null }
    await core.db.owner`UPDATE certificates SET report = ${core.db.owner.json(old)} WHERE id = ${id}`
    const report = certificateReportSchema.parse(await readReport(core.ctx(), owner, id))
    expect(report).toMatchObject({ ...old, findings: [expect.objectContaining(old.findings[0]!)] })
  })
})

describe('what is sent as evidence', () => {
  test('is stored nowhere: neither reports, nor history, nor the token', async () => {
    const evidence = {
      coverage: [{ name: 'lcov.info', content: `TN:marker-of-coverage\n${EVIDENCE.coverage[0]!.content}` }],
      sarif: [
        {
          name: 's',
          content: sarif([{ rule: 'r', path: 'src/elsewhere.ts', line: 1, message: 'marker-of-sarif' }]),
        },
      ],
      history: [{ time: '2026-11-21T02:48:23Z', paths: ['src/marker-of-history.ts'] }],
      imports: [{ path: 'src/marker-of-imports.ts', imports: ['src/b.ts'] }],
    }
    const ci_token = await ci.token(evidenceAudience(await hashEvidence(evidence)))
    await core.issue(owner, { ...CHANGE, evidence: { ...evidence, ci_token } })
    const tables = await core.db
      .owner`SELECT quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema = 'public'`
    for (const { name } of tables) {
      const rows = await core.db.owner.unsafe(`SELECT t::text AS row FROM ${name} t`)
      const text = rows
        .map(({ row }) => row + Buffer.from(row.replaceAll(/[^0-9a-f]/g, ''), 'hex').toString('latin1'))
        .join()
      for (const hidden of ['marker-of-', ...ci_token.split('.')]) {
        expect(text.includes(hidden), `${name} holds ${hidden}`).toBe(false)
        expect(text.includes(Buffer.from(hidden).toString('hex')), `${name} holds ${hidden}`).toBe(false)
      }
    }
  })
})

test('an issuer that does not answer is told apart from a token that does not hold', async () => {
  const silent = await startCiIssuer()
  const token = await silent.token(evidenceAudience(await hashEvidence(EVIDENCE)))
  await silent.stop()
  const ctx = {
    ...core.ctx(),
    inspection: { ...core.ctx().inspection, identities: createCiIdentities(parseCiIssuers(silent.variable)) },
  }
  const request = issueRequest({ ...CHANGE, evidence: { ...EVIDENCE, ci_token: token } })
  expect(await refusalCode(issueCertificate(ctx, owner, request, UNCLAIMED))).toBe('ci_issuer_unavailable')
})
