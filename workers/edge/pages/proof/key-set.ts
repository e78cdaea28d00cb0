import type { TrustRoot, TrustRootKey } from '../../../../core/verify/trust-root.ts'

/**
 * The kernel asks a trust root; a browser that has pinned no root key has the JWKS, so that is what it trusts
 * here: whoever serves this page serves the keys too. The JWKS leaves out compromised keys and gives no
 * periods, so a key found in it counts as in force.
 *
 * @param keySet anything at all; entries that are no RSA signing keys are left out
 * @returns null when it is no key set (RFC 7517 §5)
 */
export function trustRootOfKeySet(keySet: unknown): TrustRoot | null {
  if (!isRecord(keySet) || !Array.isArray(keySet.keys)) return null
  return {
    type: 'coderisk-trust-root',
    version: 0,
    issued_at: BEGINNING,
    expires_at: END,
    status_lists: [],
    keys: keySet.keys.filter(isSigningKey).map(toTrustRootKey),
  }
}

/** Length of the modulus in bits. */
export function keyBits({ jwk }: TrustRootKey): number {
  return Math.floor((jwk.n.length * 6) / 8) * 8
}

const BEGINNING = '1970-01-01T00:00:00Z'
const END = '9999-12-31T23:59:59Z'

interface SigningKey {
  readonly kid: string
  readonly n: string
  readonly e: string
}

function toTrustRootKey({ kid, n, e }: SigningKey): TrustRootKey {
  const period = { valid_from: BEGINNING, valid_to: null }
  return { kid, algorithm: 'RS256', state: 'active', ...period, jwk: { kty: 'RSA', n, e }, pem: '' }
}

function isSigningKey(key: unknown): key is SigningKey {
  return (
    isRecord(key) &&
    key.kty === 'RSA' &&
    (key.use === undefined || key.use === 'sig') &&
    (key.alg === undefined || key.alg === 'RS256') &&
    typeof key.kid === 'string' &&
    typeof key.n === 'string' &&
    typeof key.e === 'string'
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
