import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'

/** A repository and commit as a CI run's token names them. */
export const CI_REPOSITORY = 'Example/Shop'
export const CI_COMMIT = 'c0ffee'.padEnd(40, '0')

/** How the key set is served. */
export type Serving =
  | 'keys'
  | 'nothing'
  | 'an error'
  | 'garbage'
  | 'no key set'
  | 'a redirect'
  | 'an unusable key'

export interface CiKey {
  readonly kid: string
  readonly privateKey: CryptoKey
  readonly publicJwk: JWK
}

/** A CI system's issuer of identity tokens, with its key set on a port of this machine. */
export interface CiIssuer {
  readonly issuer: string
  readonly jwksUri: string
  /** JSON for the variable `CI_ISSUERS`. */
  readonly variable: string
  readonly key: CiKey
  /** How often the key set was asked for. */
  fetches(): number
  serve(how: Serving): void
  /** Replaces the key in the set by a new one. */
  rotate(): Promise<CiKey>
  /** A token of a run; `claims` replace or, if undefined, take away those of a good one. */
  token(audience: string, claims?: Readonly<Record<string, unknown>>, key?: CiKey): Promise<string>
  stop(): Promise<void>
}

export async function startCiIssuer(now: () => number = Date.now): Promise<CiIssuer> {
  let key = await makeKey('key-1')
  let serving: Serving = 'keys'
  let fetched = 0
  const server = createServer((_, response) => {
    fetched++
    const answers: Record<Serving, () => void> = {
      keys: () => response.end(JSON.stringify({ keys: [key.publicJwk] })),
      nothing: () => {},
      'an error': () => response.writeHead(500).end('no'),
      garbage: () => response.end('<html>'),
      'no key set': () => response.end('{"keys":"none"}'),
      'a redirect': () => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      'an unusable key': () =>
        response.end(JSON.stringify({ keys: [{ kty: 'RSA', kid: key.kid, n: '!', e: '!' }] })),
    }
    answers[serving]()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const jwksUri = `${origin}/jwks`
  return {
    issuer: origin,
    jwksUri,
    variable: JSON.stringify([{ issuer: origin, jwks_uri: jwksUri }]),
    get key() {
      return key
    },
    fetches: () => fetched,
    serve(how) {
      serving = how
    },
    async rotate() {
      key = await makeKey(`key-${fetched + 2}`)
      return key
    },
    token: (audience, claims = {}, by = key) => sign(by, goodClaims(origin, audience, now()), claims),
    stop: () => close(server),
  }
}

/** What GitHub Actions puts into a token, as far as anything here reads it. */
function goodClaims(issuer: string, audience: string, nowMs: number): Record<string, unknown> {
  const seconds = Math.floor(nowMs / 1000)
  return {
    iss: issuer,
    aud: audience,
    iat: seconds - 5,
    nbf: seconds - 5,
    exp: seconds + 300,
    repository: CI_REPOSITORY,
    sha: CI_COMMIT,
    run_id: '4711',
  }
}

function sign(key: CiKey, good: object, claims: object): Promise<string> {
  const all = Object.entries({ ...good, ...claims }).filter(([, value]) => value !== undefined)
  return new SignJWT(Object.fromEntries(all))
    .setProtectedHeader({ alg: 'RS256', kid: key.kid, typ: 'JWT' })
    .sign(key.privateKey)
}

async function makeKey(kid: string): Promise<CiKey> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
  return { kid, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } }
}

function close(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => void server.close(() => resolve()))
}
