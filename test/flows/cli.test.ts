import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { call } from '../support/client.ts'
import { type Network, startNetwork } from '../support/network.ts'
import { type CliRun, isolatedEnv, runCli, TestRepository, temporaryFolder } from '../unit/cli/support.ts'

let network: Network

beforeAll(async () => {
  network = await startNetwork()
}, 120_000)

afterAll(() => network?.stop())

interface Workplace {
  readonly repository: TestRepository
  run(...args: string[]): Promise<CliRun>
  certify(...args: string[]): Promise<{ certificate: { certificate_id: string } }>
}

/** A repository with a commit, and a command line that knows the network. */
function workplace(env: Record<string, string> = {}): Workplace {
  const home = temporaryFolder(onTestFinished)
  const repository = new TestRepository(join(home, 'repository'))
  repository.write('src/a.ts', 'export const a = 1\n')
  repository.commit('first')
  repository.write('src/a.ts', 'export const a = 2\n')
  repository.write('src/grüße.ts', 'export const b = 1\n')
  repository.write('logo.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0]))
  repository.commit('second\n\nCo-Authored-By: Claude <noreply@anthropic.com>')
  const run = (...args: string[]) =>
    runCli(args, {
      cwd: repository.folder,
      env: isolatedEnv(home, {
        CODERISK_URL: network.baseUrl,
        CODERISK_API_KEY: network.tenants.api_key,
        ...env,
      }),
    })
  return {
    repository,
    run,
    async certify(...args) {
      const { code, stdout, stderr } = await run('certify', '--json', ...args)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      return JSON.parse(stdout)
    },
  }
}

describe('certify', () => {
  it('gives the last commit a certificate that says what was sent', async () => {
    const { repository, certify } = workplace()
    expect(await certify()).toMatchObject({
      certificate: {
        livemode: true,
        ai_tool: 'claude-code-v0',
        commit_sha: repository.git('rev-parse', 'HEAD'),
        files_changed: ['logo.png', 'src/a.ts', 'src/grüße.ts'],
        change: { files: 3, lines_added: 2, lines_deleted: 1 },
        checks_passed: { security_scan: { result: 'passed' }, test_coverage: { result: 'not_evaluated' } },
      },
      skipped: [{ path: 'logo.png', reason: 'binary' }],
      missing_evidence: expect.arrayContaining([expect.objectContaining({ check: 'test_coverage' })]),
    })
  })

  it('prints every reason in words', async () => {
    const { run } = workplace()
    const { code, stdout } = await run('certify')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^CERT-\d{4}-[0-9a-z]{16}\n(LOW|MEDIUM) risk/)
    expect(stdout).not.toMatch(/[a-z]_[a-z]/)
  })

  it('takes a branch, what is staged, and files', async () => {
    const { repository, certify } = workplace()
    const head = repository.git('rev-parse', 'HEAD')
    expect((await certify('--base', 'HEAD~1')).certificate).toMatchObject({ commit_sha: head })
    repository.write('src/c.ts', 'c\n')
    repository.git('add', '--all')
    const staged = await certify('--staged', '--path-privacy', 'hashed')
    expect(staged.certificate).not.toHaveProperty('commit_sha')
    expect(staged.certificate).toMatchObject({
      files_changed: [expect.stringMatching(/^sha256:[0-9a-f]{64}$/)],
    })
    expect((await certify('src/a.ts')).certificate).toMatchObject({
      files_changed: ['src/a.ts'],
      commit_sha: head,
    })
  })

  it("finds the local stack's URL and key by itself", async () => {
    const { repository, certify } = workplace({ CODERISK_URL: '', CODERISK_API_KEY: '' })
    mkdirSync(join(repository.folder, '.coderisk'))
    const stack = { base_url: network.baseUrl, api_key: network.tenants.api_key }
    writeFileSync(join(repository.folder, '.coderisk/stack.json'), JSON.stringify(stack))
    expect((await certify()).certificate.certificate_id).toMatch(/^CERT-/)
  })

  it('says why the network refuses', async () => {
    const { run } = workplace({ CODERISK_API_KEY: `cr_live_${'0'.repeat(36)}` })
    const { code, stdout, stderr } = await run('certify')
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toContain('The API key is not known')
    expect(stderr).toMatch(/code api_key_invalid · HTTP 401 · request \S+/)
    expect(stderr).not.toContain('cr_live_')
  })
})

describe('verify', () => {
  it('holds by id, by page, by file and by its code, until it is revoked', async () => {
    const { repository, run, certify } = workplace()
    const printed = await certify()
    const id = printed.certificate.certificate_id
    repository.write('certificate.json', JSON.stringify(printed.certificate))
    repository.write('printed.json', JSON.stringify(printed))
    const names = [id, `${network.baseUrl}/certs/${id}`, 'certificate.json', 'printed.json']
    for (const name of names) {
      const held = await run('verify', name, '--files', '.')
      expect(held).toMatchObject({ code: 0, stderr: '' })
      expect(held.stdout).toContain(`✓ valid  ${id}`)
    }
    const revoked = await call(network.baseUrl, `/v1/trust/certs/${id}/revoke`, {
      key: network.tenants.api_key,
      headers: { 'idempotency-key': crypto.randomUUID() },
      body: { reason: 'superseded' },
    })
    expect(revoked.status).toBe(200)
    for (const name of names) {
      const { code, stdout } = await run('verify', name, '--json')
      expect(code).toBe(1)
      expect(JSON.parse(stdout)).toMatchObject({ verdict: 'invalid', reasons: ['revoked'] })
    }
  })

  it('does not hold for altered code, an altered certificate, or an unknown id', async () => {
    const { repository, run, certify } = workplace()
    const { certificate } = await certify()
    repository.write('src/a.ts', 'export const a = 3\n')
    const other = await run('verify', certificate.certificate_id, '--files', '.', '--json')
    expect(other.code).toBe(1)
    expect(JSON.parse(other.stdout)).toMatchObject({ verdict: 'invalid', reasons: ['code_hash_mismatch'] })
    repository.write('altered.json', JSON.stringify({ ...certificate, risk_score: 0 }))
    const altered = await run('verify', 'altered.json', '--json')
    expect(altered.code).toBe(1)
    expect(JSON.parse(altered.stdout).reasons).toContain('signature_invalid')
    expect((await run('verify', 'CERT-2026-0000000000000000')).code).toBe(1)
  })
})

describe('offline', () => {
  it('needs a pinned root key, then no network at all', async () => {
    const { repository, run, certify } = workplace()
    const printed = await certify()
    repository.write('certificate.json', JSON.stringify(printed.certificate))
    const unpinned = await run('trust', 'fetch')
    expect(unpinned.code).toBe(1)
    const thumbprint = /--pin (\S+)/.exec(unpinned.stderr)?.[1] ?? ''
    expect((await run('trust', 'fetch', '--pin', thumbprint, '--out', 'trust-root.json')).code).toBe(0)
    const offline = ['--offline', '--trust-root', 'trust-root.json', '--url', 'http://127.0.0.1:1', '--json']
    const held = await run('verify', 'certificate.json', ...offline, '--files', '.')
    expect(held.code).toBe(1)
    expect(JSON.parse(held.stdout)).toMatchObject({
      verdict: 'indeterminate',
      reasons: ['status_unavailable'],
      signature_valid: true,
      code: { matches: true },
    })
    expect((await run('verify', 'certificate.json', ...offline, '--allow-unknown-status')).code).toBe(0)
    const text = readFileSync(join(repository.folder, 'certificate.json'), 'utf8')
    repository.write('certificate.json', text.replace('claude-code', 'other-tool'))
    const altered = await run('verify', 'certificate.json', ...offline, '--allow-unknown-status')
    expect(altered.code).toBe(1)
    expect(JSON.parse(altered.stdout)).toMatchObject({ verdict: 'invalid', signature_valid: false })
  })
})
