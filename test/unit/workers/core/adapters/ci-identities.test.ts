import { createHmac } from 'node:crypto'
import { exportSPKI, importJWK } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Refusal } from '../../../../../core/refusal.ts'
import { createCiIdentities, parseCiIssuers } from '../../../../../workers/core/adapters/ci-identities.ts'
import {
  CI_COMMIT,
  CI_REPOSITORY,
  type CiIssuer,
  type Serving,
  startCiIssuer,
} from '../../../../support/ci-issuer.ts'

const AUDIENCE = `coderisk:${'ab'.repeat(32)}`
const MINUTE_S = 60

let ci: CiIssuer
beforeAll(async () => {
  ci = await startCiIssuer()
})
afterEach(() => {
  ci.serve('keys')
  vi.useRealTimers()
})
afterAll(() => ci.stop())

const seconds = (more: number) => Math.floor(Date.now() / 1000) + more
const fresh = () => createCiIdentities(parseCiIssuers(ci.variable))

/** Why a token is refused: the code, and all that anybody is told. */
async function refusal(token: string, identities = fresh()): Promise<Refusal> {
  const error = await identities.verify(token, AUDIENCE, new Date()).catch((thrown) => thrown)
  expect(error).toBeInstanceOf(Error)
  expect((error as Error).name).toBe('Refusal')
  return error as Refusal
}

/** No stretch of the token that would mean anything is in what is said of it. */
function expectNothingOf(token: string, said: Refusal): void {
  const text = JSON.stringify({ detail: said.detail, errors: said.errors, message: said.message })
  for (let at = 0; at + 12 <= Math.min(token.length, 4_000); at++) {
    expect(text.includes(token.slice(at, at + 12)), `it says ${token.slice(at, at + 12)}`).toBe(false)
  }
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

test('a good token says who the run is', async () => {
  const identity = await fresh().verify(await ci.token(AUDIENCE), AUDIENCE, new Date())
  expect(identity).toEqual({
    issuer: ci.issuer,
    repository: CI_REPOSITORY,
    commitSha: CI_COMMIT,
    run: '4711',
  })
})

test.each<[string, Record<string, unknown>, string | null]>([
  ['a run id that is a number', { run_id: 4711 }, null],
  ['no run id', { run_id: undefined }, null],
  ['several audiences', { aud: ['another', AUDIENCE] }, '4711'],
])('a token with %s is good', async (_, claims, run) => {
  const identity = await fresh().verify(await ci.token(AUDIENCE, claims), AUDIENCE, new Date())
  expect(identity).toMatchObject({ repository: CI_REPOSITORY, run })
})

describe('a signed token is refused with', () => {
  test.each<[string, () => Record<string, unknown>, RegExp]>([
    ['another audience', () => ({ aud: `coderisk:${'cd'.repeat(32)}` }), /not for this evidence/],
    ['no audience', () => ({ aud: undefined }), /not for this evidence/],
    ['the audience in another case', () => ({ aud: AUDIENCE.toUpperCase() }), /not for this evidence/],
    ['an unknown issuer', () => ({ iss: 'https://elsewhere.example' }), /issuer that is not known/],
    ['an issuer with a slash behind it', () => ({ iss: `${ci.issuer}/` }), /issuer that is not known/],
    ['an issuer that is no text', () => ({ iss: [ci.issuer] }), /not a signed JWT/],
    ['no issuer', () => ({ iss: undefined }), /not a signed JWT/],
    ['an end that is past', () => ({ exp: seconds(-2 * MINUTE_S) }), /expired/],
    ['no end', () => ({ exp: undefined }), /exp does not hold/],
    ['an end that is no number', () => ({ exp: 'tomorrow' }), /exp does not hold/],
    ['a beginning that is to come', () => ({ nbf: seconds(2 * MINUTE_S) }), /nbf does not hold/],
    ['no time of issue', () => ({ iat: undefined }), /iat does not hold/],
    ['a time of issue to come', () => ({ iat: seconds(2 * MINUTE_S) }), /iat does not hold/],
    [
      'an age beyond 15 minutes, good for a day',
      () => ({ iat: seconds(-17 * MINUTE_S), exp: seconds(86_400) }),
      /expired/,
    ],
    ['no repository', () => ({ repository: undefined }), /names no repository or no commit/],
    ['a repository that is a number', () => ({ repository: 7 }), /names no repository or no commit/],
    ['no commit', () => ({ sha: undefined }), /names no repository or no commit/],
  ])('%s', async (_, claims, words) => {
    const token = await ci.token(AUDIENCE, claims())
    const said = await refusal(token)
    expect(said.code).toBe('ci_identity_rejected')
    expect(said.detail).toMatch(words)
    expectNothingOf(token, said)
  })

  test('a minute of difference between the clocks is allowed', async () => {
    for (const claims of [{ exp: seconds(-30) }, { nbf: seconds(30) }, { iat: seconds(30) }]) {
      const token = await ci.token(AUDIENCE, claims)
      expect(await fresh().verify(token, AUDIENCE, new Date())).toMatchObject({ commitSha: CI_COMMIT })
    }
  })
})

describe('a forged token is refused', () => {
  const payload = () => ({
    iss: ci.issuer,
    aud: AUDIENCE,
    iat: seconds(-5),
    exp: seconds(300),
    repository: CI_REPOSITORY,
    sha: CI_COMMIT,
  })
  const forgeries: [string, () => Promise<string>][] = [
    ['unsigned (alg none)', async () => `${encode({ alg: 'none' })}.${encode(payload())}.`],
    [
      'unsigned, the algorithm in another case',
      async () => `${encode({ alg: 'nOnE' })}.${encode(payload())}.`,
    ],
    [
      'signed by HMAC with the public key as its secret',
      async () => {
        const signed = `${encode({ alg: 'HS256', kid: ci.key.kid })}.${encode(payload())}`
        const spki = await exportSPKI((await importJWK(ci.key.publicJwk, 'RS256')) as CryptoKey)
        return `${signed}.${createHmac('sha256', spki).update(signed).digest('base64url')}`
      },
    ],
    [
      'signed by another key under the same name',
      async () => {
        const other = await startCiIssuer()
        await other.stop()
        return ci.token(AUDIENCE, {}, { ...other.key, kid: ci.key.kid })
      },
    ],
    [
      'signed by a key of another name',
      async () => ci.token(AUDIENCE, {}, { ...ci.key, kid: 'key-nobody-has' }),
    ],
    [
      'whose payload was altered',
      async () => {
        const [header, , signature] = (await ci.token(AUDIENCE)).split('.')
        return `${header}.${encode({ ...payload(), repository: 'evil/shop' })}.${signature}`
      },
    ],
    [
      'that brings its own key',
      async () => {
        const [, body, signature] = (await ci.token(AUDIENCE)).split('.')
        return `${encode({ alg: 'RS256', jwk: ci.key.publicJwk })}.${body}.${signature}`
      },
    ],
    [
      'that names critical extensions',
      async () => {
        const [, body, signature] = (await ci.token(AUDIENCE)).split('.')
        return `${encode({ alg: 'RS256', kid: ci.key.kid, crit: ['b64'], b64: false })}.${body}.${signature}`
      },
    ],
    ['without a signature', async () => (await ci.token(AUDIENCE)).split('.').slice(0, 2).join('.')],
    ['with a part too many', async () => `${await ci.token(AUDIENCE)}.x`],
    ['with an empty header', async () => `.${encode(payload())}.x`],
    ['whose header is no JSON', async () => `e30x.${encode(payload())}.AAAA`],
    ['whose payload is no object', async () => `${encode({ alg: 'RS256' })}.${encode([ci.issuer])}.AAAA`],
    ['whose payload is null', async () => `${encode({ alg: 'RS256' })}.${encode(null)}.AAAA`],
    ['that is one word', async () => 'token'],
    ['that is nothing but points', async () => '.'.repeat(1_000)],
    ['that is no base64', async () => '\u{1f600}.\u{1f600}.\u{1f600}'],
    ['that is as long as may be', async () => `${encode({ alg: 'RS256' })}.${'A'.repeat(16_000)}.AAAA`],
    [
      'of a megabyte',
      async () => `${encode({ alg: 'RS256' })}.${encode({ ...payload(), x: 'A'.repeat(1 << 20) })}.AAAA`,
    ],
    [
      'of a thousand brackets',
      async () => `${encode({ alg: 'RS256' })}.${Buffer.from('['.repeat(8_000)).toString('base64url')}.AAAA`,
    ],
  ]
  test.each(forgeries)('%s', async (_, make) => {
    const token = await make()
    const said = await refusal(token)
    expect(said.code).toBe('ci_identity_rejected')
    expectNothingOf(token, said)
  })
})

describe('the keys of an issuer', () => {
  test('of an unknown issuer are never asked for', async () => {
    const before = ci.fetches()
    await refusal(await ci.token(AUDIENCE, { iss: 'https://elsewhere.example' }))
    await refusal('token')
    expect(ci.fetches()).toBe(before)
  })

  test('are asked for once for many tokens', async () => {
    const identities = fresh()
    const before = ci.fetches()
    for (let i = 0; i < 3; i++) await identities.verify(await ci.token(AUDIENCE), AUDIENCE, new Date())
    expect(ci.fetches()).toBe(before + 1)
  })

  test('are asked for again when there is a new one, though not for every unknown name', async () => {
    const identities = fresh()
    const before = ci.fetches()
    await identities.verify(await ci.token(AUDIENCE), AUDIENCE, new Date())
    const old = ci.key
    await ci.rotate()
    expect((await refusal(await ci.token(AUDIENCE), identities)).code).toBe('ci_identity_rejected')
    expect(ci.fetches()).toBe(before + 1)
    // Half a minute on, it may ask again.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 })
    const token = await ci.token(AUDIENCE, { iat: seconds(-5), exp: seconds(300) })
    expect(await identities.verify(token, AUDIENCE, new Date())).toMatchObject({ commitSha: CI_COMMIT })
    expect(ci.fetches()).toBe(before + 2)
    expect((await refusal(await ci.token(AUDIENCE, {}, old), identities)).code).toBe('ci_identity_rejected')
  })

  test.each<Serving>(['an error', 'garbage', 'no key set', 'a redirect', 'an unusable key'])(
    'that are %s make it unavailable, and are asked for again',
    async (serving) => {
      const identities = fresh()
      ci.serve(serving)
      const token = await ci.token(AUDIENCE)
      const said = await refusal(token, identities)
      expect(said.code).toBe('ci_issuer_unavailable')
      expectNothingOf(token, said)
    },
  )

  test('that could not be had are asked for again the next time', async () => {
    const identities = fresh()
    ci.serve('an error')
    const token = await ci.token(AUDIENCE)
    expect((await refusal(token, identities)).code).toBe('ci_issuer_unavailable')
    ci.serve('keys')
    expect(await identities.verify(token, AUDIENCE, new Date())).toMatchObject({ commitSha: CI_COMMIT })
  })

  test('that never come make it unavailable', async () => {
    ci.serve('nothing')
    expect((await refusal(await ci.token(AUDIENCE))).code).toBe('ci_issuer_unavailable')
  })

  test('where nobody listens make it unavailable', async () => {
    const gone = await startCiIssuer()
    const token = await gone.token(AUDIENCE)
    await gone.stop()
    const said = await refusal(token, createCiIdentities(parseCiIssuers(gone.variable)))
    expect(said.code).toBe('ci_issuer_unavailable')
    expectNothingOf(token, said)
  })

  test('of one issuer do not verify tokens of another', async () => {
    const other = await startCiIssuer()
    try {
      const both = createCiIdentities([...parseCiIssuers(ci.variable), ...parseCiIssuers(other.variable)])
      const token = await ci.token(AUDIENCE, { iss: other.issuer })
      expect((await refusal(token, both)).code).toBe('ci_identity_rejected')
      expect(await both.verify(await other.token(AUDIENCE), AUDIENCE, new Date())).toMatchObject({
        issuer: other.issuer,
      })
    } finally {
      await other.stop()
    }
  })
})

test.each([undefined, '', '[]'])('no issuer is believed when the variable is %j', async (variable) => {
  expect(parseCiIssuers(variable)).toEqual([])
  const said = await refusal(await ci.token(AUDIENCE), createCiIdentities(parseCiIssuers(variable)))
  expect(said.code).toBe('ci_identity_rejected')
})
