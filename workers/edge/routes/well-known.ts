import { jsonWebKeySet } from '../../../core/verify/trust-root.ts'
import type { EdgeRequest } from '../request.ts'
import { json, publicProblem } from '../respond.ts'
import { trustRoot } from '../trust.ts'

/** `GET /.well-known/jwks.json` (RFC 7517): the keys of the signed trust root, and so never others than it lists. */
export async function getJwks(edge: EdgeRequest): Promise<Response> {
  const root = await trustRoot(edge.env, edge.now)
  if (root === null) return publicProblem('core_unavailable', edge.id)
  const headers = { 'content-type': 'application/jwk-set+json', 'cache-control': 'public, max-age=300' }
  return json(JSON.stringify(jsonWebKeySet(root.trustRoot)), headers)
}

/** `GET /.well-known/coderisk/trust-root.json`: flattened JWS, signed by the network root key. */
export async function getTrustRoot(edge: EdgeRequest): Promise<Response> {
  const root = await trustRoot(edge.env, edge.now)
  if (root === null) return publicProblem('core_unavailable', edge.id)
  return json(root.jws, { 'cache-control': 'public, max-age=60' })
}

/** `GET /.well-known/coderisk/root-key.json`: the key to pin. Get it by another way too, and compare. */
export function getRootKey(edge: EdgeRequest): Response {
  return json(edge.env.NETWORK_ROOT_PUBLIC_KEY, {
    'content-type': 'application/jwk+json',
    'cache-control': 'public, max-age=300',
  })
}
