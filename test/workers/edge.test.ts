import { env, exports } from 'cloudflare:workers'
import { describe, expect, inject, it } from 'vitest'
import { type CertificateRecord, certificateKey, writeRecord } from '../../schema/kv.ts'

const BASE = 'https://network.example'
const { tenants } = inject('core')

function call(path: string, init: RequestInit = {}): Promise<Response> {
  return exports.default.fetch(new Request(`${BASE}${path}`, init))
}

async function issue(code: string, path = 'a.ts'): Promise<Record<string, unknown>> {
  const response = await call('/v1/trust/verify', {
    method: 'POST',
    headers: {
      authorization: `Bearer ${tenants.api_key}`,
      'content-type': 'application/json',
      'idempotency-key': crypto.randomUUID(),
    },
    body: JSON.stringify({ ai_tool: 'claude-v4.1', code, files_changed: [path] }),
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
      'CARRIER_NAME',
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
      'TRUST_R2',
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

  it.each([
    ['a.js', 'export const run = (req) => eval(req.query.code)\n', 'js-eval'],
    ['a.ts', 'export const run = (req: Request) => eval(req.query.code)\n', 'js-eval'],
    ['a.tsx', 'export const Run = (req) => <p>{eval(req.query.code)}</p>\n', 'js-eval'],
  ])('has a core whose parser, in WebAssembly, finds what is wrong in %s', async (path, code, rule) => {
    const certificate = await issue(code, path)
    expect(certificate.checks_passed).toMatchObject({
      security_scan: { result: 'failed', evidence: 'E3', issues_found: 1 },
    })
    const report = await call(`/v1/trust/certs/${certificate.certificate_id}/report`, {
      headers: { authorization: `Bearer ${tenants.api_key}` },
    })
    expect(await report.json()).toMatchObject({ findings: [{ path, line: 1, rule }] })
  })

  it.each([
    ['a.py', 'def f(a):\n    return a + 1\n'],
    ['a.go', 'package a\n\nfunc f(a int) int { return a }\n'],
    ['A.java', 'class A { int f(int a) { return a; } }\n'],
  ])('has a core that finds nothing wrong in %s', async (path, code) => {
    expect((await issue(code, path)).checks_passed).toMatchObject({
      security_scan: { result: 'passed', evidence: 'E3', issues_found: 0 },
      incident_similarity: { evidence: 'E3' },
    })
  })

  it('has a core that gives up on what is too much, and goes on with the next', async () => {
    const tooMuch = `eval(x)\n${'['.repeat(10_000)}`
    expect((await issue(tooMuch, 'a.js')).checks_passed).toMatchObject({
      security_scan: { result: 'not_evaluated', reasons: ['budget'] },
    })
    expect((await issue('eval(req.query.code)\n', 'a.js')).checks_passed).toMatchObject({
      security_scan: { result: 'failed' },
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
