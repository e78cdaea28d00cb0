import { env, exports } from 'cloudflare:workers'
import { describe, expect, inject, it } from 'vitest'
import { type CertificateRecord, certificateKey, writeRecord } from '../../schema/kv.ts'

const BASE = 'https://network.example'
const { tenants } = inject('core')

function call(path: string, init: RequestInit = {}): Promise<Response> {
  return exports.default.fetch(new Request(`${BASE}${path}`, init))
}

async function issue(code: string): Promise<Record<string, unknown>> {
  const response = await call('/v1/trust/verify', {
    method: 'POST',
    headers: {
      authorization: `Bearer ${tenants.api_key}`,
      'content-type': 'application/json',
      'idempotency-key': crypto.randomUUID(),
    },
    body: JSON.stringify({ ai_tool: 'claude-v4.1', code, files_changed: ['a.ts'] }),
  })
  expect(response.status).toBe(201)
  return response.json()
}

describe('the edge Worker inside workerd', () => {
  it('runs there', () => {
    expect(navigator.userAgent).toBe('Cloudflare-Workers')
  })

  it('holds no secret and no database', () => {
    const names = Object.keys(env).filter((name) => !name.startsWith('__VITEST'))
    expect(names.sort()).toEqual([
      'ASSETS',
      'CORE',
      'CORE_READS',
      'NETWORK_ROOT_PUBLIC_KEY',
      'PUBLIC_BASE_URL',
      'RATE_LIMIT_IP',
      'RATE_LIMIT_KEY',
      'RATE_LIMIT_MISS',
      'STATUS_MAX_AGE_MS',
      'STATUS_MAX_STALENESS_S',
      'TRUST_KV',
    ])
  })

  it('checks the signature of a certificate with its own WebCrypto', async () => {
    const certificate = await issue('export const one = 1\n')
    const response = await call(`/v1/trust/certs/${certificate.certificate_id}/verify`)
    expect(await response.json()).toMatchObject({
      verdict: 'valid',
      signature_valid: true,
      status_source: 'core',
    })
  })

  it('refuses a certificate that was altered in KV, and serves the true one', async () => {
    const certificate = await issue('export const two = 2\n')
    const id = certificate.certificate_id as string
    const { signature } = certificate as unknown as CertificateRecord
    const forged = { v: 1, generation: 9, signature, signed: '{}' } as const
    await (env as { TRUST_KV: KVNamespace }).TRUST_KV.put(certificateKey(id), writeRecord(forged))
    const response = await call(`/v1/trust/certs/${id}`)
    expect(await response.json()).toMatchObject({ certificate_id: id, code_hash: certificate.code_hash })
  })
})
