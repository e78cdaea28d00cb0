import { toBase64Url, utf8 } from '../verify/encoding.ts'
import type { FlattenedJws, Signer } from './vault.ts'

/**
 * RS256 by `signer`, whose private key may be in a vault that gives none out (RFC 7515 §5.1).
 *
 * @param header what is protected beside `alg` and `kid`
 */
export async function signJws(
  signer: Signer,
  header: Readonly<Record<string, unknown>>,
  payload: Uint8Array<ArrayBuffer>,
): Promise<FlattenedJws> {
  const head = toBase64Url(utf8(JSON.stringify({ alg: 'RS256', kid: signer.kid, ...header })))
  const body = toBase64Url(payload)
  const signature = await signer.sign(utf8(`${head}.${body}`))
  return { protected: head, payload: body, signature: toBase64Url(signature) }
}
