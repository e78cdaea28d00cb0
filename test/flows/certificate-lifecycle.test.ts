import { spawnSync } from 'node:child_process'
import { createHash, createHmac } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { issueCertificate } from '../../core/certificates/issue.ts'
import { UNCLAIMED } from '../../core/idempotency/claim.ts'
import { publishTrustRoot } from '../../core/keys/trust-root.ts'
import type { IssueRequest } from '../../schema/wire/issue.ts'
import { withContext } from '../../stack/provision.ts'
import { call } from '../support/client.ts'
import { issue, issueId, makeKey, revoke, SMALL_CHANGE, verify, withoutLog } from '../support/issue.ts'
import { type Network, startNetwork } from '../support/network.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
const DAY_MS = 86_400_000

let network: Network
let scratch: string
beforeAll(async () => {
  network = await startNetwork()
  scratch = mkdtempSync(path.join(network.directory, 'scratch-'))
})
afterAll(() => network?.stop())

describe('a certificate from issue to revocation', () => {
  it('is issued, served with the same members, verified, badged, listed, reported on, and revoked', async () => {
    const issued = await issue(network, {
      ...SMALL_CHANGE,
      repository: 'github.com/example/shop',
      language: 'typescript',
    })
    expect(issued.status, issued.text).toBe(201)
    const certificate = issued.json
    const id = certificate.certificate_id
    expect(certificate).toMatchObject({
      livemode: true,
      status: 'valid',
      company_id: network.tenants.organisation_id,
    })

    const served = await call(network.baseUrl, `/v1/trust/certs/${id}`)
    expect(withoutLog(served.text)).toBe(withoutLog(issued.text))
    expect(await verify(network, id)).toMatchObject({
      certificate_id: id,
      verdict: 'valid',
      reasons: [],
      status: 'valid',
      signature_valid: true,
      status_source: 'core',
      revoked_at: null,
      revocation_reason: null,
    })
    expect((await call(network.baseUrl, `/badges/${id}.svg`)).text).toContain(
      `valid · ${certificate.risk_level} ${certificate.risk_score.toFixed(1)}`,
    )
    const list = await call(network.baseUrl, '/v1/trust/certs', { key: network.tenants.api_key })
    expect(list.json.data[0]).toEqual({ ...certificate, log: expect.anything() })
    const report = await call(network.baseUrl, `/v1/trust/certs/${id}/report`, {
      key: network.tenants.api_key,
    })
    expect(report.json).toMatchObject({ certificate_id: id, findings: [], evidence: [], path_salt: null })
    expect((await call(network.baseUrl, `/certs/${id}`)).status).toBe(200)

    const revocation = await revoke(network, id, 'keyCompromise')
    expect(revocation.status, revocation.text).toBe(200)
    expect(revocation.json).toMatchObject({
      certificate_id: id,
      status: 'revoked',
      revocation_reason: 'keyCompromise',
    })
    await vi.waitUntil(async () => (await verify(network, id)).status === 'revoked')
    expect(await verify(network, id)).toMatchObject({
      verdict: 'invalid',
      reasons: ['revoked'],
      signature_valid: true,
      revoked_at: revocation.json.revoked_at,
      revocation_reason: 'keyCompromise',
    })
    const after = await call(network.baseUrl, `/v1/trust/certs/${id}`)
    expect(JSON.parse(withoutLog(after.text))).toEqual({
      ...JSON.parse(withoutLog(issued.text)),
      status: 'revoked',
    })
    expect((await call(network.baseUrl, `/badges/${id}.svg`)).text).toContain('CodeRisk: revoked')
    const page = (await call(network.baseUrl, `/certs/${id}`)).text
    expect(page.includes('Revoked'), 'the page says that it is revoked').toBe(true)
    const time = revocation.json.revoked_at.slice(0, 19).replace('T', ' ')
    expect(page.includes(`${time} UTC`), 'the page says since when').toBe(true)
    const again = await revoke(network, id)
    expect([again.status, again.json.code]).toEqual([409, 'certificate_already_revoked'])
  })

  it('is measured against the content before it, given whole or as a patch', async () => {
    const content = 'one\ntwo and a half\nthree\n'
    const patch = '--- a\n+++ b\n@@ -1,3 +1,3 @@\n one\n-two\n+two and a half\n three\n'
    const file = { path: 'a.txt', content }
    const whole = await issue(network, {
      ai_tool: 'x-v1',
      files: [{ ...file, previous_content: 'one\ntwo\nthree\n' }],
    })
    const patched = await issue(network, { ai_tool: 'x-v1', files: [{ ...file, patch }] })
    expect(patched.json.change).toEqual(whole.json.change)
    expect(whole.json.change).toMatchObject({ lines_added: 1, lines_deleted: 1, files: 1 })
    const wrong = await issue(network, {
      ai_tool: 'x-v1',
      files: [{ ...file, patch: patch.replace('+two', '+ten') }],
    })
    expect([wrong.status, wrong.json.errors[0].path]).toEqual([422, 'files[0].patch'])
  })

  it('says where a secret is to its owner alone', async () => {
    const secret = `ghp_${createHash('sha256').update('no real token').digest('hex').slice(0, 36)}`
    const content = `first line\nconst token = "${secret}"\n`
    const answer = await issue(network, { ai_tool: 'x-v1', files: [{ path: 'src/token.ts', content }] })
    expect(answer.json.checks_passed.security_scan).toMatchObject({
      passed: false,
      result: 'failed',
      issues_found: 1,
    })
    expect(answer.text).not.toContain(secret)
    const report = await call(network.baseUrl, `/v1/trust/certs/${answer.json.certificate_id}/report`, {
      key: network.tenants.api_key,
    })
    expect(report.json.findings).toMatchObject([
      { path: 'src/token.ts', line: 2, rule: expect.stringMatching(/github/) },
    ])
    expect(report.text).not.toContain(secret)
  })

  it('hides paths under a salt that only the owner gets', async () => {
    const files = ['src/a.ts', 'src/ü.ts'].map((name) => ({ path: name, content: name }))
    const answer = await issue(network, { ai_tool: 'x-v1', files, path_privacy: 'hashed' })
    const id = answer.json.certificate_id
    const { path_salt: salt } = (
      await call(network.baseUrl, `/v1/trust/certs/${id}/report`, { key: network.tenants.api_key })
    ).json
    expect(salt).toMatch(/^[0-9a-f]{64}$/)
    const hashed = files.map(
      ({ path: name }) =>
        `sha256:${createHmac('sha256', Buffer.from(salt, 'hex')).update(name).digest('hex')}`,
    )
    expect(answer.json.files_changed).toEqual(hashed)
    const everythingPublic = [
      answer.text,
      (await call(network.baseUrl, `/v1/trust/certs/${id}/verify`)).text,
      (await call(network.baseUrl, `/certs/${id}`)).text,
    ].join()
    expect(everythingPublic).not.toContain(salt)
    expect(everythingPublic).not.toContain('src/a.ts')
  })

  it('lists page by page, newest first, each once', async () => {
    const owner = await makeKey(network, ['certificates:read'])
    const ids: string[] = []
    for (let i = 0; i < 5; i++) ids.push(await issueId(network))
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const query: string = cursor === null ? '' : `&cursor=${cursor}`
      const page = await call(network.baseUrl, `/v1/trust/certs?limit=2${query}`, { key: owner.key })
      expect(page.json.data.length).toBeLessThanOrEqual(2)
      seen.push(...page.json.data.map((one: { certificate_id: string }) => one.certificate_id))
      cursor = page.json.next_cursor
    } while (cursor !== null)
    expect(seen.slice(0, 5)).toEqual(ids.toReversed())
    expect(new Set(seen).size).toBe(seen.length)
  })
})

describe('test mode', () => {
  it('is served and never verifies, and no trust root holds its key', async () => {
    const test = await makeKey(network, ['certificates:write', 'certificates:read'], { livemode: false })
    expect(test.key).toMatch(/^cr_test_/)
    const answer = await issue(network, SMALL_CHANGE, { key: test.key })
    expect(answer.json).toMatchObject({ livemode: false })
    const id = answer.json.certificate_id
    expect((await call(network.baseUrl, `/v1/trust/certs/${id}`)).json).toMatchObject({ livemode: false })
    const verdict = await verify(network, id)
    expect(verdict).toMatchObject({ verdict: 'invalid', signature_valid: false })
    expect(verdict.reasons).toContain('test_mode')
    const kid = answer.json.signature.public_key_id
    const root = await call(network.baseUrl, '/.well-known/coderisk/trust-root.json')
    const { keys } = JSON.parse(Buffer.from(root.json.payload, 'base64url').toString())
    expect(keys.map((key: { kid: string }) => key.kid)).not.toContain(kid)
    expect((await call(network.baseUrl, '/.well-known/jwks.json')).text).not.toContain(kid)
    expect((await call(network.baseUrl, `/badges/${id}.svg`)).text).not.toContain('valid')
    const livePage = await call(network.baseUrl, '/v1/trust/certs?limit=100', {
      key: network.tenants.api_key,
    })
    expect(livePage.text).not.toContain(id)
  })
})

describe('with openssl and sha256sum alone', () => {
  it('the signature and the code hash can be checked by hand', async () => {
    const files = [
      { path: 'src/b.ts', content: 'export const b = 2\n' },
      { path: 'src/B.ts', content: 'ünïcode € 𝄞\n' },
      { path: 'a file.txt', content: '' },
    ]
    const { certificate_id: id } = (await issue(network, { ai_tool: 'x-v1', files })).json
    const certificate = (await call(network.baseUrl, `/v1/trust/certs/${id}`)).json
    const root = (await call(network.baseUrl, '/.well-known/coderisk/trust-root.json')).json
    const { keys } = JSON.parse(Buffer.from(root.payload, 'base64url').toString())
    const { pem } = keys.find((key: { kid: string }) => key.kid === certificate.signature.public_key_id)
    const { signature, status: _status, log: _log, blockchain_hash: _hash, ...signed } = certificate
    const at = (name: string) => path.join(scratch, name)
    writeFileSync(at('key.pem'), pem)
    writeFileSync(at('signature.bin'), Buffer.from(signature.value, 'base64'))
    writeFileSync(at('signed.json'), canonical(signed))
    const args = [
      'dgst',
      '-sha256',
      '-verify',
      at('key.pem'),
      '-signature',
      at('signature.bin'),
      at('signed.json'),
    ]
    expect(run('openssl', args).stdout).toBe('Verified OK\n')
    writeFileSync(at('signed.json'), canonical({ ...signed, risk_score: 0 }))
    expect(run('openssl', args).status).not.toBe(0)

    const tree = at('tree')
    for (const file of files) {
      mkdirSync(path.dirname(path.join(tree, file.path)), { recursive: true })
      writeFileSync(path.join(tree, file.path), file.content)
    }
    const sorted = files
      .map((file) => file.path)
      .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    const manifest = run('sha256sum', ['--', ...sorted], tree).stdout
    writeFileSync(at('manifest'), manifest)
    expect(run('sha256sum', [at('manifest')]).stdout.split(' ')[0]).toBe(certificate.code_hash)
    rmSync(tree, { recursive: true })
  })

  it('the keys of the JWKS are the keys of the trust root', async () => {
    const root = (await call(network.baseUrl, '/.well-known/coderisk/trust-root.json')).json
    const { keys } = JSON.parse(Buffer.from(root.payload, 'base64url').toString())
    writeFileSync(path.join(scratch, 'root.pem'), keys[0].pem)
    const modulus = run('openssl', [
      'rsa',
      '-pubin',
      '-in',
      path.join(scratch, 'root.pem'),
      '-noout',
      '-modulus',
    ]).stdout
    const jwks = (await call(network.baseUrl, '/.well-known/jwks.json')).json
    expect(`Modulus=${Buffer.from(jwks.keys[0].n, 'base64url').toString('hex').toUpperCase()}\n`).toBe(
      modulus,
    )
    expect(modulus.trim().length).toBe('Modulus='.length + 4096 / 4)
  })
})

describe('verify-signature', () => {
  it('takes the whole certificate or a JWS of it, and tells a changed one', async () => {
    const issued = (await issue(network)).json
    const check = async (body: unknown) =>
      (await call(network.baseUrl, '/v1/trust/verify-signature', { method: 'POST', body })).json
    expect(await check(issued)).toMatchObject({ verdict: 'valid', certificate_id: issued.certificate_id })
    expect(await check({ ...issued, status: 'revoked', blockchain_hash: '0x00' })).toMatchObject({
      verdict: 'valid',
    })
    const changed = await check({ ...issued, risk_score: 0 })
    expect(changed).toMatchObject({ verdict: 'invalid', signature_valid: false })
    expect(changed.reasons).toContain('signature_invalid')

    const { signature, status: _status, log: _log, ...signed } = issued
    const jws = await signJws(canonical(signed), signature.public_key_id)
    expect(await check(jws)).toMatchObject({ verdict: 'valid', certificate_id: issued.certificate_id })
    const forged = Buffer.from(canonical({ ...signed, risk_score: 0 })).toString('base64url')
    expect((await check({ ...jws, payload: forged })).reasons).toContain('signature_invalid')
    const unsigned = Buffer.from(JSON.stringify({ alg: 'none', kid: signature.public_key_id })).toString(
      'base64url',
    )
    expect(await check({ ...jws, protected: unsigned, signature: '' })).toMatchObject({
      verdict: 'invalid',
      signature_valid: false,
    })
  })

  it('repeats nothing as true that no signature vouches for', async () => {
    const issued = (await issue(network)).json
    const body = { ...issued, ai_tool: 'forged-v1', risk_score: 0, risk_level: 'LOW' }
    const answer = await call(network.baseUrl, '/v1/trust/verify-signature', { method: 'POST', body })
    expect(answer.json).toMatchObject({
      signature_valid: false,
      ai_tool: null,
      risk_level: null,
      risk_score: null,
    })
  })
})

describe('expiry', () => {
  it('makes a certificate of long ago invalid: expired, and nothing else', async () => {
    const longAgo = new Date(Date.now() - 40 * DAY_MS)
    await network.sql`UPDATE signing_keys SET created_at = ${new Date(longAgo.getTime() - DAY_MS)}`
    const id = await withContext(network.provisioning, async (ctx) => {
      await publishTrustRoot(ctx)
      const actor = await demoActor()
      const request: IssueRequest = {
        ...SMALL_CHANGE,
        files: [...SMALL_CHANGE.files],
        path_privacy: 'plain',
        ttl_days: 30,
      }
      return (await issueCertificate({ ...ctx, now: longAgo }, actor, request, UNCLAIMED)).id
    })
    await network.workers().runCron('* * * * *')
    await network.restartWorkers()
    expect(await verify(network, id)).toMatchObject({
      verdict: 'invalid',
      reasons: ['expired'],
      status: 'expired',
      signature_valid: true,
    })
    expect((await call(network.baseUrl, `/v1/trust/certs/${id}`)).json.status).toBe('expired')
    expect((await call(network.baseUrl, `/badges/${id}.svg`)).text).toContain('CodeRisk: expired')
    const list = await call(network.baseUrl, '/v1/trust/certs', { key: network.tenants.api_key })
    expect(list.json.data[0]).toMatchObject({ certificate_id: id, status: 'expired' })
  })
})

async function demoActor() {
  const [key] = await network.sql`
    SELECT id, user_id FROM api_keys WHERE organisation_id = ${network.tenants.organisation_id} ORDER BY created_at LIMIT 1`
  return {
    keyId: key!.id as string,
    organisationId: network.tenants.organisation_id,
    userId: key!.user_id as string,
    scopes: ['certificates:write'] as const,
    livemode: true,
  }
}

/** RFC 7515 over the signed bytes, made with the network's own sealed key. */
async function signJws(payload: string, kid: string) {
  const [row] = await network.sql`SELECT sealed_private_key FROM signing_keys WHERE kid = ${kid}`
  const header = Buffer.from(JSON.stringify({ alg: 'RS256', kid })).toString('base64url')
  const encoded = Buffer.from(payload).toString('base64url')
  return withContext(network.provisioning, async (ctx) => {
    const signer = await ctx.keys.signer(kid, row!.sealed_private_key)
    const signature = await signer.sign(new Uint8Array(Buffer.from(`${header}.${encoded}`)))
    return { protected: header, payload: encoded, signature: Buffer.from(signature).toString('base64url') }
  })
}

/** RFC 8785, written again from its text: members by UTF-16 code units, values as ECMAScript writes them. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`
}

function run(command: string, args: readonly string[], cwd?: string) {
  return spawnSync(command, args, { encoding: 'utf8', cwd, env: { ...process.env, LC_ALL: 'C' } })
}
