import { signJws } from '../../keys/sign-jws.ts'
import type { FlattenedJws, Signer } from '../../keys/vault.ts'

export const CERTIFICATE_JWS_TYPE = 'coderisk-certificate+json'

/**
 * A certificate as flattened JWS (RFC 7515 §7.2.2), whose payload is the very bytes that its own signature is over.
 *
 * It is made when it is first asked for, maybe with a later key than the certificate's own. `iat` in the protected
 * header (RFC 7519 §4.1.6: seconds) says when; verifiers ask of the key that it was valid then.
 *
 * @param signed the signed bytes of the certificate
 */
export function certificateJws(
  signer: Signer,
  signed: Uint8Array<ArrayBuffer>,
  now: Date,
): Promise<FlattenedJws> {
  const iat = Math.floor(now.getTime() / 1000)
  return signJws(signer, { typ: CERTIFICATE_JWS_TYPE, iat }, signed)
}
