import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose'
import { type CiIdentities, type CiIdentity, rejected } from '../../../core/evidence/ci-identity.ts'
import { Refusal } from '../../../core/refusal.ts'

/** An issuer that the network believes, and where its keys are. */
export interface CiIssuer {
  readonly issuer: string
  readonly jwks_uri: string
}

const KEYS_TIMEOUT_MS = 3_000
const KEYS_MAX_AGE_MS = 10 * 60_000
/** A key that is not known makes us ask again, but no more often than this. */
const KEYS_COOLDOWN_MS = 2_000
const CLOCK_TOLERANCE_S = 60
/** Also of a token that says that it is good for longer. */
const MAX_TOKEN_AGE = '15 minutes'
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'PS256']

/**
 * Verifies OIDC tokens of CI runs as GitHub Actions gives them (RFC 7519; claims `repository`, `sha`, `run_id`).
 *
 * @param issuers only these are asked for keys; a token of another is refused before anything is fetched
 */
export function createCiIdentities(issuers: readonly CiIssuer[]): CiIdentities {
  const known = new Map(issuers.map(({ issuer, jwks_uri }) => [issuer, openKeys(jwks_uri)]))
  return {
    async verify(token, audience, now) {
      const issuer = readIssuer(token)
      const keys = known.get(issuer)
      if (keys === undefined) throw rejected('The token is of an issuer that is not known here.')
      try {
        const { payload } = await jwtVerify(token, keys, {
          issuer,
          audience,
          algorithms: ALGORITHMS,
          clockTolerance: CLOCK_TOLERANCE_S,
          currentDate: now,
          maxTokenAge: MAX_TOKEN_AGE,
          requiredClaims: ['exp', 'iat', 'aud', 'iss'],
        })
        return describe(issuer, payload)
      } catch (error) {
        throw explain(error)
      }
    },
  }
}

/** @param text JSON of the variable `CI_ISSUERS`; empty: none is believed */
export function parseCiIssuers(text: string | undefined): CiIssuer[] {
  return text === undefined || text === '' ? [] : (JSON.parse(text) as CiIssuer[])
}

function openKeys(uri: string) {
  return createRemoteJWKSet(new URL(uri), {
    timeoutDuration: KEYS_TIMEOUT_MS,
    cacheMaxAge: KEYS_MAX_AGE_MS,
    cooldownDuration: KEYS_COOLDOWN_MS,
  })
}

/** What the token itself says, to find whose keys verify it; nothing more is taken from it until they have. */
function readIssuer(token: string): string {
  try {
    const [, payload = ''] = token.split('.')
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (c) =>
      c.charCodeAt(0),
    )
    const { iss } = JSON.parse(new TextDecoder().decode(bytes)) as { iss?: unknown }
    if (typeof iss === 'string') return iss
  } catch {
    // Said below, as for any other text that is no token.
  }
  throw rejected('The token is not a signed JWT.')
}

function describe(issuer: string, { repository, sha, run_id: run }: JWTPayload): CiIdentity {
  if (typeof repository !== 'string' || typeof sha !== 'string') {
    throw rejected('The token names no repository or no commit.')
  }
  return { issuer, repository, commitSha: sha, run: typeof run === 'string' ? run : null }
}

/** Why a token does not hold, without any of it; or that the issuer's keys could not be had. */
function explain(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof errors.JWTExpired) return rejected('The token has expired.', error)
  if (error instanceof errors.JWTClaimValidationFailed) {
    return error.claim === 'aud'
      ? rejected(
          'The token is not for this evidence: aud must be coderisk: and the SHA-256 of the evidence.',
          error,
        )
      : rejected(`The claim ${error.claim} does not hold.`, error)
  }
  if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError) || isFetchFailure(error)) {
    return new Refusal('ci_issuer_unavailable', { cause: error })
  }
  return rejected('The signature does not hold.', error)
}

/** jose has a general error for a key set that did not arrive. */
function isFetchFailure(error: InstanceType<typeof errors.JOSEError>): boolean {
  return error.code === 'ERR_JOSE_GENERIC' || error instanceof errors.JWKSInvalid
}
