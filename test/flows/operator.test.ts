import { spawn } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort, LOOPBACK } from '../../stack/ports.ts'
import { call } from '../support/client.ts'
import { type Network, startNetwork } from '../support/network.ts'
import { ROOT } from '../unit/docs/markdown.ts'

let network: Network
beforeAll(async () => {
  network = await startNetwork()
})
afterAll(() => network?.stop())

interface Run {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** `npm run operator`, without npm. */
function operator(databaseUrl: string, ...args: string[]): Promise<Run> {
  const child = spawn('node', ['scripts/bootstrap.mjs', 'scripts/operator.ts', ...args], {
    cwd: ROOT,
    env: { ...process.env, DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
    })
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, ...output }))
  })
}

const named = (name: string) => network.sql`SELECT id FROM organisations WHERE name = ${name}`

describe('npm run operator', () => {
  it("makes an operator's organisation, and says its key once and nowhere else", async () => {
    const made = await operator(network.ownerUrl, '--name', 'Night watch')
    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^cr_live_[0-9A-Za-z]+\n$/) })
    const key = made.stdout.trim()
    const [organisation] = await named('Night watch')
    expect(made.stderr).toBe(
      `This is the key of ${organisation!.id}, Night watch. It is shown this once: keep it.\n`,
    )
    const [stored] =
      await network.sql`SELECT scopes, livemode FROM api_keys WHERE organisation_id = ${organisation!.id}`
    expect(stored).toEqual({ scopes: ['operator', 'keys:manage'], livemode: true })

    expect((await call(network.baseUrl, '/metrics', { key })).status).toBe(200)
    const customer = await call(network.baseUrl, '/v1/organisations', {
      key,
      body: { name: 'First customer' },
    })
    expect(customer.status, customer.text).toBe(201)
  })

  it('is called Operator if nothing else is said, and is another one each time', async () => {
    const before = (await named('Operator')).length
    const [first, second] = [await operator(network.ownerUrl), await operator(network.ownerUrl)]
    expect([first.code, second.code]).toEqual([0, 0])
    expect(first.stdout).not.toBe(second.stdout)
    expect(await named('Operator')).toHaveLength(before + 2)
  })
})

describe('npm run operator refuses, in one line, and makes nothing:', () => {
  it.each<[string, () => string | Promise<string>, string[], string]>([
    ['without DATABASE_URL', () => '', [], 'set DATABASE_URL'],
    ['what is no URL', () => 'localhost:5432', [], 'DATABASE_URL is not a URL of the form postgres://'],
    [
      'where nobody listens',
      async () => elsewhere({ port: String(await freePort()) }),
      [],
      'does not answer',
    ],
    ["what is not the owner's URL", () => elsewhere({ password: 'wrong' }), [], 'is not ready (28P01)'],
    ['a database that is not there', () => elsewhere({ pathname: '/nowhere' }), [], 'is not ready (3D000)'],
    ['a database without tables', () => elsewhere({ pathname: '/postgres' }), [], 'is not ready ('],
    ['an empty name', () => network.ownerUrl, ['--name', ''], '--name '],
    ['an unknown option', () => network.ownerUrl, ['--nmae', 'x'], "Unknown option '--nmae'"],
  ])('%s', async (_, databaseUrl, args, words) => {
    const count = async () => (await network.sql`SELECT count(*)::int AS n FROM organisations`)[0]!.n
    const before = await count()
    const { code, stdout, stderr } = await operator(await databaseUrl(), ...args)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^npm run operator: .+\n$/)
    expect(stderr).toContain(words)
    expect(stderr).not.toContain(network.secrets.owner_password)
    expect(await count()).toBe(before)
  })
})

/** The network's database, but for one part of the URL. */
function elsewhere(change: { port?: string; password?: string; pathname?: string }): string {
  return Object.assign(new URL(network.ownerUrl), { hostname: LOOPBACK, ...change }).href
}
