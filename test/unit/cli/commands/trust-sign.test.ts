import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JWK } from 'jose'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { trust } from '../../../../cli/commands/trust.ts'
import { openTrustRoot, type TrustRoot } from '../../../../core/verify/index.ts'
import { runCommand } from '../run-command.ts'
import {
  isolatedEnv,
  type ReceivedRequest,
  runCli,
  type ScriptedAnswer,
  startFakeNetwork,
  temporaryFolder,
} from '../support.ts'
import { generateNetworkKeys, KID, type NetworkKeys, signTrustRoot, thumbprint } from '../trust-support.ts'

let keys: NetworkKeys
let current: TrustRoot
let currentText: string
beforeAll(async () => {
  keys = await generateNetworkKeys()
  currentText = await signTrustRoot(keys)
  current = JSON.parse(Buffer.from(JSON.parse(currentText).payload, 'base64url').toString())
}, 60_000)

const NEW_KID = 'key-202702-0a0b0c0d'
/** What follows: the key is compromised, and another is there. */
function nextTrustRoot(change: object = {}): TrustRoot {
  const [key] = current.keys
  return {
    ...current,
    version: 6,
    issued_at: '2026-11-21T00:00:00.000Z',
    keys: [
      { ...key!, state: 'compromised', valid_to: '2026-11-20T00:00:00.000Z', compromised_log_index: 41 },
      { ...key!, kid: NEW_KID, valid_from: '2026-11-20T00:00:00.000Z' },
    ],
    ...change,
  } as TrustRoot
}

function draftOf(root: object, signed: string | null = currentText): string {
  const of = signed && { version: 5, expires_at: current.expires_at, signed: JSON.parse(signed) }
  return JSON.stringify({
    version: (root as TrustRoot).version,
    payload: JSON.stringify(root),
    due: true,
    current: of,
  })
}

async function setUp(draft = draftOf(nextTrustRoot())) {
  const folder = temporaryFolder(onTestFinished)
  const write = (name: string, text: string, mode = 0o600) =>
    writeFileSync(join(folder, name), text, { mode })
  write('root.jwk', JSON.stringify(await privateJwk(keys.root)))
  write('draft.json', draft)
  const env = isolatedEnv(folder, {
    CODERISK_URL: 'http://127.0.0.1:1',
    CODERISK_API_KEY: 'cr_live_operator',
  })
  const sign = (args: string[], more: Record<string, string> = {}) =>
    runCommand(trust, ['sign', ...args], { cwd: folder, env: { ...env, ...more } })
  return { folder, env, write, sign, read: (name: string) => readFileSync(join(folder, name), 'utf8') }
}

async function privateJwk(pair: CryptoKeyPair): Promise<JWK> {
  return (await crypto.subtle.exportKey('jwk', pair.privateKey)) as JWK
}

const FROM_FILE = ['--key', 'root.jwk', '--draft', 'draft.json']

async function open(text: string): Promise<TrustRoot> {
  const opened = await openTrustRoot(JSON.parse(text), keys.rootJwk, { now: new Date() })
  if (!opened.ok) throw new Error(opened.reason)
  return opened.trustRoot
}

describe('trust sign, without a network', () => {
  it('signs the draft to the byte, in the form in which verifiers take it', async () => {
    const root = nextTrustRoot()
    const { sign, read } = await setUp()
    const run = await sign([...FROM_FILE, '--yes', '--out', 'signed.json'])
    expect(run).toMatchObject({ code: 0 })
    const signed = JSON.parse(read('signed.json'))
    expect(Buffer.from(signed.payload, 'base64url').toString()).toBe(JSON.stringify(root))
    expect(JSON.parse(Buffer.from(signed.protected, 'base64url').toString())).toEqual({
      alg: 'EdDSA',
      typ: 'coderisk-trust-root+json',
    })
    expect(await open(read('signed.json'))).toEqual(root)
  })

  it('prints what it signed, and nothing else on stdout, where no file is named', async () => {
    const { sign } = await setUp()
    const { stdout } = await sign([...FROM_FILE, '--yes'])
    expect(await open(stdout)).toEqual(nextTrustRoot())
  })

  it('shows first what changes: keys, log, witnesses, expiry', async () => {
    const { sign } = await setUp()
    const { stderr } = await sign([...FROM_FILE, '--yes'])
    expect(stderr).toContain(`Root key      ${thumbprint(keys.rootJwk)}`)
    expect(stderr).toContain('Version       6, to follow version 5')
    expect(stderr).toContain('Expires       2099-01-01 00:00 UTC (in ')
    expect(stderr).toMatch(new RegExp(`- ${KID} active, from `))
    expect(stderr).toMatch(
      new RegExp(`\\+ ${KID} compromised, .* to 2026-11-20T00:00:00.000Z, good below log index 41`),
    )
    expect(stderr).toMatch(new RegExp(`\\+ ${NEW_KID} active`))
    expect(stderr).toMatch(/Log +none/)
    expect(stderr).not.toContain('another root key')
  })

  it.each<[string, object, RegExp]>([
    [
      'the public half of a key under the same name',
      { keys: [{ jwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } }] },
      /- key-202611-1a2b3c4d active.*\n +\+ key-202611-1a2b3c4d active/,
    ],
    ['the PEM of a key', { keys: [{ pem: 'other' }] }, /\+ key-202611-1a2b3c4d active/],
    ['a key that is dropped', { keys: [] }, /Keys +- key-202611-1a2b3c4d active/],
    ['where status is found', { status_lists: ['https://evil.example/'] }, /\+ https:\/\/evil\.example\//],
    ['what this command does not know', { more: { of: 'it' } }, /Other +\+ more: \{"of":"it"\}/],
  ])('shows a change of %s', async (_name, change, words) => {
    const root = { ...current, version: 6, ...change } as unknown as { keys: object[] }
    const full = { ...root, keys: root.keys.map((key) => ({ ...current.keys[0], ...key })) }
    const { sign } = await setUp(draftOf(full))
    expect((await sign([...FROM_FILE, '--yes'])).stderr).toMatch(words)
  })

  it('says so when another root key signed the one before', async () => {
    const { sign } = await setUp(draftOf(nextTrustRoot(), await signTrustRoot(keys, {}, keys.otherRoot)))
    expect((await sign([...FROM_FILE, '--yes'])).stderr).toContain('signed by another root key')
  })

  it.each<[string, () => Promise<string>]>([
    ['another root key signed', () => signTrustRoot(keys, nextTrustRoot({ version: 5 }), keys.otherRoot)],
    [
      'nobody signed',
      async () => {
        const payload = Buffer.from(JSON.stringify(nextTrustRoot({ version: 5 }))).toString('base64url')
        return JSON.stringify({ ...JSON.parse(currentText), payload })
      },
    ],
  ])('takes nothing to be as before on the word of one that %s', async (_name, forged) => {
    const { sign } = await setUp(draftOf(nextTrustRoot(), await forged()))
    const { stderr } = await sign([...FROM_FILE, '--yes'])
    expect(stderr).toMatch(new RegExp(`\\+ ${KID} compromised`))
    expect(stderr).toMatch(new RegExp(`\\+ ${NEW_KID} active`))
    expect(stderr).not.toContain('as before')
    expect(stderr).toContain('signed by another root key')
  })

  it('says when versions lie between, whose changes it cannot show', async () => {
    const words = 'There are versions between the two'
    const { sign, write } = await setUp()
    expect((await sign([...FROM_FILE, '--yes'])).stderr).not.toContain(words)
    write('draft.json', draftOf(nextTrustRoot({ version: 7 })))
    expect((await sign([...FROM_FILE, '--yes'])).stderr).toContain(words)
  })

  it('signs the very first', async () => {
    const { sign } = await setUp(draftOf({ ...current, version: 1 }, null))
    const { code, stderr } = await sign([...FROM_FILE, '--yes'])
    expect(code).toBe(0)
    expect(stderr).toContain('Version       1, the first')
  })

  it('warns of a key that others may read', async () => {
    const { folder, sign } = await setUp()
    chmodSync(join(folder, 'root.jwk'), 0o644)
    expect((await sign([...FROM_FILE, '--yes'])).stderr).toMatch(/others may read .*root\.jwk/)
  })
})

describe('trust sign asks', () => {
  it.each([
    ['y\n', 0],
    ['YES\n', 0],
    ['n\n', 2],
    ['\n', 2],
    ['yesterday\n', 2],
    ['', 2],
  ])('and %j is exit code %i', async (input, code) => {
    const { folder, env } = await setUp()
    const args = ['trust', 'sign', ...FROM_FILE, '--out', 'signed.json']
    const run = await runCli(args, { cwd: folder, env, input })
    expect(run.code).toBe(code)
    expect(run.stderr).toContain('Sign this? [y/N]')
    expect(existsSync(join(folder, 'signed.json'))).toBe(code === 0)
  })

  it('nobody, where the draft comes on stdin: it wants --yes', async () => {
    const { folder, env } = await setUp()
    const args = ['trust', 'sign', '--key', 'root.jwk', '--draft', '-']
    const input = draftOf(nextTrustRoot())
    expect((await runCli(args, { cwd: folder, env, input })).code).toBe(2)
    const run = await runCli([...args, '--yes'], { cwd: folder, env, input })
    expect(run.code).toBe(0)
    expect(await open(run.stdout)).toEqual(nextTrustRoot())
  })
})

describe('trust sign refuses', () => {
  it.each<[string, () => string]>([
    ['a version that was published', () => draftOf(nextTrustRoot({ version: 5 }))],
    ['an older version', () => draftOf(nextTrustRoot({ version: 4 }))],
    ['a draft that has expired', () => draftOf(nextTrustRoot({ expires_at: '2026-01-01T00:00:00.000Z' }))],
    ['what is no trust root', () => draftOf({ version: 6, keys: 'all' })],
    [
      'another version than the draft says',
      () => draftOf(nextTrustRoot()).replace('"version":6', '"version":7'),
    ],
    ['a bare trust root', () => JSON.stringify(nextTrustRoot())],
    ['no JSON', () => '{'],
    ['a member twice', () => draftOf(nextTrustRoot()).replace('{', '{"version":6,')],
  ])('%s', async (_name, draft) => {
    const { folder, sign } = await setUp(draft())
    const run = await sign([...FROM_FILE, '--yes', '--out', 'signed.json'])
    expect(run).toMatchObject({ code: 2, stdout: '' })
    expect(existsSync(join(folder, 'signed.json'))).toBe(false)
  })

  it('a version that this user has seen already, whatever the draft says is current', async () => {
    const { folder, sign } = await setUp(draftOf(nextTrustRoot(), null))
    mkdirSync(join(folder, '.config/coderisk'), { recursive: true })
    const store = { highest_versions: { [thumbprint(keys.rootJwk)]: 6 } }
    writeFileSync(join(folder, '.config/coderisk/trust.json'), JSON.stringify(store))
    const run = await sign([...FROM_FILE, '--yes'])
    expect(run).toMatchObject({ code: 2, stdout: '' })
    expect(run.stderr).toContain('version 6 was published already')
  })

  it.each<[string, () => Promise<string>]>([
    ['is not there', async () => ''],
    ['is only the public half', async () => JSON.stringify(keys.rootJwk)],
    ['is an RSA key', async () => JSON.stringify(await privateJwk(keys.signing))],
    [
      'says another public half',
      async () => JSON.stringify({ ...(await privateJwk(keys.root)), x: keys.otherRootJwk.x }),
    ],
  ])('a key that %s', async (_name, text) => {
    const { sign, write } = await setUp()
    write('root.jwk', await text())
    const run = await sign([...FROM_FILE, '--yes'])
    expect(run).toMatchObject({ code: 2, stdout: '' })
    expect(run.stderr).toContain('is not a private Ed25519 key')
  })

  it.each([
    [['--draft', 'draft.json']],
    [[...FROM_FILE, 'extra']],
    [['--key', 'gone', '--draft', 'draft.json']],
  ])('%j', async (args) => {
    const { sign } = await setUp()
    expect(await sign([...args, '--yes'])).toMatchObject({ code: 2, stdout: '' })
  })
})

describe('trust sign, with the network', () => {
  async function network(answer: (request: ReceivedRequest) => ScriptedAnswer) {
    const server = await startFakeNetwork(answer)
    onTestFinished(() => server.close())
    return server
  }
  const published = { version: 6, expires_at: '2099-01-01T00:00:00.000Z', activated_key: NEW_KID }

  it("fetches the draft with the operator's key, and publishes what it signed, once", async () => {
    let attempts = 0
    const server = await network(({ method }) => {
      if (method === 'GET') return { status: 200, text: draftOf(nextTrustRoot()) }
      attempts++
      return attempts === 1
        ? { status: 503, headers: { 'retry-after': '0' } }
        : { status: 201, json: published }
    })
    const { sign } = await setUp()
    const run = await sign(['--key', 'root.jwk', '--yes', '--publish', '--url', server.url])
    expect(run).toMatchObject({ code: 0 })
    expect(run.stdout).toContain('Published version 6, good until 2099-01-01 00:00 UTC')
    expect(run.stdout).toContain(`${NEW_KID} signs from now on`)
    const [draft, first, second] = server.requests
    expect(draft).toMatchObject({
      url: '/v1/trust-root/draft',
      headers: { authorization: 'Bearer cr_live_operator' },
    })
    expect(first).toMatchObject({
      method: 'POST',
      url: '/v1/trust-root',
      headers: { authorization: 'Bearer cr_live_operator', 'content-type': 'application/json' },
    })
    expect(await open(first!.body)).toEqual(nextTrustRoot())
    expect(first!.headers['idempotency-key']).toMatch(/^trust-root-[0-9a-f]{64}$/)
    expect(second).toMatchObject({ body: first!.body })
    expect(second!.headers['idempotency-key']).toBe(first!.headers['idempotency-key'])
  })

  it('says why the network does not take it', async () => {
    const detail = 'It does not say what the network knows by now: key-202702-00000000 is missing.'
    const problem = { title: 'The trust root is not accepted', detail, code: 'trust_root_rejected' }
    const server = await network(() => ({ status: 422, json: problem }))
    const { sign } = await setUp()
    const run = await sign([...FROM_FILE, '--yes', '--publish', '--url', server.url])
    expect(run).toMatchObject({ code: 3, stdout: '' })
    expect(run.stderr).toContain(detail)
  })

  it.each([[['--key', 'root.jwk', '--yes']], [[...FROM_FILE, '--yes', '--publish']]])(
    'needs a key of the network for %j',
    async (args) => {
      const { sign } = await setUp()
      const run = await sign([...args, '--url', 'https://network.example'], { CODERISK_API_KEY: '' })
      expect(run).toMatchObject({ code: 2, stdout: '' })
      expect(run.stderr).toContain("an operator's API key is needed")
    },
  )
})
