import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { log as logCommand } from '../../../../cli/commands/log.ts'
import {
  canonicalBytes,
  issuedLogEntry,
  signedMembers,
  type TrustRoot,
  toHex,
  utf8,
} from '../../../../core/verify/index.ts'
import { problemDocument } from '../../../../schema/wire/problems.ts'
import { serveLog } from '../log/log-server.ts'
import {
  type BuiltLog,
  buildLog,
  generateLogKey,
  generateWitness,
  hexOf,
  type LogKey,
  type Objects,
  replace,
  sampleEntries,
  sampleEntry,
  signCheckpoint,
  tamper,
} from '../log/log-support.ts'
import { runCommand } from '../run-command.ts'
import {
  CERTIFICATE_ID,
  type CliRun,
  isolatedEnv,
  runCli,
  type ScriptedAnswer,
  sampleCertificate,
  startFakeNetwork,
  temporaryFolder,
} from '../support.ts'
import { generateNetworkKeys, type NetworkKeys, signTrustRoot } from '../trust-support.ts'

let key: LogKey
let log: BuiltLog
let keys: NetworkKeys

beforeAll(async () => {
  key = await generateLogKey()
  log = await buildLog(sampleEntries(300), key)
  keys = await generateNetworkKeys()
}, 60_000)

interface Setup {
  readonly folder: string
  readonly url: string
  run(args: string[]): Promise<CliRun>
  fsck(...args: string[]): Promise<CliRun>
}

async function setUp(objects: Objects = log.objects): Promise<Setup> {
  const folder = temporaryFolder(onTestFinished)
  const server = await serveLog(objects)
  onTestFinished(() => server.close())
  const env = isolatedEnv(folder, { CODERISK_URL: 'http://127.0.0.1:1' })
  const run = (args: string[]) => runCommand(logCommand, args, { cwd: folder, env })
  const fsck = (...args: string[]) => run(['fsck', server.url, '--vkey', key.verifier.text, ...args])
  return { folder, url: server.url, run, fsck }
}

describe('fsck', () => {
  it('of a log with nothing wrong is exit code 0', async () => {
    const { fsck } = await setUp()
    const run = await fsck()
    expect(run).toMatchObject({ code: 0, stderr: '' })
    expect(run.stdout).toContain('✓ nothing is wrong  log.example/log')
    expect(run.stdout).toContain(`300 entries, root ${toHex(log.root)}`)
  })

  it('is a command of the program, whose exit code says the same', async () => {
    const { folder, url } = await setUp(tamper(log.objects, 'tile/entries/000', 120))
    const args = ['log', 'fsck', url, '--vkey', key.verifier.text]
    const run = await runCli(args, { cwd: folder, env: isolatedEnv(folder) })
    expect(run).toMatchObject({ code: 1, stderr: '' })
    expect(run.stdout).toContain('tile/entries/000: entry 0 has another hash  (entry_mismatch)')
  })

  it('with --json is one document', async () => {
    const { fsck, url } = await setUp()
    const { code, stdout, stderr } = await fsck('--json')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toEqual({
      url,
      ok: true,
      origin: 'log.example/log',
      size: 300,
      root_hash: toHex(log.root),
      checkpoint: new TextDecoder().decode(log.objects.get('checkpoint')),
      read: { entries: 300, objects: 6, bytes: expect.any(Number) },
      entry_types: { 'certificate.issued': 300 },
      earlier: null,
      witnesses: null,
      certificates: null,
      fault_count: 0,
      faults: [],
      notes: [],
      interrupted: null,
    })
  })

  it('of a log with a fault is exit code 1, and says what, where, and what instead', async () => {
    const { fsck } = await setUp(tamper(log.objects, 'tile/0/000'))
    const run = await fsck()
    expect(run.code).toBe(1)
    expect(run.stdout).toContain('✗ 1 fault')
    expect(run.stdout).toContain('tile/0/000: its hash 1 is not the one of what is below it  (tile_mismatch)')
    expect(run.stdout).toContain(`expected ${hexOf(sampleEntry(1))}`)
  })

  it('prints nothing of a hostile log that moves the cursor', async () => {
    const hostile = '\u001b[2J\u202e\u009b31m'
    const entries = [sampleEntry(0, { type: `x${hostile}` }), utf8(hostile)]
    const { fsck } = await setUp((await buildLog(entries, key)).objects)
    const run = await fsck()
    expect(run.code).toBe(1)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that there is none is the point
    expect(run.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
  })

  it('of a log that cannot be read is exit code 3', async () => {
    const { run } = await setUp()
    const away = await run(['fsck', 'http://127.0.0.1:1/log', '--vkey', key.verifier.text])
    expect(away.code).toBe(3)
    expect(away.stdout).toContain('could not be checked')
    expect(away.stdout).toContain('127.0.0.1:1/log/checkpoint')
  })

  it('of a log by another key is exit code 1', async () => {
    const { run, url } = await setUp()
    const other = await generateLogKey()
    const found = await run(['fsck', url, '--vkey', other.verifier.text])
    expect(found.code).toBe(1)
    expect(found.stdout).toContain('checkpoint_invalid')
  })

  it.each([
    [[], 'say where the log is'],
    [['http://log.example/log'], 'must be reached over https'],
    [['https://log.example/log', 'more'], 'one too many'],
    [['http://127.0.0.1:1/log', '--concurrency', '0'], 'from 1 to 64'],
    [['http://127.0.0.1:1/log', '--from-checkpoint', 'missing'], 'cannot be read'],
    [['http://127.0.0.1:1/log', '--witness-policy', 'missing'], 'cannot be read'],
    [['http://127.0.0.1:1/log', '--organisation'], 'needs an API key'],
  ])('%j is exit code 2', async (args, words) => {
    const { run } = await setUp()
    const found = await run(['fsck', ...args, '--vkey', key.verifier.text])
    expect(found).toMatchObject({ code: 2, stdout: '' })
    expect(found.stderr).toContain(words)
  })

  it.each(['x', 'log.example/log+00000000+AAAA'])('--vkey %s is exit code 2', async (vkey) => {
    const { run, url } = await setUp()
    expect((await run(['fsck', url, '--vkey', vkey])).code).toBe(2)
  })

  it('refuses the key of a witness as the key of a log', async () => {
    const { run, url } = await setUp()
    const witness = await generateWitness('log.example/log')
    expect((await run(['fsck', url, '--vkey', witness.verifier.text])).code).toBe(2)
  })
})

describe('a saved checkpoint', () => {
  const SAVED = ['--from-checkpoint', 'saved', '--save-checkpoint', 'saved']

  it('is made the first time, and moves with the log', async () => {
    const objects = new Map(log.objects)
    const { folder, fsck } = await setUp(objects)
    const saved = () => readFileSync(join(folder, 'saved'), 'utf8')
    expect((await fsck(...SAVED)).code).toBe(0)
    expect(saved()).toContain('\n300\n')
    for (const [path, bytes] of (await buildLog(sampleEntries(513), key)).objects) objects.set(path, bytes)
    const run = await fsck(...SAVED)
    expect(run).toMatchObject({ code: 0, stderr: '' })
    expect(run.stdout).toContain('continues the checkpoint of 300 entries')
    expect(saved()).toContain('\n513\n')
  })

  it.each<[string, () => Promise<BuiltLog>, string]>([
    ['rolled back', () => buildLog(sampleEntries(299), key), 'log_rolled_back'],
    ['forked', () => buildLog([sampleEntry(999), ...sampleEntries(300)], key), 'log_forked'],
    ['forked at one size', () => buildLog(sampleEntries(300).with(7, sampleEntry(999)), key), 'log_forked'],
  ])('shows that a log is %s, and stays', async (_name, build, code) => {
    const { folder, fsck } = await setUp((await build()).objects)
    const before = new TextDecoder().decode(log.objects.get('checkpoint'))
    writeFileSync(join(folder, 'saved'), before)
    const run = await fsck(...SAVED)
    expect(run.code).toBe(1)
    expect(run.stdout).toContain(code)
    expect(readFileSync(join(folder, 'saved'), 'utf8')).toBe(before)
  })

  it('is not made of a log with a fault', async () => {
    const { folder, fsck } = await setUp(tamper(log.objects, 'tile/1/000.p/1', 31))
    expect((await fsck('--save-checkpoint', 'saved')).code).toBe(1)
    expect(existsSync(join(folder, 'saved'))).toBe(false)
  })

  it('of another log is exit code 2', async () => {
    const { folder, fsck } = await setUp()
    const other = await buildLog([], await generateLogKey())
    writeFileSync(join(folder, 'saved'), other.objects.get('checkpoint')!)
    const run = await fsck('--from-checkpoint', 'saved')
    expect(run.code).toBe(2)
    expect(run.stderr).toContain('is no checkpoint that log.example/log signed')
  })
})

describe('by the trust root', () => {
  async function trustRootOf(url: string, changes: Partial<NonNullable<TrustRoot['log']>> = {}) {
    return signTrustRoot(keys, {
      log: {
        origin: key.verifier.name,
        verifier_key: key.verifier.text,
        url,
        witness_policy: 'quorum none\n',
        witness_failure: 'open',
        ...changes,
      },
    })
  }

  it('needs neither a URL nor a key', async () => {
    const { folder, url, run } = await setUp()
    writeFileSync(join(folder, 'root.json'), await trustRootOf(url))
    const args = ['--trust-root', 'root.json', '--root-key', JSON.stringify(keys.rootJwk)]
    expect(await run(['fsck', ...args])).toMatchObject({ code: 0, stderr: '' })
    const shown = await run(['show', ...args])
    expect(shown).toMatchObject({ code: 0, stderr: '' })
    expect(shown.stdout).toContain('log.example/log: 300 entries, signed by its key')
  })

  it.each([
    ['open', 0],
    ['closed', 1],
  ] as const)('witness_failure %s without a quorum is exit code %i', async (witness_failure, code) => {
    const { folder, url, run } = await setUp()
    const witness = await generateWitness('witness.example')
    const witness_policy = `witness one ${witness.verifier.text}\nquorum one\n`
    writeFileSync(join(folder, 'root.json'), await trustRootOf(url, { witness_policy, witness_failure }))
    const args = ['--trust-root', 'root.json', '--root-key', JSON.stringify(keys.rootJwk)]
    expect((await run(['fsck', ...args])).code).toBe(code)
    expect((await run(['show', ...args])).code).toBe(code)
  })

  it('that another root key signed is refused', async () => {
    const { folder, url, run } = await setUp()
    writeFileSync(join(folder, 'root.json'), await trustRootOf(url))
    const args = ['--trust-root', 'root.json', '--root-key', JSON.stringify(keys.otherRootJwk)]
    const refused = await run(['fsck', ...args])
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toContain('the pinned root key did not sign this trust root')
  })

  it('that names no log says what to give', async () => {
    const { folder, run } = await setUp()
    writeFileSync(join(folder, 'root.json'), await signTrustRoot(keys))
    const args = ['--trust-root', 'root.json', '--root-key', JSON.stringify(keys.rootJwk)]
    const refused = await run(['fsck', ...args])
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('names no log')
  })
})

it('--witness-policy asks for its quorum', async () => {
  const witness = await generateWitness('witness.example')
  const checkpoint = await signCheckpoint(key, { size: 300, root: log.root }, [
    { key: witness, time: 1_795_219_200 },
  ])
  const policy = `witness one ${witness.verifier.text}\nquorum one\n`
  for (const [objects, code] of [
    [log.objects, 1],
    [replace(log.objects, 'checkpoint', utf8(checkpoint)), 0],
  ] as const) {
    const { folder, fsck } = await setUp(objects)
    writeFileSync(join(folder, 'policy'), policy)
    expect((await fsck('--witness-policy', 'policy')).code).toBe(code)
    writeFileSync(join(folder, 'policy'), `${policy}quorum two\n`)
    const refused = await fsck('--witness-policy', 'policy')
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('line 3')
  }
})

describe('--organisation', () => {
  const listed = sampleCertificate({ issued_at: '2026-11-01T00:00:00.000Z' })

  async function withNetwork(answer: (url: string) => ScriptedAnswer, issued = true) {
    const { bytes } = await issuedLogEntry(listed, canonicalBytes(signedMembers({ ...listed })))
    const setup = await setUp(
      (await buildLog([...sampleEntries(3), ...(issued ? [bytes] : [])], key)).objects,
    )
    const network = await startFakeNetwork(({ url }) => answer(url))
    onTestFinished(() => network.close())
    const run = await setup.fsck('--organisation', '--url', network.url, '--api-key', 'cr_live_private')
    return { run, requests: network.requests }
  }

  it('asks for every page of its certificates, with the key', async () => {
    const { run, requests } = await withNetwork((url) => ({
      status: 200,
      json: url.includes('cursor')
        ? { data: [], next_cursor: null }
        : { data: [listed], next_cursor: 'next' },
    }))
    expect(run).toMatchObject({ code: 0, stderr: '' })
    expect(run.stdout).toContain('1 of 1 are in the log; 0 revoked')
    expect(requests.map(({ url }) => url)).toEqual([
      '/v1/trust/certs?limit=10',
      '/v1/trust/certs?limit=10&cursor=next',
    ])
    expect(requests[0]!.headers.authorization).toBe('Bearer cr_live_private')
  })

  it('finds the certificate that the log lacks', async () => {
    const page = { data: [listed], next_cursor: null }
    const { run } = await withNetwork(() => ({ status: 200, json: page }), false)
    expect(run.code).toBe(1)
    expect(run.stdout).toContain(
      `${CERTIFICATE_ID}: the log has no entry of its issue  (certificate_missing)`,
    )
  })

  it.each<[string, ScriptedAnswer]>([
    ['that refuses the key', { status: 401, json: problemDocument('api_key_invalid', 'req_1') }],
    ['that answers with something else', { status: 200, json: { data: [{}], next_cursor: null } }],
    ['whose pages never end', { status: 200, json: { data: [], next_cursor: 'same' } }],
  ])('of a network %s is exit code 3', async (_name, answer) => {
    const { run } = await withNetwork(() => answer)
    expect(run.code).toBe(3)
    expect(run.stdout).toContain('Interrupted')
  })
})
