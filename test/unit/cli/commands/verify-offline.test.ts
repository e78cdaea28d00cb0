import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { verify as verifyCommand } from '../../../../cli/commands/verify.ts'
import { hashCode, hashFiles } from '../../../../core/verify/index.ts'
import type { Certificate } from '../../../../schema/wire/certificate.ts'
import { runCommand } from '../run-command.ts'
import {
  CERTIFICATE_ID,
  type CliRun,
  isolatedEnv,
  runCli,
  TestRepository,
  temporaryFolder,
} from '../support.ts'
import {
  generateNetworkKeys,
  type NetworkKeys,
  signCertificate,
  signJws,
  signTrustRoot,
  thumbprint,
} from '../trust-support.ts'

let keys: NetworkKeys

beforeAll(async () => {
  keys = await generateNetworkKeys()
}, 60_000)

interface Setup {
  readonly folder: string
  write(name: string, content: string): void
  verify(args: string[], env?: Record<string, string>): Promise<CliRun>
}

/** A folder with a certificate, a trust root and the root key; nothing in it can reach a network. */
async function setUp(certificate?: Certificate, trustRoot?: string): Promise<Setup> {
  const folder = temporaryFolder(onTestFinished)
  const write = (name: string, content: string) => writeFileSync(join(folder, name), content)
  write('certificate.json', JSON.stringify(certificate ?? (await signCertificate(keys))))
  write('trust-root.json', trustRoot ?? (await signTrustRoot(keys)))
  write('root-key.json', JSON.stringify(keys.rootJwk))
  // A file with a root key is looked for from where the process runs.
  const located = (arg: string) => (arg === 'root-key.json' ? join(folder, arg) : arg)
  const verify = (args: string[], env = {}) =>
    runCommand(verifyCommand, ['--offline', '--trust-root', 'trust-root.json', ...args.map(located)], {
      cwd: folder,
      // A network that cannot be: asking it would fail with exit code 3.
      env: isolatedEnv(folder, { CODERISK_URL: 'http://127.0.0.1:1', ...env }),
    })
  return { folder, write, verify }
}

const PINNED = ['--root-key', 'root-key.json']

async function verdictOf(run: Promise<CliRun>) {
  const { code, stdout, stderr } = await run
  expect(stderr).toBe('')
  return { exitCode: code, ...JSON.parse(stdout) }
}

describe('a certificate that holds', () => {
  it('is indeterminate without a status, and exit code 1', async () => {
    const { verify } = await setUp()
    const passed = { result: 'passed', reason: null }
    expect(await verdictOf(verify(['certificate.json', '--json', ...PINNED]))).toMatchObject({
      exitCode: 1,
      certificate_id: CERTIFICATE_ID,
      verdict: 'indeterminate',
      reasons: ['status_unavailable'],
      signature_valid: true,
      status: 'unknown',
      status_source: 'none',
      offline: true,
      checks: {
        signature: passed,
        key_validity: passed,
        expiry: passed,
        status: { result: 'indeterminate', reason: 'status_unavailable' },
      },
      trust_root: { accepted: true, version: 5, root_key: thumbprint(keys.rootJwk) },
    })
  })

  it('is accepted with --allow-unknown-status, which says so', async () => {
    const { verify } = await setUp()
    const run = await verify(['certificate.json', '--allow-unknown-status', ...PINNED])
    expect(run).toMatchObject({ code: 0, stderr: '' })
    expect(run.stdout).toContain('– indeterminate')
    expect(run.stdout).toMatch(/✓ Signature +holds/)
    expect(run.stdout).toMatch(/– Revocation status +whether it was revoked is not known/)
    expect(run.stdout).toContain('Accepted by --allow-unknown-status.')
  })

  it('is read from stdin, as a JWS, and out of what certify --json printed', async () => {
    const certificate = await signCertificate(keys)
    const { folder, write, verify } = await setUp(certificate)
    write('certificate.jws', await signJws(keys, certificate))
    write('printed.json', JSON.stringify({ certificate, page_url: 'x', skipped: [] }))
    const accepted = ['--allow-unknown-status', ...PINNED]
    expect((await verify(['certificate.jws', ...accepted])).code).toBe(0)
    expect((await verify(['printed.json', ...accepted])).code).toBe(0)
    const run = await runCli(['verify', '-', '--offline', '--trust-root', 'trust-root.json', ...accepted], {
      cwd: folder,
      env: isolatedEnv(folder),
      input: JSON.stringify(certificate),
    })
    expect(run.code).toBe(0)
  })

  it.each([
    [
      'a file in CODERISK_ROOT_KEY',
      (folder: string) => ({ CODERISK_ROOT_KEY: join(folder, 'root-key.json') }),
      () => [],
    ],
    ['a JWK in CODERISK_ROOT_KEY', () => ({ CODERISK_ROOT_KEY: JSON.stringify(keys.rootJwk) }), () => []],
    ['a JWK given', () => ({}), () => ['--root-key', JSON.stringify(keys.rootJwk)]],
  ])('is pinned by %s', async (_name, env, args) => {
    const { folder, verify } = await setUp()
    expect((await verify(['certificate.json', '--allow-unknown-status', ...args()], env(folder))).code).toBe(
      0,
    )
  })
})

describe('a certificate that does not hold is never accepted', () => {
  it.each<[string, (certificate: Certificate) => object, string]>([
    ['tampered', (certificate) => ({ ...certificate, risk_score: 0.1 }), 'signature_invalid'],
    ['with a member added', (certificate) => ({ ...certificate, extra: 1 }), 'signature_invalid'],
    ['without its signature', ({ signature, ...rest }) => rest, 'malformed'],
    ['that is a list', () => [], 'malformed'],
  ])('%s', async (_name, alter, reason) => {
    const { write, verify } = await setUp()
    write('altered.json', JSON.stringify(alter(await signCertificate(keys))))
    const found = await verdictOf(verify(['altered.json', '--json', '--allow-unknown-status', ...PINNED]))
    expect(found).toMatchObject({ exitCode: 1, verdict: 'invalid', signature_valid: false, risk_score: null })
    expect(found.reasons).toContain(reason)
  })

  it('with a member twice, inside the printed document too', async () => {
    const { write, verify } = await setUp()
    const text = JSON.stringify(await signCertificate(keys))
    write('twice.json', text.replace('{', '{"risk_score":0.1,'))
    write('twice-printed.json', `{"certificate":${text.replace('{', '{"risk_score":0.1,')}}`)
    for (const name of ['twice.json', 'twice-printed.json']) {
      const found = await verdictOf(verify([name, '--json', '--allow-unknown-status', ...PINNED]))
      expect(found).toMatchObject({ exitCode: 1, verdict: 'invalid' })
    }
  })

  it.each([
    ['expired', { expires_at: '2025-02-01T00:00:00.000Z' }, 'expired'],
    ['of test mode', { livemode: false }, 'test_mode'],
    ['issued before its key was valid', { issued_at: '2024-12-01T00:00:00.000Z' }, 'key_not_valid_at_issue'],
  ])('%s', async (_name, changes, reason) => {
    const { verify } = await setUp(await signCertificate(keys, changes))
    const found = await verdictOf(verify(['certificate.json', '--json', '--allow-unknown-status', ...PINNED]))
    expect(found).toMatchObject({ exitCode: 1, verdict: 'invalid' })
    expect(found.reasons).toContain(reason)
  })
})

describe('a trust root that cannot be used decides nothing', () => {
  it.each<[string, () => Promise<string>, string]>([
    ['signed by another root key', () => signTrustRoot(keys, {}, keys.otherRoot), 'trust_root_not_pinned'],
    ['expired', () => signTrustRoot(keys, { expires_at: '2025-02-01T00:00:00.000Z' }), 'trust_root_expired'],
    ['that is none', async () => '{}', 'trust_root_malformed'],
    ['that is no JSON', async () => '<html>', 'trust_root_malformed'],
  ])('%s', async (_name, trustRoot, reason) => {
    const { verify } = await setUp(undefined, await trustRoot())
    expect(
      await verdictOf(verify(['certificate.json', '--json', '--allow-unknown-status', ...PINNED])),
    ).toMatchObject({
      exitCode: 1,
      verdict: 'indeterminate',
      reasons: [reason, 'status_unavailable'],
      signature_valid: false,
      certificate_id: null,
      trust_root: { accepted: false },
    })
  })

  it('rolled back: older than one that was accepted before', async () => {
    const { folder, write, verify } = await setUp(undefined, await signTrustRoot(keys, { version: 7 }))
    const args = ['certificate.json', '--json', '--allow-unknown-status', ...PINNED]
    expect(await verdictOf(verify(args))).toMatchObject({ exitCode: 0, trust_root: { version: 7 } })
    const store = JSON.parse(readFileSync(join(folder, '.config/coderisk/trust.json'), 'utf8'))
    expect(store.highest_versions).toEqual({ [thumbprint(keys.rootJwk)]: 7 })
    write('trust-root.json', await signTrustRoot(keys, { version: 6 }))
    expect(await verdictOf(verify(args))).toMatchObject({
      exitCode: 1,
      verdict: 'indeterminate',
      reasons: ['trust_root_rolled_back', 'status_unavailable'],
    })
    write('trust-root.json', await signTrustRoot(keys, { version: 7 }))
    expect((await verify(args)).code).toBe(0)
  })

  it('that was refused is not remembered', async () => {
    const forged = await signTrustRoot(keys, { version: 99 }, keys.otherRoot)
    const { folder, verify } = await setUp(undefined, forged)
    await verify(['certificate.json', ...PINNED])
    expect(existsSync(join(folder, '.config/coderisk/trust.json'))).toBe(false)
  })
})

describe('the code', () => {
  async function certificateOf(files: { path: string; content: string }[]) {
    const code_hash = await hashFiles(files)
    return signCertificate(keys, {
      code_hash,
      files_changed: [...files.map((file) => file.path), 'gone'],
      files_deleted: ['gone'],
    })
  }

  const FILES = [
    { path: 'src/a.ts', content: 'a\r\n' },
    { path: 'b.ts', content: '\ufeffb' },
  ]
  const ACCEPT = ['--json', '--allow-unknown-status', ...PINNED]

  it.each([
    ['files, in any order', ['--files', 'src/a.ts', 'b.ts']],
    ['files, each with its option', ['--files', 'b.ts', '--files', './src/a.ts']],
    ['the folder that holds them', ['--files', '.']],
    ['what follows the certificate', ['src/a.ts', 'b.ts']],
  ])('is compared by %s', async (_name, args) => {
    const { folder, verify } = await setUp(await certificateOf(FILES))
    const repository = new TestRepository(folder)
    for (const { path, content } of FILES) repository.write(path, content)
    expect(await verdictOf(verify(['certificate.json', ...ACCEPT, ...args]))).toMatchObject({
      exitCode: 0,
      reasons: ['status_unavailable'],
    })
    repository.write('b.ts', 'other')
    const found = await verdictOf(verify(['certificate.json', ...ACCEPT, ...args]))
    expect(found).toMatchObject({
      exitCode: 1,
      verdict: 'invalid',
      reasons: ['status_unavailable', 'code_hash_mismatch'],
    })
  })

  it('is compared as one piece with --code', async () => {
    const certificate = await signCertificate(keys, {
      code_hash: await hashCode('one piece'),
      code_hash_method: 'sha256',
    })
    const { write, verify } = await setUp(certificate)
    write('piece', 'one piece')
    expect((await verify(['certificate.json', ...ACCEPT, '--code', 'piece'])).code).toBe(0)
    write('piece', 'one piece\n')
    expect((await verify(['certificate.json', ...ACCEPT, '--code', 'piece'])).code).toBe(1)
    expect((await verify(['certificate.json', ...ACCEPT, '--files', 'piece'])).code).toBe(2)
  })

  it.each([
    [['--files', 'missing'], 'there is no file missing'],
    [['--code', 'certificate.json'], 'give --files, not --code'],
    [['--files', 'a', '--code', 'b'], 'not both'],
  ])('%j is exit code 2', async (args, words) => {
    const { verify } = await setUp(await certificateOf(FILES))
    const run = await verify(['certificate.json', ...ACCEPT, ...args])
    expect(run).toMatchObject({ code: 2, stdout: '' })
    expect(run.stderr).toContain(words)
  })
})

describe('what offline cannot be', () => {
  it.each([
    [[CERTIFICATE_ID, ...PINNED], 'needs the certificate itself'],
    [['certificate.json'], 'no network root key is pinned'],
    [['certificate.json', '--root-key', 'missing.json'], 'cannot be read'],
    [['certificate.json', '--root-key', '{"kty":"RSA"}'], 'is not a public Ed25519 key'],
    [['missing.json', ...PINNED], 'neither a certificate id nor a file'],
    [['certificate.json', 'second.json', ...PINNED], 'there is no file second.json'],
  ])('%j is exit code 2', async (args, words) => {
    const { verify } = await setUp()
    const run = await verify(args)
    expect(run).toMatchObject({ code: 2, stdout: '' })
    expect(run.stderr).toContain(words)
  })

  it('a private key is never taken for the root key', async () => {
    const { verify } = await setUp()
    const withPrivatePart = JSON.stringify({ ...keys.rootJwk, d: 'x' })
    expect((await verify(['certificate.json', '--root-key', withPrivatePart])).code).toBe(2)
  })

  it('a damaged trust.json is not passed over: it holds the pin', async () => {
    const { folder, verify } = await setUp()
    const first = await verify(['certificate.json', '--allow-unknown-status', ...PINNED])
    expect(first.code).toBe(0)
    writeFileSync(join(folder, '.config/coderisk/trust.json'), '{')
    const run = await verify(['certificate.json', '--allow-unknown-status', ...PINNED])
    expect(run.code).toBe(2)
    expect(run.stderr).toContain('is damaged')
  })
})
