import { expect } from 'vitest'
import type { TrustRoot } from '../../../core/verify/trust-root.ts'
import { call } from '../../support/client.ts'
import type { Network } from '../../support/network.ts'

/** The PEM that the network's trust root has of a signing key. */
export async function publishedPem(network: Network, kid: string): Promise<string> {
  const answer = await call(network.baseUrl, '/.well-known/coderisk/trust-root.json')
  expect(answer.status, answer.text).toBe(200)
  const payload = JSON.parse(Buffer.from(answer.json.payload, 'base64url').toString()) as TrustRoot
  const key = payload.keys.find((candidate) => candidate.kid === kid)
  if (key === undefined) throw new Error(`the trust root has no ${kid}`)
  return key.pem
}
