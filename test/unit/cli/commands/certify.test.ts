import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { hashFiles } from '../../../../core/verify/index.ts'
import { issueRequestSchema } from '../../../../schema/wire/issue.ts'
import { problemDocument } from '../../../../schema/wire/problems.ts'
import {
  CERTIFICATE_ID,
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

async function network(
  answer: (request: ReceivedRequest, count: number) => ScriptedAnswer,
): Promise<FakeNetwork> {
  const started = await startFakeNetwork(answer)
  onTestFinished(() => started.close())
  return started
}

function repositoryWithCommit(message = 'change'): TestRepository {
  const repository = new TestRepository(join(temporaryFolder(onTestFinished), 'repository'))
  repository.write('src/a.ts', 'export const a = 1\n')
  repository.commit(message)
  return repository
}

/** Certifies what it is sent, or something else. */
async function issuing(changes = {}): Promise<FakeNetwork> {
  const hash = await hashFiles([{ path: 'src/a.ts', content: 'export const a = 1\n' }])
  return network(() => ({ status: 201, json: sampleCertificate({ code_hash: hash, ...changes }) }))
}

function certify(repository: TestRepository, url: string, args: string[] = [], env = {}): Promise<CliRun> {
  return runCli(['certify', ...args], {
    cwd: repository.folder,
    env: { ...repository.env, CODERISK_URL: url, CODERISK_API_KEY: API_KEY, ...env },
  })
}

describe('what is sent', () => {
  it('is a request that the wire shape takes, with a key of its own', async () => {
    const repository = repositoryWithCommit('subject\n\nCo-Authored-By: Claude <noreply@anthropic.com>')
    repository.git('remote', 'add', 'origin', 'https://user:s3cret@github.com/owner/repo.git')
    const server = await issuing()
    const run = await certify(repository, server.url, ['--ttl-days', '7', '--language', 'typescript'])
    expect(run).toMatchObject({ code: 0, stderr: '' })
    const [request] = server.requests
    expect(request).toMatchObject({ method: 'POST', url: '/v1/trust/verify' })
    expect(request!.headers).toMatchObject({
      authorization: `Bearer ${API_KEY}`,
      'content-type': 'application/json',
      'idempotency-key': expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
    expect(issueRequestSchema.parse(JSON.parse(request!.body))).toEqual({
      ai_tool: 'claude-code-v0',
      files: [{ path: 'src/a.ts', content: 'export const a = 1\n', previous_content: '' }],
      files_changed: ['src/a.ts'],
      commit_sha: repository.git('rev-parse', 'HEAD'),
      commit_message: 'subject\n\nCo-Authored-By: Claude <noreply@anthropic.com>',
      repository: 'github.com/owner/repo',
      path_privacy: 'plain',
      ttl_days: 7,
      language: 'typescript',
    })
  })

  it.each([
    ['the option before all', ['--ai-tool', 'option-v1'], { CODERISK_AI_TOOL: 'env-v1' }, 'option-v1'],
    ['then the environment', [], { CODERISK_AI_TOOL: 'env-v1' }, 'env-v1'],
    ['then the trailer', [], {}, 'trailer-v2'],
  ])('names the tool: %s', async (_name, args, env, tool) => {
    const server = await issuing()
    await certify(repositoryWithCommit('x\n\nAI-Tool: trailer-v2'), server.url, args, env)
    expect(JSON.parse(server.requests[0]!.body).ai_tool).toBe(tool)
  })

  it('says when nothing names the tool', async () => {
    const server = await issuing()
    const run = await certify(repositoryWithCommit(), server.url)
    expect(JSON.parse(server.requests[0]!.body).ai_tool).toBe('unknown-v0')
    expect(run.stdout).toContain('unknown-v0 (nothing names one)')
    expect(run.stdout).toContain('--ai-tool name-vX.Y')
  })

  it('leaves the repository out with --no-repository', async () => {
    const repository = repositoryWithCommit()
    repository.git('remote', 'add', 'origin', 'https://github.com/owner/private.git')
    const server = await issuing()
    await certify(repository, server.url, ['--no-repository'])
    expect(server.requests[0]!.body).not.toContain('owner/private')
  })
})

describe('what is printed', () => {
  it('is the certificate, each check in words, what is missing, its page and badge', async () => {
    const server = await issuing()
    const { stdout } = await certify(repositoryWithCommit(), server.url)
    expect(stdout).toContain(`${CERTIFICATE_ID}\nLOW risk 3.2 of 10 · confidence 40 %`)
    expect(stdout).toMatch(/– Test coverage +not evaluated; no coverage report was sent/)
    expect(stdout).toMatch(/✓ Security scan +no issues; .*\(computed from the contents\)/)
    expect(stdout).toMatch(/Missing evidence\n {2}Test coverage +a coverage report/)
    expect(stdout).toContain(`Page    https://coderisk.example/certs/${CERTIFICATE_ID}`)
    expect(stdout).toContain(
      `[![CodeRisk](https://coderisk.example/badges/${CERTIFICATE_ID}.svg)](https://coderisk.example/certs/${CERTIFICATE_ID})`,
    )
    expect(stdout).not.toContain('\u001b')
    expect(stdout).not.toContain(API_KEY)
  })

  it('with --json is one document', async () => {
    const repository = repositoryWithCommit()
    repository.write('blob.bin', Buffer.from([0, 1]))
    repository.git('add', '--all')
    repository.git('commit', '-q', '--amend', '-m', 'both')
    const server = await issuing()
    const { stdout, code } = await certify(repository, server.url, ['--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      certificate: { certificate_id: CERTIFICATE_ID, livemode: true },
      page_url: `https://coderisk.example/certs/${CERTIFICATE_ID}`,
      badge_url: `https://coderisk.example/badges/${CERTIFICATE_ID}.svg`,
      missing_evidence: [
        { check: 'test_coverage', reasons: ['no_coverage_report'] },
        { check: 'coupling_analysis' },
        { check: 'incident_similarity' },
      ],
      skipped: [{ path: 'blob.bin', reason: 'binary' }],
    })
  })

  it('of a change that adds no line does not say that it was scanned', async () => {
    const sample = sampleCertificate().checks_passed
    const nothing = { passed: false, result: 'not_evaluated', evidence: null, issues_found: null }
    const security_scan = { ...nothing, reasons: ['no_added_lines'] }
    const server = await issuing({ checks_passed: { ...sample, security_scan } })
    const { stdout } = await certify(repositoryWithCommit(), server.url)
    expect(stdout).toMatch(
      /– Security scan +not evaluated; no line was added, so there was nothing to look at\n/,
    )
    expect(stdout).not.toContain('no issues')
  })

  it('carries no control character of the network or of a file name', async () => {
    const repository = repositoryWithCommit()
    repository.write('a\u202egnp.ts', Buffer.from([0]))
    repository.git('add', '--all')
    repository.git('commit', '-q', '--amend', '-m', 'both')
    const evil = '\u001b[2J\u001b]0;title\u0007\u009b31m\r\nFORGED'
    const server = await issuing({
      verification_url: `https://x/${evil}`,
      risk_level: evil,
      explanation: [`${evil}: 1`],
      repository: evil,
      checks_passed: { [evil]: { result: evil, reasons: [evil], evidence: evil } },
    })
    const { stdout, code } = await certify(repository, server.url)
    expect(code).toBe(0)
    expect(stdout).toContain('FORGED')
    expect(stdout).not.toMatch(/^FORGED/m)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for control characters is the point
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/)
  })
})

describe('an answer that cannot be relied on', () => {
  it.each([
    ['of other code', { json: sampleCertificate() }, 'certified other code'],
    ['that is no certificate', { json: {} }, 'did not answer with a certificate'],
    ['that is null', { json: null }, 'did not answer with a certificate'],
    ['that is no JSON', { text: '<html>' }, 'did not answer with JSON'],
  ])('%s is exit code 3', async (_name, answer, words) => {
    const server = await network(() => ({ status: 201, ...answer }))
    const run = await certify(repositoryWithCommit(), server.url)
    expect(run).toMatchObject({ code: 3, stdout: '' })
    expect(run.stderr).toContain(words)
  })

  it('that redirects is not followed: code and key go nowhere else', async () => {
    const elsewhere = await issuing()
    const server = await network(() => ({
      status: 307,
      headers: { location: `${elsewhere.url}/v1/trust/verify` },
    }))
    const run = await certify(repositoryWithCommit(), server.url)
    expect(run.code).toBe(3)
    expect(run.stderr).toContain('redirects to')
    expect(elsewhere.requests).toHaveLength(0)
  })

  it('is a problem: title, detail, each error, code and request', async () => {
    const problem = problemDocument('invalid_input', 'req_42', {
      detail: 'Two fields are wrong.',
      errors: [
        { path: 'files[0].path', message: 'must be relative\u001b[31m' },
        { path: 'ai_tool', message: 'is unknown' },
      ],
    })
    const server = await network(() => ({ status: 422, json: problem }))
    const run = await certify(repositoryWithCommit(), server.url)
    expect(run).toMatchObject({ code: 3, stdout: '' })
    expect(run.stderr).toBe(
      [
        'coderisk certify: The input is not valid',
        '  Two fields are wrong.',
        '  files[0].path: must be relative[31m',
        '  ai_tool: is unknown',
        '  code invalid_input · HTTP 422 · request req_42',
        '',
      ].join('\n'),
    )
    expect(server.requests).toHaveLength(1)
  })
})

describe('a command line that cannot be', () => {
  it.each([
    [['--base', 'HEAD', '--staged'], 'not two of them'],
    [['--staged', 'a.ts'], 'not two of them'],
    [['--ttl-days', '0'], '--ttl-days must be'],
    [['--ttl-days', '1.5'], '--ttl-days must be'],
    [['--ttl-days', '91'], '--ttl-days must be'],
    [['--path-privacy', 'secret'], '--path-privacy must be'],
    [['--ai-tool', 'No Version'], '--ai-tool must be'],
    [['--bogus'], "Unknown option '--bogus'"],
    [['--base'], '--base'],
    [['--url', 'ftp://x'], 'is not an http(s) URL'],
  ])('%j is exit code 2', async (args, words) => {
    const run = await certify(repositoryWithCommit(), 'http://127.0.0.1:1', args)
    expect(run).toMatchObject({ code: 2, stdout: '' })
    expect(run.stderr).toContain(words)
    expect(run.stderr).toContain('Usage: coderisk certify')
  })

  it('a network without a key is exit code 2, before anything is sent', async () => {
    const server = await issuing()
    const run = await certify(repositoryWithCommit(), server.url, [], { CODERISK_API_KEY: '' })
    expect(run.code).toBe(2)
    expect(run.stderr).toContain('no API key')
    expect(server.requests).toHaveLength(0)
  })

  it('a network over plain http is exit code 2', async () => {
    const run = await certify(repositoryWithCommit(), 'http://coderisk.example')
    expect(run.code).toBe(2)
    expect(run.stderr).toContain('must be reached over https')
  })
})
