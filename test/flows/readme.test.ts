import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call } from '../support/client.ts'
import { issue } from '../support/issue.ts'
import { type Network, startNetwork } from '../support/network.ts'
import { fences, ROOT, read, section } from '../unit/docs/markdown.ts'

const FILE = 'core/verify/canonical.ts'
/** Whatever a canonical form could get wrong: quotes, escapes, control characters, all planes of Unicode. */
const HARD_TEXT = 'a"b\\c/\n\t\u0001\u2028é€𝄞\ufb33 "signature":{"value":"x"} {"kid":"y"}'
const TOOLS = ['openssl', 'python3', 'jq', 'curl', 'sha256sum', 'sed', 'od', 'tr', 'grep', 'sort']

let network: Network
beforeAll(async () => {
  network = await startNetwork()
})
afterAll(() => network?.stop())

describe('README, "Verify by hand, offline"', () => {
  const [fetching, ...offline] = fences(section(read('README.md'), '## Verify by hand, offline'), 'sh')

  it('works as it stands there, and only the first block needs a network', async ({ skip }) => {
    const missing = TOOLS.filter((tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0)
    skip(missing.length > 0, `not installed here: ${missing.join(', ')}`)
    const { folder, certificate } = await certify()
    const steps = await verifyByHand(folder, certificate.certificate_id)

    expect(steps.stderr).toBe('')
    const lines = steps.stdout.trimEnd().split('\n')
    expect(lines.filter((line) => line === 'Verified OK')).toHaveLength(2)
    expect(lines).toContain('Signature Verified Successfully')
    expect(lines).toContain(`"code_hash":"${certificate.code_hash}"`)
    expect(lines).toContain(`${certificate.code_hash}  -`)
    const made = (name: string) => readFileSync(path.join(folder, name), 'utf8')
    expect(JSON.parse(made('signed.json')).repository).toBe(HARD_TEXT)
    expect(made('signed-by-jq.json')).toBe(made('signed.json'))
    expect(made('signed-by-sed.json')).toBe(made('signed.json'))
    expect(made('key-of-trust-root.pem')).toBe(made('key.pem'))
  })

  it('finds out a certificate that was changed by one digit', async ({ skip }) => {
    skip(spawnSync('openssl', ['version']).status !== 0, 'openssl is not installed here')
    skip(spawnSync('python3', ['--version']).status !== 0, 'python3 is not installed here')
    const { folder, certificate } = await certify()
    const steps = await verifyByHand(
      folder,
      certificate.certificate_id,
      `sed 's/"confidence":0/"confidence":1/' certificate.json > changed && mv changed certificate.json`,
    )
    expect(steps.stdout).not.toContain('Verified OK')
  })

  it('may use json.dumps and jq: they write every number of a certificate as RFC 8785 does', ({ skip }) => {
    const decimals = Array.from({ length: 100_001 }, (_, index) => index / 10_000)
    const numbers = JSON.stringify([...decimals, 131_071, 2 ** 31, 4_000_000])
    const python = 'import json, sys; print(json.dumps(json.load(sys.stdin), separators=(",", ":")))'
    for (const [tool, args] of [
      ['python3', ['-c', python]],
      ['jq', ['-c', '.']],
    ] as const) {
      const { error, stdout } = spawnSync(tool, args, { input: numbers, encoding: 'utf8', maxBuffer: 1e8 })
      skip(error !== undefined, `${tool} is not installed here`)
      expect(stdout === `${numbers}\n`, tool).toBe(true)
    }
  })

  async function certify() {
    const folder = mkdtempSync(path.join(network.directory, 'by-hand-'))
    mkdirSync(path.join(folder, path.dirname(FILE)), { recursive: true })
    writeFileSync(path.join(folder, FILE), read(FILE))
    const files = [{ path: FILE, content: read(FILE), previous_content: '' }]
    const answer = await issue(network, { ai_tool: 'example-tool-v1.0', files, repository: HARD_TEXT })
    expect(answer.status, answer.text).toBe(201)
    return { folder, certificate: answer.json }
  }

  /** All blocks in one shell, as somebody pastes them one after the other. */
  async function verifyByHand(folder: string, id: string, between = '') {
    const fetch = fetching!.replace(/^URL=.*$/m, `URL=${network.baseUrl}`).replace(/^ID=.*$/m, `ID=${id}`)
    const noNetwork = 'unset URL\ncurl() { echo "a network was needed" >&2; }'
    const script = ['set -e', fetch, 'set +e', between, noNetwork, ...offline].join('\n')
    return spawnSync('sh', ['-c', script], { cwd: folder, encoding: 'utf8', timeout: 60_000 })
  }
})

describe('the runbook', () => {
  const RUNBOOK = read('docs/runbook.md')

  it("makes the operator's first key", async () => {
    const [block] = fences(section(RUNBOOK, "## The operator's first key"), 'sh')
    const env = { ...process.env, DATABASE_URL: network.ownerUrl }
    const made = spawnSync('sh', ['-c', block!], { cwd: ROOT, env, encoding: 'utf8', timeout: 60_000 })
    expect(made.stdout, made.stderr).toMatch(/^cr_live_\w+\n$/)
    const key = made.stdout.trim()
    expect((await call(network.baseUrl, '/metrics', { key })).status).toBe(200)
  })

  it.each(fences(RUNBOOK, 'sql'))('has SQL that this database takes: %s', async (statements) => {
    const rollback = new Error('rolled back: the network is used by other tests')
    const run = network.sql.begin(async (sql) => {
      await sql.unsafe(statements)
      throw rollback
    })
    await expect(run).rejects.toBe(rollback)
  })
})
