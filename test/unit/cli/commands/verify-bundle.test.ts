import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { verify as verifyCommand } from '../../../../cli/commands/verify.ts'
import { hashFiles, type TrustRoot } from '../../../../core/verify/index.ts'
import {
  makeBundle,
  makeNetwork,
  makeProof,
  makeToken,
  NOW,
  networkTrustRoot,
  oneWitness,
  signTrustRoot,
  type TestNetwork,
  trustRootLog,
} from '../../core/verify/bundle-fixtures.ts'
import { makeCertificate, signedJson } from '../../core/verify/fixtures.ts'
import { runCommand } from '../run-command.ts'
import { type CliRun, isolatedEnv, runCli, temporaryFolder } from '../support.ts'
import { thumbprint } from '../trust-support.ts'

const ID = makeCertificate().certificate_id
const DAY_MS = 86_400_000

let network: TestNetwork
let attacker: TestNetwork

beforeAll(() => {
  network = makeNetwork()
  attacker = makeNetwork()
}, 120_000)

const root = (more: Partial<TrustRoot> = {}) => signTrustRoot(network.root, networkTrustRoot(network, more))

interface Setup {
  readonly folder: string
  write(name: string, content: unknown): void
  verify(args: string[], options?: { now?: Date; env?: Record<string, string> }): Promise<CliRun>
}

/** A folder with a bundle, and the pinned root key; nothing in it can reach a network. */
function setUp(more: Record<string, unknown> = {}): Setup {
  const folder = temporaryFolder(onTestFinished)
  const write = (name: string, content: unknown) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
  write('bundle.json', makeBundle(network, more))
  const verify: Setup['verify'] = (args, { now = NOW, env = {} } = {}) =>
    runCommand(verifyCommand, args, {
      cwd: folder,
      // A network that cannot be: asking it would fail with exit code 3.
      env: isolatedEnv(folder, {
        CODERISK_URL: 'http://127.0.0.1:1',
        CODERISK_ROOT_KEY: JSON.stringify(network.root.jwk),
        ...env,
      }),
      now,
    })
  return { folder, write, verify }
}

async function verdictOf(run: Promise<CliRun>) {
  const { code, stdout, stderr } = await run
  expect(stderr).toBe('')
  return { exitCode: code, ...JSON.parse(stdout) }
}

describe('a good bundle', () => {
  it('is valid with no network, and says all that it rests on', async () => {
    const { verify } = setUp()
    const passed = { result: 'passed', reason: null }
    expect(await verdictOf(verify(['bundle.json', '--json'], { now: new Date(NOW.getTime() + 1) }))).toEqual({
      exitCode: 0,
      certificate_id: ID,
      verdict: 'valid',
      reasons: [],
      status: 'valid',
      issued_at: '2026-11-21T00:00:00.000Z',
      expires_at: '2026-12-21T00:00:00.000Z',
      risk_level: 'LOW',
      risk_score: 3,
      confidence: 0.4,
      ai_tool: 'claude-code-v1.0',
      verification_url: `https://network.example/certs/${ID}`,
      signature_valid: true,
      status_as_of: NOW.toISOString(),
      status_source: 'signed_status_list',
      revoked_at: null,
      revocation_reason: null,
      checks: {
        signature: passed,
        key_validity: passed,
        expiry: passed,
        status: passed,
        log: passed,
        witnesses: { result: 'not_evaluated', reason: 'no_witnesses_required' },
      },
      offline: true,
      trust_root: {
        accepted: true,
        reason: null,
        root_key: thumbprint(network.root.jwk),
        version: 7,
        expires_at: '2026-12-20T00:00:00.000Z',
      },
      log: { index: 5, tree_size: 11 },
    })
  })

  it('says in words how old its status is, and where the log has it', async () => {
    const log = trustRootLog(network, { witness_policy: oneWitness(network) })
    const certificate = signedJson(network.key)
    const log_proof = makeProof(network.log, certificate, { witnesses: [network.witnesses[0]] })
    const { verify } = setUp({ trust_root: root({ log }), log_proof })
    const { code, stdout, stderr } = await verify(['bundle.json'], {
      now: new Date(NOW.getTime() + 3 * 3_600_000),
    })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(`✓ valid  ${ID}`)
    expect(stdout).toMatch(
      /✓ Revocation status +not revoked as of 2026-11-25T12:00:00.000Z \(3 hours ago, from the signed/,
    )
    expect(stdout).toMatch(/✓ Transparency log +entry 5 of a tree of 11/)
    expect(stdout).toMatch(/✓ Witnesses +enough of them/)
    expect(stdout).toMatch(/✓ Trust root +version 7, good until 2026-12-20/)
  })

  it('is recognised by what it says that it is, from stdin too', async () => {
    const farAway = '2099-01-01T00:00:00.000Z'
    const certificate = signedJson(network.key, makeCertificate({ expires_at: farAway }))
    const { folder } = setUp()
    const bundle = makeBundle(network, {
      certificate,
      trust_root: root({ expires_at: farAway }),
      status_list: makeToken(network.key, { issuedAt: new Date() }),
    })
    const env = isolatedEnv(folder, {
      CODERISK_URL: 'http://127.0.0.1:1',
      CODERISK_ROOT_KEY: JSON.stringify(network.root.jwk),
    })
    const run = await runCli(['verify', '-'], { cwd: folder, env, input: JSON.stringify(bundle) })
    expect(run).toMatchObject({ code: 0, stderr: '' })
  })
})

describe('a bundle that does not hold is exit code 1', () => {
  it.each<[string, () => Record<string, unknown>, string, string]>([
    ['revoked', () => ({ status_list: makeToken(network.key, { revoked: [5] }) }), 'invalid', 'revoked'],
    [
      'tampered',
      () => ({ certificate: { ...signedJson(network.key), risk_score: 0 } }),
      'invalid',
      'signature_invalid',
    ],
    [
      'with a proof of another log',
      () => ({ log_proof: makeProof(attacker.log, signedJson(network.key)) }),
      'invalid',
      'log_proof_invalid',
    ],
    [
      'with a status list by another key',
      () => ({ status_list: makeToken(attacker.key) }),
      'indeterminate',
      'status_token_invalid',
    ],
    ['of another version', () => ({ schema_version: '2.0' }), 'invalid', 'malformed'],
  ])('%s', async (_name, more, verdict, reason) => {
    const { verify } = setUp(more())
    const found = await verdictOf(verify(['bundle.json', '--json', '--allow-unknown-status']))
    expect(found).toMatchObject({ exitCode: 1, verdict })
    expect(found.reasons).toContain(reason)
  })

  it('whose status has run out, unless that is allowed', async () => {
    const { verify } = setUp()
    const now = new Date(NOW.getTime() + 2 * DAY_MS)
    const run = await verify(['bundle.json'], { now })
    expect(run.code).toBe(1)
    expect(run.stdout).toContain('the last known status is too old to decide')
    expect((await verify(['bundle.json', '--allow-unknown-status'], { now })).code).toBe(0)
  })
})

describe('the trust root of a bundle', () => {
  it('that vouches for itself proves nothing, and nothing of it is kept', async () => {
    const { folder, write, verify } = setUp()
    write('bundle.json', makeBundle(attacker))
    expect(await verdictOf(verify(['bundle.json', '--json']))).toMatchObject({
      exitCode: 1,
      verdict: 'indeterminate',
      reasons: ['trust_root_not_pinned', 'status_unavailable'],
      signature_valid: false,
      certificate_id: null,
      trust_root: { accepted: false, reason: 'trust_root_not_pinned', version: null },
    })
    expect(existsSync(join(folder, '.config'))).toBe(false)
    const { stdout } = await verify(['bundle.json'])
    expect(stdout).toMatch(/✗ Trust root +the pinned root key did not sign this trust root/)
  })

  it('needs a pinned root key', async () => {
    const { verify } = setUp()
    const run = await verify(['bundle.json'], { env: { CODERISK_ROOT_KEY: '' } })
    expect(run).toMatchObject({ code: 2, stdout: '' })
    expect(run.stderr).toContain('no network root key is pinned')
  })

  it('is remembered and kept: an older bundle is verified by the newer one', async () => {
    const { folder, write, verify } = setUp({ trust_root: root({ version: 9 }) })
    write('older.json', makeBundle(network))
    expect((await verify(['bundle.json'])).code).toBe(0)
    const store = JSON.parse(readFileSync(join(folder, '.config/coderisk/trust.json'), 'utf8'))
    expect(store.highest_versions).toEqual({ [thumbprint(network.root.jwk)]: 9 })
    expect(await verdictOf(verify(['older.json', '--json']))).toMatchObject({
      exitCode: 0,
      trust_root: { accepted: true, version: 9 },
    })
    rmSync(join(folder, '.config/coderisk/trust-root.json'))
    expect(await verdictOf(verify(['older.json', '--json']))).toMatchObject({
      exitCode: 1,
      verdict: 'indeterminate',
      reasons: ['trust_root_rolled_back', 'status_unavailable'],
      trust_root: { accepted: false, reason: 'trust_root_rolled_back' },
    })
  })

  it('counts for every bundle that is verified with it, whatever the order', async () => {
    const compromised = { ...network.key.entry, state: 'compromised' as const }
    const { write, verify } = setUp()
    write('newer.json', makeBundle(network, { trust_root: root({ version: 9, keys: [compromised] }) }))
    const { results } = await verdictOf(verify(['bundle.json', 'newer.json', '--json']))
    for (const result of results) {
      expect(result).toMatchObject({ verdict: 'invalid', trust_root: { version: 9 } })
      expect(result.reasons).toContain('key_compromised')
    }
  })

  it('gives way to the saved one, if that is newer', async () => {
    const { write, verify } = setUp()
    write('.config/coderisk/trust-root.json', root({ version: 8 }))
    expect(await verdictOf(verify(['bundle.json', '--json']))).toMatchObject({
      exitCode: 0,
      trust_root: { version: 8 },
    })
  })

  it('that has expired gives way to a saved one that has not', async () => {
    const { write, verify } = setUp({ trust_root: root({ expires_at: '2026-11-24T00:00:00.000Z' }) })
    expect(await verdictOf(verify(['bundle.json', '--json']))).toMatchObject({
      exitCode: 1,
      trust_root: { reason: 'trust_root_expired' },
    })
    write('saved.json', root({ version: 8 }))
    expect((await verify(['bundle.json', '--trust-root', 'saved.json'])).code).toBe(0)
  })

  it('does not take the place of one that is saved for another network', async () => {
    const { folder, write, verify } = setUp()
    const foreign = JSON.stringify(signTrustRoot(attacker.root, networkTrustRoot(attacker)))
    write('.config/coderisk/trust-root.json', foreign)
    expect((await verify(['bundle.json'])).code).toBe(0)
    expect(readFileSync(join(folder, '.config/coderisk/trust-root.json'), 'utf8')).toBe(foreign)
    const run = await verify(['bundle.json', '--trust-root', '.config/coderisk/trust-root.json'])
    expect(run).toMatchObject({ code: 2, stdout: '' })
    expect(run.stderr).toContain('the pinned root key did not sign this trust root')
  })
})

describe('the code', () => {
  const FILES = [
    { path: 'src/a.ts', content: 'a' },
    { path: 'b.ts', content: 'b' },
  ]

  async function withCode(): Promise<Setup> {
    const certificate = signedJson(
      network.key,
      makeCertificate({ code_hash: await hashFiles(FILES), files_changed: FILES.map(({ path }) => path) }),
    )
    const setup = setUp({ certificate })
    for (const { path, content } of FILES) setup.write(path, content)
    return setup
  }

  it.each([
    ['files', ['src/a.ts', 'b.ts']],
    ['files, after --files', ['--files', 'src/a.ts', 'b.ts']],
    ['the folder that holds them', ['.']],
  ])('is compared by %s', async (_name, args) => {
    const { write, verify } = await withCode()
    const run = await verify(['bundle.json', ...args])
    expect(run).toMatchObject({ code: 0, stderr: '' })
    expect(run.stdout).toMatch(/✓ Code +is what was certified \(2 files/)
    write('b.ts', 'other')
    expect(await verdictOf(verify(['bundle.json', '--json', ...args]))).toMatchObject({
      exitCode: 1,
      verdict: 'invalid',
      reasons: ['code_hash_mismatch'],
      checks: { code_hash: { result: 'failed', reason: 'code_hash_mismatch' } },
      code: { matches: false, files: 2, certified: await hashFiles(FILES) },
    })
  })

  it('of which a file is missing is another', async () => {
    const { verify } = await withCode()
    const found = await verdictOf(verify(['bundle.json', '--json', 'b.ts']))
    expect(found).toMatchObject({ exitCode: 1, reasons: ['code_files_missing'] })
  })

  it('that is right makes no other check better', async () => {
    const { write, verify } = await withCode()
    write('bundle.json', {
      ...JSON.parse(readFileSync(join((await withCode()).folder, 'bundle.json'), 'utf8')),
      status_list: makeToken(network.key, { revoked: [5] }),
    })
    const found = await verdictOf(verify(['bundle.json', '--json', '.']))
    expect(found).toMatchObject({ exitCode: 1, verdict: 'invalid', code: { matches: true } })
  })

  it.each([
    [['bundle.json', 'missing.ts'], 'there is no file missing.ts'],
    [['bundle.json', '--code', 'b.ts'], 'give --files, not --code'],
    [['bundle.json', 'b.ts', '--code', 'b.ts'], 'not both'],
  ])('%j is exit code 2', async (args, words) => {
    const { verify } = await withCode()
    const run = await verify(args)
    expect(run).toMatchObject({ code: 2, stdout: '' })
    expect(run.stderr).toContain(words)
  })
})
