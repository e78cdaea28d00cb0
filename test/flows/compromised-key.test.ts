import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { call } from '../support/client.ts'
import { expectProblem, issue, issueId, verify } from '../support/issue.ts'
import { type Network, startNetwork } from '../support/network.ts'
import { isolatedEnv, runCli, temporaryFolder } from '../unit/cli/support.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
const EVERY_MINUTE = '* * * * *'
const HOURLY = '17 * * * *'

/** A network whose root key is kept offline from the first trust root on. */
let network: Network
let operator: string
beforeAll(async () => {
  network = await startNetwork({ variables: { NETWORK_ROOT_PRIVATE_KEY: '' } })
  operator = network.tenants.operator_key
})
afterAll(() => network?.stop())

const kidOf = async (id: string) =>
  (await network.sql`SELECT key_id FROM certificates WHERE id = ${id}`)[0]!.key_id as string
const publishedKeyIds = async (): Promise<string[]> =>
  (await call(network.baseUrl, '/.well-known/jwks.json')).json.keys.map((key: { kid: string }) => key.kid)
const trustRoot = async () => {
  const { payload } = (await call(network.baseUrl, '/.well-known/coderisk/trust-root.json')).json
  return JSON.parse(Buffer.from(payload, 'base64url').toString())
}

/** As whoever has the network root key does it, with the command line. */
async function signAndPublish(): Promise<string> {
  const folder = temporaryFolder(onTestFinished)
  const key = join(folder, 'network-root-private.jwk')
  writeFileSync(key, JSON.stringify(network.secrets.network_root_key), { mode: 0o600 })
  const run = await runCli(['trust', 'sign', '--key', key, '--publish', '--yes'], {
    cwd: folder,
    env: isolatedEnv(folder, { CODERISK_URL: network.baseUrl, CODERISK_API_KEY: operator }),
  })
  expect(run.code, run.stderr).toBe(0)
  // Edges take it from KV within a minute; this one has just begun.
  await network.workers().runCron(EVERY_MINUTE)
  await network.restartWorkers()
  return run.stderr
}

// One incident, told in order: each test goes on where the one before it ended.
describe('a signing key is compromised, and the root key is offline', () => {
  let before: string
  let kid: string

  it('the core drafts what it cannot sign', async () => {
    before = await issueId(network)
    kid = await kidOf(before)
    await network.workers().runCron(EVERY_MINUTE)
    expect((await verify(network, before)).verdict).toBe('valid')
    const draft = await call(network.baseUrl, '/v1/trust-root/draft', { key: operator })
    expect(draft.json).toMatchObject({ version: 2, due: false, current: { version: 1 } })
  })

  it('once it is marked nothing is issued: nobody could verify what another key signs', async () => {
    const path = `/v1/keys/signing/${kid}/compromise`
    const headers = { 'idempotency-key': 'incident-1' }
    const answer = await call(network.baseUrl, path, { method: 'POST', key: operator, headers })
    expect(answer.status, answer.text).toBe(200)
    expect(answer.json).toMatchObject({ kid, active_key: null, trust_root_version: null })
    const again = await call(network.baseUrl, path, { method: 'POST', key: operator, headers })
    expect([again.headers['idempotency-replayed'], again.text]).toEqual(['true', answer.text])
    expectProblem(
      await call(network.baseUrl, path, { method: 'POST', key: operator }),
      409,
      'signing_key_already_compromised',
    )
    expectProblem(await issue(network), 503, 'signing_unavailable')
    await network.workers().runCron(HOURLY)
    expectProblem(await issue(network), 503, 'signing_unavailable')
  })

  it('a signed trust root is refused while it says something else, and then brings the next key into force', async () => {
    await network.workers().runCron(EVERY_MINUTE)
    const stale = (await call(network.baseUrl, '/.well-known/coderisk/trust-root.json')).json
    const refused = await call(network.baseUrl, '/v1/trust-root', { key: operator, body: stale })
    expectProblem(refused, 422, 'trust_root_rejected')
    expect(refused.json.detail).toBe('Its version is 1, and version 1 is published: it only grows.')
    const shown = await signAndPublish()
    expect(shown).toMatch(new RegExp(`- ${kid} active`))
    expect(shown).toMatch(new RegExp(`\\+ ${kid} compromised, .*, good below log index \\d+`))
    const after = await issueId(network)
    expect(await kidOf(after)).not.toBe(kid)
    expect((await verify(network, after)).verdict).toBe('valid')
    expect(await publishedKeyIds()).toEqual([await kidOf(after)])
  })

  it('the log says from where on its certificates have lost their worth', async () => {
    const { keys } = await trustRoot()
    const [event] = await network.sql`
      SELECT leaf_index FROM log_entries WHERE convert_from(entry, 'UTF8')::jsonb ->> 'type' = 'key.compromised'`
    expect(keys.find((key: { kid: string }) => key.kid === kid)).toMatchObject({
      state: 'compromised',
      compromised_log_index: Number(event!.leaf_index),
    })
  })

  it('status lists are signed by the next key', async () => {
    await vi.waitUntil(
      async () => {
        const { status, text } = await call(network.baseUrl, '/v1/status-lists/0')
        if (status !== 200) return false
        const header = JSON.parse(Buffer.from(text.split('.')[0]!, 'base64url').toString())
        expect(header.kid).not.toBe(kid)
        return true
      },
      { timeout: 20_000, interval: 500 },
    )
  })

  it('a certificate from before stands, by the proof that the log had it', async () => {
    await vi.waitUntil(async () => (await verify(network, before)).verdict === 'valid', {
      timeout: 20_000,
      interval: 500,
    })
    expect((await verify(network, before)).checks).toMatchObject({
      key_validity: { result: 'passed' },
      log: { result: 'passed' },
    })
  })

  it('one that the log has only above it does not', async () => {
    await network.sql`UPDATE signing_keys SET compromised_log_index = 0 WHERE kid = ${kid}`
    await signAndPublish()
    expect(await verify(network, before)).toMatchObject({ verdict: 'invalid', reasons: ['key_compromised'] })
  })
})
