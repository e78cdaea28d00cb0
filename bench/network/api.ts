import type { Certificate } from '../../schema/wire/certificate.ts'
import { changeOf } from '../load/changes.ts'
import type { Network } from './network.ts'

const nextBody = changeOf(10)

/** Issues a certificate for a 10-line change. @returns it, its id, and how long it took */
export async function issue(
  network: Network,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ id: string; certificate: Certificate; ms: number }> {
  const body = nextBody()
  const started = performance.now()
  const text = await post(network, '/v1/trust/verify', body, headers)
  const ms = performance.now() - started
  const certificate = JSON.parse(text) as Certificate
  return { id: certificate.certificate_id, certificate, ms }
}

export async function revoke(network: Network, id: string): Promise<void> {
  await post(network, `/v1/trust/certs/${id}/revoke`, JSON.stringify({ reason: 'keyCompromise' }))
}

async function post(
  { urls, tenants }: Network,
  path: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const response = await fetch(urls.edge + path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${tenants.api_key}`,
      'content-type': 'application/json',
      'idempotency-key': crypto.randomUUID(),
      ...headers,
    },
    body,
  })
  const text = await response.text()
  if (!response.ok)
    throw new Error(`POST ${path} was answered with ${response.status}: ${text.slice(0, 200)}`)
  return text
}

/** A certificate's URL below `url`, and how long its answer took. @throws when it is not 200 */
export async function timedGet(url: string, path: string): Promise<{ text: string; ms: number }> {
  const started = performance.now()
  const response = await fetch(url + path)
  const text = await response.text()
  const ms = performance.now() - started
  if (!response.ok) throw new Error(`GET ${path} was answered with ${response.status}: ${text.slice(0, 200)}`)
  return { text, ms }
}
