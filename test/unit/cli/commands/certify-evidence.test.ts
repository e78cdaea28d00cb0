import { createHash } from 'node:crypto'
import { join } from 'node:path'
import canonicalize from 'canonicalize'
import { describe, expect, it, onTestFinished } from 'vitest'
import { hashFiles } from '../../../../core/verify/index.ts'
import { issueRequestSchema } from '../../../../schema/wire/issue.ts'
import { problemDocument } from '../../../../schema/wire/problems.ts'
import { LCOV, SARIF, writeAt } from '../evidence/evidence-support.ts'
import {
  type CliRun,
  type FakeNetwork,
  type ReceivedRequest,
  runCli,
  type ScriptedAnswer,
  sampleCertificate,
  startFakeNetwork,
  TestRepository,
  temporaryFolder,
} from '../support.ts'

const API_KEY = `cr_live_${'k'.repeat(36)}`
const TOKEN = `eyJ.${'t'.repeat(300)}.sig`

/** Two commits, the last of which is certified. */
function repositoryWithCommits(): TestRepository {
  const repository = new TestRepository(join(temporaryFolder(onTestFinished), 'repository'))
  repository.write('src/before.ts', 'export const b = 1\n')
  repository.commit('first')
  repository.write('src/a.ts', 'export const a = 1\n')
  repository.commit('second')
  return repository
}

/** A network that certifies what it is sent; and below /ci a provider of identities. */
async function network(answer?: (request: ReceivedRequest) => ScriptedAnswer | null): Promise<FakeNetwork> {
  const code_hash = await hashFiles([{ path: 'src/a.ts', content: 'export const a = 1\n' }])
  const started = await startFakeNetwork((request) => {
    const special = answer?.(request) ?? null
    if (special !== null) return special
    if (request.url.startsWith('/ci')) return { status: 200, json: { value: TOKEN } }
    return { status: 201, json: sampleCertificate({ code_hash }) }
  })
  onTestFinished(() => started.close())
  return started
}

function certify(repository: TestRepository, url: string, args: string[] = [], env = {}): Promise<CliRun> {
  return runCli(['certify', ...args], {
    cwd: repository.folder,
    env: { ...repository.env, CODERISK_URL: url, CODERISK_API_KEY: API_KEY, ...env },
  })
}

function ciJob(repository: TestRepository, url: string) {
  return {
    GITHUB_ACTIONS: 'true',
    GITHUB_SHA: repository.git('rev-parse', 'HEAD'),
    ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/ci?x=1`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-secret',
  }
}

/** The one request for a certificate. */
function issued(server: FakeNetwork) {
  const requests = server.requests.filter(({ method }) => method === 'POST')
  expect(requests).toHaveLength(1)
  return issueRequestSchema.parse(JSON.parse(requests[0]!.body))
}

describe('what is sent', () => {
  it('is reports and history, without a word about progress', async () => {
    const repository = repositoryWithCommits()
    writeAt(repository.folder, 'coverage/lcov.info', LCOV)
    writeAt(repository.folder, 'results/scan.sarif', SARIF)
    const server = await network()
    const run = await certify(repository, server.url)
    expect(run).toMatchObject({ code: 0, stderr: '' })
    expect(issued(server).evidence).toEqual({
      coverage: [
        { name: 'coverage/lcov.info', content: LCOV, commit_sha: repository.git('rev-parse', 'HEAD') },
      ],
      sarif: [{ name: 'results/scan.sarif', content: SARIF }],
      history: [
        { time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/), paths: ['src/before.ts'] },
      ],
    })
    expect(run.stdout).toMatch(/✓ Coverage +coverage\/lcov\.info \(LCOV, \d+ bytes, of commit [0-9a-f]{12}\)/)
    expect(run.stdout).toMatch(/✓ SARIF +results\/scan\.sarif \(SARIF, \d+ bytes\)/)
    expect(run.stdout).toMatch(/✓ History +1 commit \(git log, \d+ bytes\)/)
  })

  it('is nothing when nothing is wanted', async () => {
    const repository = repositoryWithCommits()
    writeAt(repository.folder, 'coverage/lcov.info', LCOV)
    const server = await network()
    await certify(repository, server.url, ['--no-coverage', '--no-sarif', '--no-history'])
    expect(issued(server)).not.toHaveProperty('evidence')
  })

  it('is what was named, relative to where one is', async () => {
    const repository = repositoryWithCommits()
    const file = writeAt(temporaryFolder(onTestFinished), 'unit.info', LCOV)
    writeAt(repository.folder, 'lcov.info', LCOV)
    const server = await network()
    await certify(repository, server.url, ['--coverage', 'lcov.info', `--coverage=${file}`, '--no-history'])
    expect(issued(server).evidence?.coverage?.map(({ name }) => name)).toEqual(['lcov.info', 'unit.info'])
  })

  it('fails before anything is sent when a named report is not there', async () => {
    const server = await network()
    const run = await certify(repositoryWithCommits(), server.url, ['--sarif', 'no.sarif'])
    expect(run).toMatchObject({ code: 2, stdout: '' })
    expect(run.stderr).toContain('--sarif no.sarif does not exist')
    expect(server.requests).toHaveLength(0)
  })
})

describe('what is said', () => {
  it('of a report that is too old is what to do', async () => {
    const repository = repositoryWithCommits()
    writeAt(repository.folder, 'coverage/lcov.info', LCOV, 1_000_000_000)
    const server = await network()
    const { stdout } = await certify(repository, server.url)
    expect(issued(server).evidence).not.toHaveProperty('coverage')
    expect(stdout).toContain(
      'coverage/lcov.info is older than the commit: run the tests again, or name it with --coverage',
    )
  })

  it('with --json is part of the document', async () => {
    const repository = repositoryWithCommits()
    writeAt(repository.folder, 'lcov.info', LCOV)
    const server = await network()
    const run = await certify(repository, server.url, ['--json', '--no-history'])
    expect(run).toMatchObject({ code: 0, stderr: '' })
    const { evidence } = issued(server)
    const sha256 = createHash('sha256').update(canonicalize(evidence)!).digest('hex')
    expect(JSON.parse(run.stdout).evidence).toEqual({
      sent: [
        {
          kind: 'coverage',
          name: 'lcov.info',
          format: 'LCOV',
          bytes: LCOV.length,
          commit_sha: repository.git('rev-parse', 'HEAD'),
        },
      ],
      missing: [
        { kind: 'sarif', name: null, problem: 'no report was found', how: expect.any(String) },
        { kind: 'history', name: null, problem: '--no-history', how: null },
      ],
      sha256,
      ci: false,
    })
  })

  it('of a name holds no control character', async () => {
    const repository = repositoryWithCommits()
    writeAt(repository.folder, 'a\u001b[2J\u202e.sarif', SARIF, 1)
    const { stdout } = await certify(repository, (await network()).url)
    expect(stdout).toContain('a[2J.sarif is older')
    expect(stdout).not.toContain('\u001b')
    expect(stdout).not.toContain('\u202e')
  })

  it('is refused when the network judged other evidence', async () => {
    const code_hash = await hashFiles([{ path: 'src/a.ts', content: 'export const a = 1\n' }])
    const certificate = sampleCertificate({ code_hash, evidence_sha256: 'e'.repeat(64) })
    const server = await network(() => ({ status: 201, json: certificate }))
    const run = await certify(repositoryWithCommits(), server.url)
    expect(run).toMatchObject({ code: 3, stdout: '' })
    expect(run.stderr).toContain('judged other evidence than was sent')
  })

  it('names the way out when the network cannot read a report', async () => {
    const repository = repositoryWithCommits()
    writeAt(repository.folder, 'lcov.info', LCOV)
    const errors = [{ path: 'evidence.coverage[0]', message: 'lcov.info is not valid LCOV (line 3)' }]
    const server = await network(() => ({
      status: 422,
      json: problemDocument('invalid_input', 'req_1', { errors }),
    }))
    const run = await certify(repository, server.url)
    expect(run.code).toBe(3)
    expect(run.stderr).toContain('evidence.coverage[0]: lcov.info is not valid LCOV (line 3)')
    expect(run.stderr).toContain('--coverage FILE or --no-coverage')
    expect(run.stderr).not.toContain('--no-sarif')
  })
})

describe('--dry-run', () => {
  it('sends nothing, and needs no key', async () => {
    const repository = repositoryWithCommits()
    writeAt(repository.folder, 'lcov.info', LCOV)
    const server = await network()
    const env = { ...ciJob(repository, server.url), CODERISK_API_KEY: '' }
    const run = await certify(repository, server.url, ['--dry-run'], env)
    expect(run).toMatchObject({ code: 0, stderr: '' })
    expect(run.stdout).toContain('Nothing is sent')
    expect(run.stdout).toContain('lcov.info (LCOV')
    const json = await certify(repository, server.url, ['--dry-run', '--json'], env)
    const document = JSON.parse(json.stdout)
    expect(document).toMatchObject({
      dry_run: true,
      change: { files_changed: ['src/a.ts'], commit_sha: repository.git('rev-parse', 'HEAD') },
      evidence: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/), ci: false },
    })
    expect(run.stdout).toContain(document.evidence.sha256)
    expect(server.requests).toHaveLength(0)
    await certify(repository, server.url)
    expect(document.body_bytes).toBe(Buffer.byteLength(server.requests[0]!.body))
  })
})

describe('in a GitHub Actions job', () => {
  it('an identity for this very evidence is sent, and printed nowhere', async () => {
    const repository = repositoryWithCommits()
    writeAt(repository.folder, 'lcov.info', LCOV)
    const server = await network()
    const run = await certify(repository, server.url, ['--json'], ciJob(repository, server.url))
    expect(run).toMatchObject({ code: 0, stderr: '' })
    const request = issued(server)
    const { ci_token, ...evidence } = request.evidence!
    expect(ci_token).toBe(TOKEN)
    expect(request.commit_sha).toBe(repository.git('rev-parse', 'HEAD'))
    const sha256 = createHash('sha256').update(canonicalize(evidence)!).digest('hex')
    expect(server.requests[0]).toMatchObject({ url: `/ci?x=1&audience=coderisk%3A${sha256}` })
    expect(JSON.parse(run.stdout).evidence).toMatchObject({ sha256, ci: true })
    for (const secret of [TOKEN, 'request-secret']) expect(run.stdout + run.stderr).not.toContain(secret)
  })

  it('of a pull request the merge commit is certified and named, also with --base', async () => {
    const repository = repositoryWithCommits()
    repository.git('switch', '-q', '-c', 'side', 'HEAD~1')
    repository.write('src/side.ts', '1\n')
    repository.commit('side')
    repository.git('switch', '-q', '--detach', 'HEAD~1')
    repository.git('merge', '-q', '--no-ff', '-m', 'Merge side into base', 'side')
    repository.git('branch', '-f', 'main', 'HEAD~1')
    const code_hash = await hashFiles([{ path: 'src/side.ts', content: '1\n' }])
    for (const args of [[], ['--base', 'main']]) {
      const server = await network(({ method }) =>
        method === 'POST' ? { status: 201, json: sampleCertificate({ code_hash }) } : null,
      )
      const run = await certify(repository, server.url, args, ciJob(repository, server.url))
      expect(run).toMatchObject({ code: 0, stderr: '' })
      expect(issued(server)).toMatchObject({
        commit_sha: repository.git('rev-parse', 'HEAD'),
        files_changed: ['src/side.ts'],
        evidence: { ci_token: TOKEN, history: [{ paths: ['src/before.ts'] }] },
      })
    }
  })

  it('without a provider it warns, or fails when an identity is required', async () => {
    const repository = repositoryWithCommits()
    const server = await network(({ url }) => (url.startsWith('/ci') ? { status: 403 } : null))
    const env = ciJob(repository, server.url)
    const run = await certify(repository, server.url, [], env)
    expect(run.code).toBe(0)
    expect(run.stderr).toMatch(/^certified without CI identity: 127\.0\.0\.1:\d+ answered 403\n$/)
    expect(issued(server).evidence).not.toHaveProperty('ci_token')
    const required = await certify(repository, server.url, ['--require-ci'], env)
    expect(required).toMatchObject({ code: 3, stdout: '' })
    expect(required.stderr).toContain('--require-ci: 127.0.0.1')
    issued(server)
  })

  it.each(['ci_identity_rejected', 'ci_issuer_unavailable'] as const)(
    'an identity that the network refuses (%s) is left out, unless it is required',
    async (code) => {
      const repository = repositoryWithCommits()
      const problem = problemDocument(code, 'req_1', { detail: 'owner/repo is not registered' })
      const server = await network(({ body }) =>
        body.includes(TOKEN) ? { status: 422, json: { ...problem, status: 422 } } : null,
      )
      const env = ciJob(repository, server.url)
      const run = await certify(repository, server.url, ['--json'], env)
      expect(run.code).toBe(0)
      expect(run.stderr).toMatch(/^certified without CI identity: .*: owner\/repo is not registered\n$/)
      const { evidence } = JSON.parse(run.stdout)
      expect(evidence).toMatchObject({
        ci: false,
        missing: expect.arrayContaining([expect.objectContaining({ kind: 'ci_identity' })]),
      })
      expect(evidence.sent.map(({ kind }: { kind: string }) => kind)).toEqual(['history'])
      const [first, second] = server.requests.filter(({ method }) => method === 'POST')
      expect(JSON.parse(second!.body).evidence).not.toHaveProperty('ci_token')
      expect(second!.headers['idempotency-key']).not.toBe(first!.headers['idempotency-key'])
      const required = await certify(repository, server.url, ['--require-ci'], env)
      expect(required).toMatchObject({ code: 3, stdout: '' })
      expect(required.stderr).toContain(`code ${code}`)
    },
  )

  it('none is asked for with --no-ci', async () => {
    const repository = repositoryWithCommits()
    const server = await network()
    const run = await certify(repository, server.url, ['--no-ci'], ciJob(repository, server.url))
    expect(run).toMatchObject({ code: 0, stderr: '' })
    expect(server.requests).toHaveLength(1)
  })
})
