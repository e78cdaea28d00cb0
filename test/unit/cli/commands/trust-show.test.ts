import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { trust } from '../../../../cli/commands/trust.ts'
import { runCommand } from '../run-command.ts'
import { isolatedEnv, temporaryFolder } from '../support.ts'
import { generateNetworkKeys, KID, type NetworkKeys, signTrustRoot, thumbprint } from '../trust-support.ts'

let keys: NetworkKeys
beforeAll(async () => {
  keys = await generateNetworkKeys()
}, 60_000)

function setUp(text: string) {
  const folder = temporaryFolder(onTestFinished)
  writeFileSync(join(folder, 'root.json'), text)
  writeFileSync(join(folder, 'root-key.json'), JSON.stringify(keys.rootJwk))
  const env = isolatedEnv(folder)
  const show = (...args: string[]) => runCommand(trust, ['show', ...args], { cwd: folder, env })
  const pinned = ['--root-key', join(folder, 'root-key.json')]
  return { folder, show, showPinned: (...args: string[]) => show('root.json', ...pinned, ...args), pinned }
}

const LOG = {
  origin: 'example.com/log',
  verifier_key: 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k',
  url: 'https://example.com/log',
  witness_policy: 'quorum none\n',
  witness_failure: 'open',
} as const

describe('trust show', () => {
  it('says what the trust root says, and that the pinned key signed it', async () => {
    const origin = LOG.verifier_key.split('+')[0]!
    const { showPinned } = setUp(await signTrustRoot(keys, { log: { ...LOG, origin } }))
    const { code, stdout } = await showPinned()
    expect(code).toBe(0)
    expect(stdout).toContain(`✓ Signed by root key ${thumbprint(keys.rootJwk)}`)
    for (const words of [
      'Version       5, issued 2025-01-01 00:00 UTC',
      'Expires       2099-01-01 00:00 UTC (in ',
      `Keys          ${KID} active, from 2025-01-01T00:00:00.000Z, RS256 `,
      `Log           ${LOG.verifier_key}`,
      'https://example.com/log',
      'Witnesses     quorum none',
      'Status lists  none',
    ])
      expect(stdout).toContain(words)
  })

  it.each<[string, () => Promise<string>, string, string]>([
    [
      'another key signed',
      () => signTrustRoot(keys, {}, keys.otherRoot),
      'did not sign this: it proves nothing',
      'trust_root_not_pinned',
    ],
    [
      'has expired',
      () => signTrustRoot(keys, { expires_at: '2025-02-01T00:00:00.000Z' }),
      'and refused: the trust root has expired',
      'trust_root_expired',
    ],
  ])('shows one that %s, and says so, with exit code 1', async (_name, make, words, reason) => {
    const { showPinned } = setUp(await make())
    const run = await showPinned()
    expect(run.code).toBe(1)
    expect(run.stdout).toMatch(/^✗ /)
    expect(run.stdout).toContain(words)
    expect(run.stdout).toContain(KID)
    const json = await showPinned('--json')
    expect(json.code).toBe(1)
    expect(JSON.parse(json.stdout)).toMatchObject({ accepted: false, reason, trust_root: { version: 5 } })
  })

  it('says that nothing vouches for it where no key is pinned', async () => {
    const { show } = setUp(await signTrustRoot(keys))
    const run = await show('root.json')
    expect(run.code).toBe(1)
    expect(run.stdout).toContain('No root key is pinned, so this proves nothing')
    expect(JSON.parse((await show('root.json', '--json')).stdout)).toMatchObject({
      accepted: false,
      reason: 'no_root_key',
      root_key: null,
    })
  })

  it('takes the saved one by default, and remembers nothing of it', async () => {
    const { folder, show, pinned } = setUp(await signTrustRoot(keys))
    expect((await show(...pinned)).stderr).toContain('Save it: coderisk trust fetch')
    mkdirSync(join(folder, '.config/coderisk'), { recursive: true })
    writeFileSync(join(folder, '.config/coderisk/trust-root.json'), await signTrustRoot(keys, { version: 8 }))
    const run = await show(...pinned)
    expect(run).toMatchObject({ code: 0 })
    expect(run.stdout).toContain('Version       8')
    expect(existsSync(join(folder, '.config/coderisk/trust.json'))).toBe(false)
  })

  it('prints no control character of it', async () => {
    const { showPinned } = setUp(await signTrustRoot(keys, { status_lists: ['https://x/\u001b[2J\u202e'] }))
    const { stdout } = await showPinned()
    expect(stdout).toContain('https://x/[2J')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: their absence is the point
    expect(stdout).not.toMatch(/[\u001b\u202e]/)
  })

  it.each([['{}'], ['no JSON'], ['{"protected":"","payload":"e30","signature":""}']])(
    '%s is no trust root',
    async (text) => {
      const run = await setUp(text).showPinned()
      expect(run).toMatchObject({ code: 1, stdout: '' })
      expect(run.stderr).toContain('is not a trust root')
    },
  )
})
