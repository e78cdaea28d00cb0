import { generateKeyPairSync, sign } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Call, call } from '../support/client.ts'
import { HTML } from '../support/hostile.ts'
import { expectProblem, issue } from '../support/issue.ts'
import { type Network, startNetwork } from '../support/network.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let network: Network
beforeAll(async () => {
  network = await startNetwork()
})
afterAll(() => network?.stop())

describe('verify-signature', () => {
  const check = (body: string | Uint8Array, more: Call = {}) =>
    call(network.baseUrl, '/v1/trust/verify-signature', { method: 'POST', body, ...more })
  const b64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

  it('calls what is no certificate malformed', async () => {
    const issued = (await issue(network)).json
    const texts = [
      '',
      'null',
      '[]',
      '{}',
      '"x"',
      '{',
      '['.repeat(10_000),
      '{"a":1,"a":2}',
      JSON.stringify({ ...issued, signature: null }),
      JSON.stringify({ ...issued, signature: { ...issued.signature, value: '!!!' } }),
      JSON.stringify({ ...issued, signature: { ...issued.signature, algorithm: 'none' } }),
      JSON.stringify({ ...issued, certificate_id: HTML }),
      JSON.stringify({ ...issued, issued_at: 'yesterday' }),
      JSON.stringify({ ...issued, schema_version: '2.0' }),
      JSON.stringify({ ...issued, status_list: { uri: issued.status_list.uri, idx: 0.5 } }),
      '{"protected":"","payload":"","signature":""}',
      JSON.stringify({ protected: b64({ alg: 'none' }), payload: b64(issued), signature: '' }),
      JSON.stringify({ protected: b64({ alg: 'HS256', kid: 'x' }), payload: b64(issued), signature: 'AAAA' }),
      JSON.stringify({
        protected: b64({ alg: 'RS256', kid: issued.signature.public_key_id, crit: ['b64'], b64: false }),
        payload: b64(issued),
        signature: 'AAAA',
      }),
    ] // prettier-ignore
    for (const text of texts) {
      const answer = await check(text)
      expect(answer.status, text.slice(0, 100)).toBe(200)
      expect(answer.json, text.slice(0, 100)).toMatchObject({ verdict: 'invalid', signature_valid: false })
      expect(answer.json.reasons, text.slice(0, 100)).toContain('malformed')
    }
  })

  it('believes no key but those of the trust root', async () => {
    const issued = (await issue(network)).json
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 4096 })
    const { signature: _, status: _status, log: _log, ...signed } = issued
    const payload = b64(signed)
    for (const header of [
      { alg: 'RS256', kid: issued.signature.public_key_id },
      { alg: 'RS256', kid: 'key-202601-00000000' },
      {
        alg: 'RS256',
        kid: issued.signature.public_key_id,
        jwk: publicKey.export({ format: 'jwk' }),
        jku: 'http://evil.example/jwks',
      },
    ]) {
      const signature = sign('sha256', Buffer.from(`${b64(header)}.${payload}`), privateKey).toString(
        'base64url',
      )
      const answer = await check(JSON.stringify({ protected: b64(header), payload, signature }))
      expect(answer.json).toMatchObject({ verdict: 'invalid', signature_valid: false, status: 'unknown' })
    }
  })

  it('asks for no status that a forger names', async () => {
    const issued = (await issue(network)).json
    for (const uri of [
      'http://evil.example/v1/status-lists/7',
      '/v1/status-lists/999999999',
      `${network.baseUrl}/v1/status-lists/1`,
    ]) {
      const answer = await check(JSON.stringify({ ...issued, status_list: { uri, idx: 1e9 } }))
      expect(answer.json).toMatchObject({ verdict: 'invalid', status_source: 'none' })
    }
  })

  it('numbers beyond doubles make another text, and no error', async () => {
    const text = JSON.stringify((await issue(network)).json)
    for (const number of ['1e999', '123456789012345678901234567890', '-0', '1.7976931348623157e308']) {
      const answer = await check(text.replace(/"risk_score":[\d.]+/, `"risk_score":${number}`))
      expect([answer.status, answer.json.verdict]).toEqual([200, 'invalid'])
    }
  })

  it('refuses what is too large or no UTF-8', async () => {
    expectProblem(await check(' '.repeat(3 << 20)), 413, 'body_too_large')
    expectProblem(await check(' '.repeat(3 << 20), { chunked: true }), 413, 'body_too_large')
    expectProblem(await check(Buffer.from([0xff])), 400, 'invalid_encoding')
  })
})
