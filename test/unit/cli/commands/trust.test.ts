import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type FakeNetwork, isolatedEnv, runCli, startFakeNetwork, temporaryFolder } from '../support.ts'
import { generateNetworkKeys, type NetworkKeys, signTrustRoot, thumbprint } from '../trust-support.ts'

let keys: NetworkKeys

beforeAll(async () => {
  keys = await generateNetworkKeys()
}, 60_000)

interface State {
  version: number
  /** Signed by another key than the network's. */
  forged: boolean
  /** The network shows that other key as its own. */
  vouching: boolean
  expires: string
}

async function setUp(script: Partial<State> = {}) {
  const folder = temporaryFolder(onTestFinished)
  const state: State = {
    version: 5,
    forged: false,
    vouching: false,
    expires: '2099-01-01T00:00:00.000Z',
    ...script,
  }
  const served = new Map<string, string>()
  const renew = async () => {
    const signer = state.forged ? keys.otherRoot : keys.root
    served.set(
      '/.well-known/coderisk/trust-root.json',
      await signTrustRoot(keys, { version: state.version, expires_at: state.expires }, signer),
    )
    const shown = state.vouching ? keys.otherRootJwk : keys.rootJwk
    served.set('/.well-known/coderisk/root-key.json', JSON.stringify(shown))
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

  it.each<[string, Partial<State>, string]>([
    ['a rollback', { version: 4 }, 'an older trust root than one that was already accepted'],
    ['an expired one', { version: 6, expires: '2025-02-01T00:00:00.000Z' }, 'the trust root has expired'],
    ['one by another key', { version: 9, forged: true }, 'the pinned root key did not sign this trust root'],
    [
      'one that vouches for itself: the network shows the key that signed it',
      { version: 9, forged: true, vouching: true },
      'the pinned root key did not sign this trust root',
    ],
  ])('refuses %s, and keeps what it has', async (_name, change, words) => {
    const { folder, state, renew, fetchTrust, store } = await setUp()
    await fetchTrust('--pin', thumbprint(keys.rootJwk))
    const saved = join(folder, '.config/coderisk/trust-root.json')
    const [before, storeBefore] = [readFileSync(saved, 'utf8'), readFileSync(store, 'utf8')]
    Object.assign(state, change)
    await renew()
    const run = await fetchTrust()
    expect(run).toMatchObject({ code: 1, stdout: '' })
    expect(run.stderr).toContain(`the trust root is refused: ${words}`)
    expect(readFileSync(saved, 'utf8')).toBe(before)
    expect(readFileSync(store, 'utf8')).toBe(storeBefore)
  })

  it('saves nothing at all when the first one is refused', async () => {
    const { folder, fetchTrust } = await setUp({ expires: '2025-02-01T00:00:00.000Z' })
    expect((await fetchTrust('--pin', thumbprint(keys.rootJwk))).code).toBe(1)
    expect(existsSync(join(folder, '.config'))).toBe(false)
  })
})
