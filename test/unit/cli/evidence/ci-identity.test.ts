import { describe, expect, it, onTestFinished } from 'vitest'
import { hasCiIdentity, requestCiToken } from '../../../../cli/evidence/ci-identity.ts'
import { type ScriptedAnswer, startFakeNetwork } from '../support.ts'

const TOKEN = `${'h'.repeat(40)}.${'p'.repeat(400)}.${'s'.repeat(300)}`
const SECRET = 'request-secret'

async function provider(answer: (count: number) => ScriptedAnswer) {
  const server = await startFakeNetwork((_request, count) => answer(count))
  onTestFinished(() => server.close())
  const env = {
    ACTIONS_ID_TOKEN_REQUEST_URL: `${server.url}/token?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: SECRET,
  }
  return { server, env }
}

describe('a CI identity', () => {
  it('is asked for with its audience and bearer', async () => {
    const { server, env } = await provider(() => ({ status: 200, json: { value: TOKEN, count: 1 } }))
    expect(await requestCiToken(env, 'coderisk:00ff')).toEqual({ ok: true, token: TOKEN })
    expect(server.requests).toMatchObject([
      {
        method: 'GET',
        url: '/token?api-version=2.0&audience=coderisk%3A00ff',
        headers: { authorization: `Bearer ${SECRET}` },
      },
    ])
  })

  it('is asked for again after a fault of the provider, once', async () => {
    const { env } = await provider((count) =>
      count === 1 ? { status: 503 } : { status: 200, json: { value: TOKEN } },
    )
    expect(await requestCiToken(env, 'x')).toMatchObject({ ok: true })
    const down = await provider(() => ({ status: 500 }))
    expect(await requestCiToken(down.env, 'x')).toMatchObject({ ok: false })
    expect(down.server.requests).toHaveLength(2)
  })

  it.each([
    ['a refusal', { status: 403 }, 'answered 403'],
    ['no JSON', { status: 200, text: '<html>' }, 'the answer holds no token'],
    ['another value', { status: 200, json: { value: 7 } }, 'the answer holds no token'],
    ['no token', { status: 200, json: { value: 'a b' } }, 'the answer holds no token'],
    [
      'a huge token',
      { status: 200, json: { value: `a.${'b'.repeat(16_384)}.c` } },
      'the answer holds no token',
    ],
    ['a flood', { status: 200, text: ' '.repeat(100_000) }, 'the answer holds no token'],
    ['a redirect', { status: 302, headers: { location: 'https://example.com/' } }, 'answered 302'],
    ['a hang-up', { status: 200, hangUp: true }, 'cannot be reached'],
  ])('%s is a problem that holds no secret', async (_name, answer, words) => {
    const { env } = await provider(() => answer)
    const outcome = await requestCiToken(env, 'x')
    expect(outcome).toMatchObject({ ok: false, problem: expect.stringContaining(words) })
    expect(JSON.stringify(outcome)).not.toContain(SECRET)
  })

  it.each(['http://example.com/token', 'ftp://127.0.0.1/', 'nonsense', ''])(
    'is not asked of %j',
    async (url) => {
      const env = { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: SECRET }
      expect(await requestCiToken(env, 'x')).toEqual({
        ok: false,
        problem: 'ACTIONS_ID_TOKEN_REQUEST_URL is not an https URL',
      })
    },
  )

  it.each([
    [{ ACTIONS_ID_TOKEN_REQUEST_URL: 'https://x' }, false],
    [{ ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'x' }, false],
    [{ ACTIONS_ID_TOKEN_REQUEST_URL: 'https://x', ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' }, false],
    [{ ACTIONS_ID_TOKEN_REQUEST_URL: 'https://x', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'x' }, true],
  ])('%j: %s', (env, has) => {
    expect(hasCiIdentity(env)).toBe(has)
  })
})
