import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { evidenceAudience } from '../../core/evidence/ci-identity.ts'
import { hashEvidence } from '../../core/evidence/read.ts'
import type { Evidence } from '../../schema/wire/evidence.ts'
import { MAX_EVIDENCE_BYTES } from '../../schema/wire/evidence.ts'
import { MAX_ISSUE_BODY_BYTES } from '../../schema/wire/issue.ts'
import { CI_COMMIT, CI_REPOSITORY, type CiIssuer, startCiIssuer } from '../support/ci-issuer.ts'
import { call } from '../support/client.ts'
import { lcov, sarif } from '../support/evidence.ts'
import { expectProblem, issue, makeOrganisation, verify } from '../support/issue.ts'
import { type Network, startNetwork } from '../support/network.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

let ci: CiIssuer
let network: Network
beforeAll(async () => {
  ci = await startCiIssuer()
  network = await startNetwork({ variables: { CI_ISSUERS: ci.variable } })
  expect((await settings({ repositories: [CI_REPOSITORY] })).status).toBe(200)
})
afterAll(async () => {
  await network?.stop()
  await ci?.stop()
})

const settings = (body: object, key = network.tenants.api_key) =>
  call(network.baseUrl, '/v1/organisation', { method: 'PATCH', key, body })

const FILES = [
  {
    path: 'src/marker-path.ts',
    content: 'export const pay = () => {\n  markerOfCode()\n}\n',
    previous_content: '',
  },
]
const covered = (first: number, second: number) => lcov({ 'src/marker-path.ts': { 1: first, 2: second } })
const EVIDENCE: Evidence = {
  coverage: [{ name: 'coverage/lcov.info', content: `TN:markerOfCoverage\n${covered(1, 0)}` }],
  sarif: [
    {
      name: 'scan.sarif',
      content: sarif([
        { rule: 'tool/rule', path: 'src/marker-path.ts', line: 2, score: 5, message: 'shown to the owner' },
        { rule: 'tool/rule', path: 'src/elsewhere.ts', line: 2, message: 'markerOfSarif' },
      ]),
    },
  ],
  history: Array.from({ length: 30 }, (_, i) => ({
    time: '2026-11-21T02:48:23Z',
    paths: i % 2 === 0 ? ['src/marker-path.ts', 'src/partner.ts'] : [`markerOfHistory/${i}.ts`],
  })),
  imports: [{ path: 'src/shop.ts', imports: ['src/marker-path.ts', 'markerOfImports/b.ts'] }],
}
const CHANGE = { ai_tool: 'claude-code-v1.0', files: FILES, commit_sha: CI_COMMIT, evidence: EVIDENCE }

async function bound(claims: Record<string, unknown> = {}) {
  const ci_token = await ci.token(evidenceAudience(await hashEvidence(EVIDENCE)), claims)
  return { ...CHANGE, evidence: { ...EVIDENCE, ci_token } }
}

describe('evidence that anyone could have written (E1)', () => {
  it('is weighed, hashed and named as what it is; the certificate verifies', async () => {
    const answer = await issue(network, CHANGE)
    expect(answer.status, answer.text).toBe(201)
    expect(answer.json).toMatchObject({
      evidence_sha256: await hashEvidence(EVIDENCE),
      change_risk: { recalibrated: false },
      checks_passed: {
        test_coverage: { result: 'failed', evidence: 'E1', value: 0.5, threshold: 0.7 },
        security_scan: { result: 'failed', evidence: 'E1', issues_found: 1 },
        coupling_analysis: { result: 'failed', evidence: 'E1' },
        incident_similarity: { result: 'passed', evidence: 'E3' },
      },
    })
    expect(await verify(network, answer.json.certificate_id)).toMatchObject({
      verdict: 'valid',
      signature_valid: true,
    })
  })

  it.each([
    [1, 1, 'passed', 1],
    [0, 0, 'failed', 0],
  ] as const)('lines executed %d and %d times: %s', async (first, second, result, value) => {
    const coverage = [{ name: 'lcov.info', content: covered(first, second) }]
    const answer = await issue(network, { ...CHANGE, evidence: { coverage } })
    expect(answer.json.checks_passed.test_coverage).toMatchObject({ result, value, evidence: 'E1' })
  })

  it('names nothing private in what is public', async () => {
    const { text, json } = await issue(network, CHANGE)
    expect(text).not.toMatch(/partner|tool\/rule|shown to the owner|lcov\.info|scan\.sarif|marker(?!-path)/)
    const page = await call(network.baseUrl, `/certs/${json.certificate_id}`)
    expect(page.text).not.toMatch(/partner|tool\/rule|shown to the owner/)
  })

  it('is answered again for the same Idempotency-Key, and refused for other evidence under it', async () => {
    const headers = { 'idempotency-key': 'evidence-once' }
    const first = await issue(network, CHANGE, { headers })
    const again = await issue(network, CHANGE, { headers })
    expect(again.headers['idempotency-replayed']).toBe('true')
    expect(again.text).toBe(first.text)
    const other = await issue(network, { ...CHANGE, evidence: {} }, { headers })
    expectProblem(other, 422, 'idempotency_key_reused')
  })
})

describe('evidence that a CI run vouches for (E2)', () => {
  it('is E2, and the report says whose word it is', async () => {
    const answer = await issue(network, await bound())
    expect(answer.status, answer.text).toBe(201)
    expect(answer.json.checks_passed.test_coverage.evidence).toBe('E2')
    expect(answer.json.evidence_sha256).toBe(await hashEvidence(EVIDENCE))
    expect(answer.text).not.toContain(ci.issuer)
    const { json } = await reportOf(answer.json.certificate_id)
    expect(json.ci).toEqual({
      issuer: ci.issuer,
      repository: CI_REPOSITORY,
      commit_sha: CI_COMMIT,
      run: '4711',
    })
    expect(json.evidence.map((one: { level: string }) => one.level)).toEqual(['E2', 'E2', 'E2', 'E2'])
  })

  const refused: [string, () => Promise<object>][] = [
    ['of another repository', () => bound({ repository: 'example/other' })],
    ['of another commit', () => bound({ sha: 'd'.repeat(40) })],
    ['that has expired', () => bound({ exp: 1 })],
    ['for other evidence', () => bound({ aud: evidenceAudience('ab'.repeat(32)) })],
    ['of an issuer that nobody knows', () => bound({ iss: 'https://elsewhere.example' })],
    ['that is none', async () => ({ ...CHANGE, evidence: { ...EVIDENCE, ci_token: 'x.y.z' } })],
    [
      'with evidence that was altered',
      async () => {
        const request = await bound()
        return { ...request, evidence: { ...request.evidence, imports: [] } }
      },
    ],
    [
      'of a change that says another commit',
      async () => ({ ...(await bound()), commit_sha: 'e'.repeat(40) }),
    ],
    ['of a change that says another repository', async () => ({ ...(await bound()), repository: 'a/b' })],
  ]
  it.each(refused)('a token %s is refused', async (_, make) => {
    const body = await make()
    const answer = await issue(network, body)
    expectProblem(answer, 422, 'ci_identity_rejected')
    const { ci_token } = (body as { evidence: { ci_token: string } }).evidence
    for (const part of ci_token.split('.')) if (part.length > 8) expect(answer.text).not.toContain(part)
  })

  it('is not believed of a repository that the organisation has not registered', async () => {
    const other = await makeOrganisation(network)
    expectProblem(await issue(network, await bound(), { key: other.api_key }), 422, 'ci_identity_rejected')
    expect((await settings({ repositories: [CI_REPOSITORY] }, other.api_key)).status).toBe(200)
    expect((await issue(network, await bound(), { key: other.api_key })).status).toBe(201)
  })
})

describe('the settings of an organisation', () => {
  it('change its threshold, and nobody else’s', async () => {
    const lenient = await makeOrganisation(network, 'Lenient')
    const changed = await settings({ coverage_threshold: 0.5 }, lenient.api_key)
    expect(changed.json).toMatchObject({ id: lenient.id, coverage_threshold: 0.5, repositories: [] })
    const [theirs, ours] = [
      await issue(network, CHANGE, { key: lenient.api_key }),
      await issue(network, CHANGE),
    ]
    expect(theirs.json.checks_passed.test_coverage).toMatchObject({ result: 'passed', threshold: 0.5 })
    expect(ours.json.checks_passed.test_coverage).toMatchObject({ result: 'failed', threshold: 0.7 })
    const read = await call(network.baseUrl, '/v1/organisation', { key: lenient.api_key })
    expect(read.json).toEqual(changed.json)
  })

  it.each<[object, string]>([
    [{ coverage_threshold: 1.1 }, 'coverage_threshold'],
    [{ coverage_threshold: -0.1 }, 'coverage_threshold'],
    [{ coverage_threshold: '0.5' }, 'coverage_threshold'],
    [{ coverage_threshold: 0.33333 }, 'coverage_threshold'],
    [{ repositories: ['shop'] }, 'repositories[0]'],
    [{ repositories: ['example/shop', 'https://github.com/a/b'] }, 'repositories[1]'],
    [{ repositories: Array.from({ length: 1_001 }, (_, i) => `a/b${i}`) }, 'repositories'],
    [{ name: 'Other' }, 'name'],
  ])('%j is refused, and says where', async (body, path) => {
    const answer = await settings(body)
    expectProblem(answer, 422, 'invalid_input')
    expect(answer.json.errors[0].path).toBe(path)
  })
})

describe('the report', () => {
  it('has findings, coverage, coupling and evidence, for the owner alone', async () => {
    const { json: issued } = await issue(network, CHANGE)
    const { json: report } = await reportOf(issued.certificate_id)
    expect(report).toMatchObject({
      certificate_id: issued.certificate_id,
      findings: [
        {
          path: 'src/marker-path.ts',
          line: 2,
          rule: 'tool/rule',
          title: 'shown to the owner',
          severity: 'medium',
          source: 'sarif',
        },
      ],
      coverage: [
        {
          path: 'src/marker-path.ts',
          covered_lines: 1,
          executable_lines: 2,
          uncovered: [{ first: 2, last: 2 }],
        },
      ],
      coupling: { headline: expect.stringContaining('src/partner.ts') },
      evidence: [
        { kind: 'coverage', name: 'coverage/lcov.info', format: 'lcov', level: 'E1' },
        { kind: 'sarif', name: 'scan.sarif', format: 'Scanner', level: 'E1' },
        { kind: 'history', level: 'E1' },
        { kind: 'imports', level: 'E1' },
      ],
      ci: null,
    })
    expect(report.summary.length).toBeGreaterThan(2)
    expect(report).not.toHaveProperty('model_probability')
    const other = await makeOrganisation(network, 'Curious')
    expectProblem(await reportOf(issued.certificate_id, other.api_key), 404, 'certificate_not_found')
  })
})

describe('what cannot be read, or is too much', () => {
  it('is refused with its name and its line', async () => {
    const coverage = [
      { name: 'good.info', content: covered(1, 1) },
      { name: 'bad.info', content: 'SF:a.ts\nDA:x,1\nend_of_record\n' },
    ]
    const answer = await issue(network, { ...CHANGE, evidence: { coverage } })
    expectProblem(answer, 422, 'evidence_unreadable')
    expect(answer.json.errors).toEqual([
      { path: 'evidence.coverage[1]', message: expect.stringMatching(/^"bad\.info" .*\(line 2\)$/) },
    ])
  })

  it('more than 5 MB of evidence', async () => {
    const coverage = [{ name: 'x', content: `${covered(1, 1)}#${'x'.repeat(MAX_EVIDENCE_BYTES)}` }]
    expectProblem(await issue(network, { ...CHANGE, evidence: { coverage } }), 413, 'body_too_large')
  })

  it('more than 16 MiB of body', async () => {
    const coverage = [{ name: 'x', content: 'x'.repeat(MAX_ISSUE_BODY_BYTES) }]
    expectProblem(await issue(network, { ...CHANGE, evidence: { coverage } }), 413, 'body_too_large')
  })

  it('as much as may be is taken', async () => {
    const line = `# ${'x'.repeat(1_000)}\n`
    const content = covered(1, 1) + line.repeat(5_200)
    expect(content.length).toBeGreaterThan(5_000_000)
    const answer = await issue(network, { ...CHANGE, evidence: { coverage: [{ name: 'x', content }] } })
    expect(answer.status, answer.text).toBe(201)
  })
})

it('nothing of evidence, code or token is stored or logged', async () => {
  const request = await bound()
  expect((await issue(network, request)).status).toBe(201)
  const hidden = [
    'markerOfCode',
    'markerOfCoverage',
    'markerOfSarif',
    'markerOfHistory',
    'markerOfImports',
    ...request.evidence.ci_token.split('.'),
  ]
  const tables = await network.sql`
    SELECT quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema = 'public'`
  expect(tables.length).toBeGreaterThan(12)
  for (const { name } of tables) {
    const rows = await network.sql.unsafe(`SELECT t::text AS row FROM ${name} t`)
    const text = rows
      .map(({ row }) => row + Buffer.from(row.replaceAll(/[^0-9a-f]/g, ''), 'hex').toString('latin1'))
      .join()
    for (const marker of hidden) {
      expect(text.includes(marker), `${name} holds ${marker}`).toBe(false)
      expect(text.includes(Buffer.from(marker).toString('hex')), `${name} holds ${marker}`).toBe(false)
    }
  }
  const logs = [...network.workerLog(), network.postgresLog()].join('\n')
  for (const marker of [...hidden, 'marker-path', 'partner.ts']) {
    expect(logs.includes(marker), `a log holds ${marker}`).toBe(false)
  }
})

function reportOf(id: string, key = network.tenants.api_key) {
  return call(network.baseUrl, `/v1/trust/certs/${id}/report`, { key })
}
