import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type FakeNetwork, isolatedEnv, runCli, startFakeNetwork, temporaryFolder } from '../support.ts'
import { generateNetworkKeys, type NetworkKeys, signTrustRoot, thumbprint } from '../trust-support.ts'

let keys: NetworkKeys

beforeAll(async () => {
  keys = await generateNetworkKeys()
}, 60_000)

async function setUp(script: { version?: number; forged?: boolean } = {}) {
  const folder = temporaryFolder(onTestFinished)
  const state = { version: 5, forged: false, ...script }
  const served = new Map<string, string>()
  const renew = async () => {
    const signer = state.forged ? keys.otherRoot : keys.root
    served.set(
      '/.well-known/coderisk/trust-root.json',
      await signTrustRoot(keys, { version: state.version }, signer),
    )
    served.set('/.well-known/coderisk/root-key.json', JSON.stringify(keys.rootJwk))
  }
  await renew()
  const server: FakeNetwork = await startFakeNetwork(({ url }) => ({
    status: 200,
    text: served.get(url) ?? '{}',
  }))
  onTestFinished(() => server.close())
  const fetchTrust = (...args: string[]) =>
    runCli(['trust', 'fetch', ...args], {
      cwd: folder,
      env: isolatedEnv(folder, { CODERISK_URL: server.url }),
    })
  return { folder, state, renew, fetchTrust, store: join(folder, '.config/coderisk/trust.json') }
}

describe('trust fetch', () => {
  it('without a pinned key shows the thumbprint, and saves nothing', async () => {
    const { folder, fetchTrust } = await setUp()
    const run = await fetchTrust()
    expect(run).toMatchObject({ code: 1, stdout: '' })
    expect(run.stderr).toContain(`coderisk trust fetch --pin ${thumbprint(keys.rootJwk)}`)
    expect(existsSync(join(folder, '.config'))).toBe(false)
  })

  it('with --pin pins the key, saves, and from then on needs nothing', async () => {
    const { folder, fetchTrust, store } = await setUp()
    expect((await fetchTrust('--pin', thumbprint(keys.rootJwk))).code).toBe(0)
    expect(JSON.parse(readFileSync(store, 'utf8'))).toEqual({
      highest_versions: { [thumbprint(keys.rootJwk)]: 5 },
      root_key: { kty: 'OKP', crv: 'Ed25519', x: keys.rootJwk.x },
    })
    expect(statSync(store).mode & 0o777).toBe(0o600)
    expect(existsSync(join(folder, '.config/coderisk/trust-root.json'))).toBe(true)
    const again = await fetchTrust('--out', join(folder, 'saved.json'))
    expect(again.code).toBe(0)
    expect(again.stdout).toContain('Trust root version 5, 1 key')
    expect(JSON.parse(readFileSync(join(folder, 'saved.json'), 'utf8'))).toHaveProperty('signature')
  })

  it('refuses another key than the pinned thumbprint', async () => {
    const { folder, fetchTrust } = await setUp()
    const run = await fetchTrust('--pin', thumbprint(keys.otherRootJwk))
    expect(run.code).toBe(1)
    expect(run.stderr).toContain('Nothing was pinned')
    expect(existsSync(join(folder, '.config'))).toBe(false)
  })

  it('keeps what it has when the network goes back or forges', async () => {
    const { folder, state, renew, fetchTrust, store } = await setUp()
    await fetchTrust('--pin', thumbprint(keys.rootJwk))
    const saved = join(folder, '.config/coderisk/trust-root.json')
    const [before, storeBefore] = [readFileSync(saved, 'utf8'), readFileSync(store, 'utf8')]
    for (const change of [{ version: 4 }, { version: 9, forged: true }]) {
      Object.assign(state, change)
      await renew()
      expect((await fetchTrust()).code).toBe(1)
      expect(readFileSync(saved, 'utf8')).toBe(before)
      expect(readFileSync(store, 'utf8')).toBe(storeBefore)
    }
  })
})
