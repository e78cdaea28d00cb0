import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { trust } from '../../../../cli/commands/trust.ts'
import { runCommand } from '../run-command.ts'
import { isolatedEnv, temporaryFolder } from '../support.ts'
import { thumbprint } from '../trust-support.ts'

function setUp() {
  const folder = temporaryFolder(onTestFinished)
  const init = (...args: string[]) =>
    runCommand(trust, ['init', ...args], { cwd: folder, env: isolatedEnv(folder) })
  return { folder, init, read: (name: string) => readFileSync(join(folder, name), 'utf8') }
}

const NAMES = ['network-root-private.jwk', 'network-root-public.jwk'] as const

describe('trust init', () => {
  it('makes a key pair, whose private half only its owner may read', async () => {
    const { folder, init, read } = setUp()
    const run = await init()
    expect(run).toMatchObject({ code: 0, stderr: '' })
    const [secret, shown] = NAMES.map((name) => JSON.parse(read(name)))
    expect(Object.keys(shown).sort()).toEqual(['crv', 'kty', 'x'])
    expect(secret).toEqual({ ...shown, d: expect.stringMatching(/^[\w-]{43}$/) })
    expect(statSync(join(folder, NAMES[0])).mode & 0o777).toBe(0o600)
    const key = { name: 'Ed25519' }
    const [privateKey, publicKey] = await Promise.all([
      crypto.subtle.importKey('jwk', secret, key, false, ['sign']),
      crypto.subtle.importKey('jwk', shown, key, false, ['verify']),
    ])
    const message = new TextEncoder().encode('message')
    const signature = await crypto.subtle.sign(key, privateKey, message)
    expect(await crypto.subtle.verify(key, publicKey, signature, message)).toBe(true)
  })

  it('says the thumbprint, what both Workers are told, and what comes next; never the private half', async () => {
    const { init, read } = setUp()
    const { stdout } = await init()
    const [secret, shown] = NAMES.map((name) => JSON.parse(read(name)))
    expect(stdout).toContain(`Network root key ${thumbprint(shown)}`)
    expect(stdout).toContain(`NETWORK_ROOT_PUBLIC_KEY = '${JSON.stringify(shown)}'`)
    expect(stdout).toContain('coderisk trust sign --key')
    expect(stdout).not.toContain(secret.d)
  })

  it('makes another key each time, in a folder that it makes', async () => {
    const { init, read } = setUp()
    await init('--out', 'one')
    await init('--out', 'two/deep')
    expect(JSON.parse(read(`one/${NAMES[1]}`)).x).not.toBe(JSON.parse(read(`two/deep/${NAMES[1]}`)).x)
  })

  it.each(NAMES)('overwrites nothing where there is a %s', async (name) => {
    const { folder, init, read } = setUp()
    writeFileSync(join(folder, name), 'mine')
    const run = await init()
    expect(run).toMatchObject({ code: 2, stdout: '' })
    expect(run.stderr).toContain('is not overwritten')
    expect(readdirSync(folder)).toEqual([name])
    expect(read(name)).toBe('mine')
  })

  it('leaves no half of a key behind', async () => {
    const { folder, init } = setUp()
    // A link that leads nowhere is not there, and cannot be made either.
    mkdirSync(join(folder, 'keys'))
    symlinkSync('/nowhere/at/all', join(folder, 'keys', NAMES[1]))
    expect((await init('--out', 'keys')).code).toBe(2)
    expect(existsSync(join(folder, 'keys', NAMES[0]))).toBe(false)
  })

  it.each([[['extra']], [['--bogus']]])('%j is exit code 2', async (args) => {
    const { folder, init } = setUp()
    expect((await init(...args)).code).toBe(2)
    expect(readdirSync(folder)).toEqual([])
  })
})
