import { expect } from 'vitest'
import { type Answer, type Call, call } from './client.ts'
import type { Network } from './network.ts'

export const SMALL_CHANGE = {
  ai_tool: 'claude-code-v1.0',
  files: [{ path: 'src/sum.ts', content: 'export const sum = (a: number, b: number) => a + b\n' }],
} as const

/** Issues with the demo organisation's key, or another. */
export function issue(network: Network, body: object = SMALL_CHANGE, more: Call = {}): Promise<Answer> {
  return call(network.baseUrl, '/v1/trust/verify', {
    method: 'POST',
    key: network.tenants.api_key,
    body,
    ...more,
  })
}

/** Issues a certificate that must come out. @returns its id */
export async function issueId(
  network: Network,
  body: object = SMALL_CHANGE,
  more: Call = {},
): Promise<string> {
  const answer = await issue(network, body, more)
  expect(answer.status, answer.text).toBe(201)
  return answer.json.certificate_id
}

/** A certificate as it was answered, but for what it says of the log: that changes within a second of its issue. */
export function withoutLog(certificate: string): string {
  return certificate.replace(/,"log":\{.*\}\}$/, '}')
}

export async function verify(network: Network, id: string) {
  const answer = await call(network.baseUrl, `/v1/trust/certs/${id}/verify`)
  expect(answer.status, answer.text).toBe(200)
  return answer.json
}

export async function revoke(network: Network, id: string, reason = 'superseded'): Promise<Answer> {
  return call(network.baseUrl, `/v1/trust/certs/${id}/revoke`, {
    key: network.tenants.api_key,
    body: { reason },
  })
}

export interface NewKey {
  readonly id: string
  readonly key: string
}

/** A key made with `by`, or with the demo organisation's own. */
export async function makeKey(
  network: Network,
  scopes: readonly string[],
  options: { livemode?: boolean; by?: string } = {},
): Promise<NewKey> {
  const answer = await call(network.baseUrl, '/v1/keys', {
    key: options.by ?? network.tenants.api_key,
    body: { name: 'made by a test', scopes, livemode: options.livemode ?? true },
  })
  expect(answer.status, answer.text).toBe(201)
  return answer.json
}

/** Another organisation, with a key of its own. */
export async function makeOrganisation(
  network: Network,
  name = 'Other',
): Promise<{ id: string; api_key: string }> {
  const answer = await call(network.baseUrl, '/v1/organisations', {
    key: network.tenants.operator_key,
    body: { name },
  })
  expect(answer.status, answer.text).toBe(201)
  return answer.json
}

/** The value of one series in `/metrics`; 0 when it is not there. */
export async function metric(network: Network, series: string): Promise<number> {
  const answer = await call(network.baseUrl, '/metrics', { key: network.tenants.operator_key })
  expect(answer.status, answer.text).toBe(200)
  const line = answer.text.split('\n').find((candidate) => candidate.startsWith(`${series} `))
  return Number(line?.slice(series.length + 1) ?? 0)
}

/** A refusal: its status and code, as a problem document with a request id. */
export function expectProblem(answer: Answer, status: number, code: string): void {
  expect(answer.headers['content-type'], answer.text).toBe('application/problem+json')
  const document = answer.json
  expect({ status: answer.status, code: document.code }, answer.text).toEqual({ status, code })
  expect(document.status).toBe(status)
  expect(document.request_id).toBe(answer.headers['x-request-id'])
  expect(document.title).toEqual(expect.any(String))
}
