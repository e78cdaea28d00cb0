import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { PROBLEMS, type ProblemCode } from '../../schema/wire/problems.ts'
import { type Call, call } from '../support/client.ts'
import { expectRefusalOrSuccess, HTML, paths } from '../support/hostile.ts'
import { expectProblem, issue, issueId, SMALL_CHANGE } from '../support/issue.ts'
import { type Network, startNetwork } from '../support/network.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

const JSON_TYPE = { 'content-type': 'application/json' }
const WRONG_VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  '',
  [],
  {},
  [[]],
  [null],
  { length: 1 },
]

let network: Network
beforeAll(async () => {
  network = await startNetwork()
})
afterAll(() => network?.stop())

const raw = (body: string | Uint8Array, more: Call = {}) =>
  issue(network, {}, { body, headers: JSON_TYPE, ...more })

describe('bodies that are no JSON', () => {
  const bodies: [string, string | Uint8Array, ProblemCode][] = [
    ['empty', '', 'invalid_json'],
    ['cut off', '{"ai_tool":"x-v1",', 'invalid_json'],
    ['two values', '{}{}', 'invalid_json'],
    ['a comment', '{/**/}', 'invalid_json'],
    ['NaN', '{"ttl_days":NaN}', 'invalid_json'],
    ['a trailing comma', '{"a":1,}', 'invalid_json'],
    [
      'a member given twice',
      '{"ai_tool":"x-v1","ai_tool":"y-v1","code":"","files_changed":["a"]}',
      'invalid_json',
    ],
    [
      'an escaped member given twice',
      '{"code":"","\\u0063ode":"x","ai_tool":"x-v1","files_changed":["a"]}',
      'invalid_json',
    ],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), 'invalid_encoding'],
    ['a raw surrogate', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'invalid_encoding'],
    ['an overlong slash', Buffer.from([0x22, 0xc0, 0xaf, 0x22]), 'invalid_encoding'],
    ['UTF-16', Buffer.from('{"ai_tool":"x"}', 'utf16le'), 'invalid_json'],
    ['10,000 arrays', '['.repeat(10_000) + ']'.repeat(10_000), 'json_too_deep'],
    ['10,000 objects', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, 'json_too_deep'],
    ['10,000 open brackets', '['.repeat(10_000), 'json_too_deep'],
  ]
  it.each(bodies)('%s', async (_, body, code) => {
    const answer = await raw(body)
    expectProblem(answer, PROBLEMS[code].status, code)
  })

  it.each(['null', 'true', '1', '"x"', '[]', '[[]]'])('the value %s is no object', async (body) => {
    const answer = await raw(body)
    expectProblem(answer, 422, 'invalid_input')
    expect(paths(answer)).toEqual(['$'])
  })

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'json',
    '',
  ])('the content type "%s" is refused', async (type) => {
    const headers = type === '' ? {} : { 'content-type': type }
    expectProblem(await raw(JSON.stringify(SMALL_CHANGE), { headers }), 415, 'unsupported_media_type')
  })
  it.each(['application/json; charset=utf-8', 'Application/JSON', ' application/json ;x=y'])(
    'the content type "%s" is taken',
    async (type) => {
      expect((await raw(JSON.stringify(SMALL_CHANGE), { headers: { 'content-type': type } })).status).toBe(
        201,
      )
    },
  )
})

describe('members of the wrong type', () => {
  const members = [
    'ai_tool',
    'code',
    'files',
    'files_changed',
    'commit_sha',
    'repository',
    'commit_message',
    'language',
    'framework',
    'path_privacy',
    'ttl_days',
    'user_id',
  ] // prettier-ignore
  it.each(members)('%s', async (member) => {
    for (const value of WRONG_VALUES) {
      const answer = await issue(network, { ...SMALL_CHANGE, [member]: value })
      expectRefusalOrSuccess(answer, `${member} = ${JSON.stringify(value)}`)
      // `code` may be empty but not beside `files`; nothing else of these is of the right type.
      expect(answer.status, `${member} = ${JSON.stringify(value)}: ${answer.text}`).toBe(422)
      expect(
        paths(answer).some((path) => path.startsWith(member) || path.startsWith('files') || path === 'code'),
      ).toBe(true)
    }
  })

  it.each(['path', 'content', 'previous_content', 'patch'])('files[0].%s', async (member) => {
    const wrong = WRONG_VALUES.filter((value) => value !== '' || member === 'path' || member === 'patch')
    for (const value of wrong) {
      const answer = await issue(network, {
        ai_tool: 'x-v1',
        files: [{ path: 'a', content: 'x', [member]: value }],
      })
      expectProblem(answer, 422, 'invalid_input')
      expect(paths(answer)).toContain(`files[0].${member}`)
    }
  })

  it.each(['surprise', '__proto__', 'constructor', 'toString', HTML])('a member named %s', async (name) => {
    const body = `{"ai_tool":"x-v1","code":"","files_changed":["a"],${JSON.stringify(name)}:{"admin":true}}`
    const answer = await raw(body)
    expectProblem(answer, 422, 'invalid_input')
    expect(paths(answer)).toEqual([name])
  })

  it('at most fifty faults are told, each where it is', async () => {
    const files = Array.from({ length: 200 }, (_, i) => ({ path: `f${i}`, content: i }))
    const answer = await issue(network, { ai_tool: 'x-v1', files })
    expectProblem(answer, 422, 'invalid_input')
    expect(paths(answer)).toEqual(Array.from({ length: 50 }, (_, i) => `files[${i}].content`))
  })
})

describe('strings that cannot be kept', () => {
  const badPaths = [
    '..',
    '../x',
    'a/../b',
    'a/..',
    '/etc/passwd',
    '//x',
    'C:\\x',
    'c:/x',
    'a\\b',
    '.',
    './a',
    'a//b',
    'a/',
    '',
    'a\u0000b',
    'a\nb',
    'a\u001b[31m',
    'a\u007fb',
    'u\u0308.ts',
    `${'a/'.repeat(600)}b`,
    '\ud800',
  ] // prettier-ignore
  it.each(badPaths.map((path) => [JSON.stringify(path), path]))('the path %s', async (_, path) => {
    for (const body of [
      { ai_tool: 'x-v1', files: [{ path, content: '' }] },
      { ai_tool: 'x-v1', code: '', files_changed: ['fine', path] },
    ]) {
      const answer = await issue(network, body)
      expectProblem(answer, 422, 'invalid_input')
      expect(paths(answer)).toContain('files' in body ? 'files[0].path' : 'files_changed[1]')
    }
  })

  it.each([
    ['a lone surrogate', '\\ud800'],
    ['a reversed pair', '\\udc00\\ud800'],
    ['NUL', '\\u0000'],
  ])('%s, escaped, in every text', async (_, escaped) => {
    for (const member of ['repository', 'commit_message', 'language', 'framework']) {
      const answer = await raw(
        `{"ai_tool":"x-v1","files":[{"path":"a","content":""}],"${member}":"x${escaped}"}`,
      )
      expectProblem(answer, 422, 'invalid_input')
      expect(paths(answer)).toEqual([member])
    }
    for (const member of ['content', 'previous_content', 'patch']) {
      const file = { path: '"a"', content: '""', [member]: `"${escaped}"` }
      const text = Object.entries(file)
        .map(([name, value]) => `"${name}":${value}`)
        .join()
      const answer = await raw(`{"ai_tool":"x-v1","files":[{${text}}]}`)
      expectProblem(answer, 422, 'invalid_input')
      expect(paths(answer)).toContain(`files[0].${member}`)
    }
    const named = await raw(`{"ai_tool":"x-v1","code":"","files_changed":["a"],"x${escaped}":1}`)
    expectProblem(named, 422, 'invalid_input')
  })
})

describe('too much of it', () => {
  it('3 MB of code, 9 MB of body, with and without a length', async () => {
    const three = { ai_tool: 'x-v1', code: 'x'.repeat(3 << 20), files_changed: ['a'] }
    expectProblem(await issue(network, three), 413, 'body_too_large')
    const files = [{ path: 'a', content: '', previous_content: 'x'.repeat(3 << 20) }]
    expectProblem(await issue(network, { ai_tool: 'x-v1', files }), 413, 'body_too_large')
    const nine = JSON.stringify({ ai_tool: 'x-v1', code: 'x'.repeat(9 << 20), files_changed: ['a'] })
    expectProblem(await raw(nine), 413, 'body_too_large')
    expectProblem(await raw(nine, { chunked: true }), 413, 'body_too_large')
    expect((await raw(JSON.stringify(SMALL_CHANGE), { chunked: true })).status).toBe(201)
  })

  it('two million characters just fit', async () => {
    const code = `${'x'.repeat(99)}\n`.repeat(20_971)
    const answer = await issue(network, { ai_tool: 'x-v1', code, files_changed: ['a'] })
    expect([answer.status, answer.json.change?.lines_added]).toEqual([201, 20_971])
  })

  it('501 files, or 501 paths', async () => {
    const files = Array.from({ length: 501 }, (_, i) => ({ path: `f${i}`, content: '' }))
    expectProblem(await issue(network, { ai_tool: 'x-v1', files }), 413, 'too_many_files')
    const names = files.map((file) => file.path)
    expectProblem(
      await issue(network, { ai_tool: 'x-v1', code: '', files_changed: names }),
      413,
      'too_many_files',
    )
    expect((await issue(network, { ai_tool: 'x-v1', files: files.slice(1) })).status).toBe(201)
  })

  it('small routes take small bodies', async () => {
    const name = 'x'.repeat(70_000)
    const answer = await call(network.baseUrl, '/v1/keys', {
      key: network.tenants.api_key,
      body: { name, scopes: [] },
    })
    expectProblem(answer, 413, 'body_too_large')
  })

  it('a file given twice, and one that files_changed does not name', async () => {
    const twice = await issue(network, {
      ai_tool: 'x-v1',
      files: [1, 2].map(() => ({ path: 'a', content: '' })),
    })
    expect(paths(twice)).toEqual(['files[1].path'])
    const unnamed = await issue(network, {
      ai_tool: 'x-v1',
      files: [{ path: 'a', content: '' }],
      files_changed: ['b'],
    })
    expect(paths(unnamed)).toEqual(['files[0].path'])
  })

  it('a hundred kilobytes of headers', async () => {
    const answer = await call(network.baseUrl, '/v1/keys', {
      headers: { authorization: `Bearer ${'x'.repeat(100_000)}` },
    })
    expect([401, 431]).toContain(answer.status)
  })
})

describe('anything at all', () => {
  const text = fc.string({ unit: 'binary', maxLength: 40 })
  const json = fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' })
  const nearlyRight = fc.record(
    {
      ai_tool: fc.oneof(fc.constant('x-v1'), text),
      code: fc.oneof(text, json),
      files: fc.oneof(
        json,
        fc.array(
          fc.record({ path: text, content: text, previous_content: text, patch: text }, { requiredKeys: [] }),
          { maxLength: 4 },
        ),
      ),
      files_changed: fc.oneof(json, fc.array(text, { maxLength: 4 })),
      repository: fc.oneof(text, json),
      ttl_days: fc.oneof(fc.integer(), fc.double(), json),
      path_privacy: fc.oneof(fc.constantFrom('plain', 'hashed'), json),
      user_id: fc.oneof(text, json),
    },
    { requiredKeys: [] },
  ) // prettier-ignore

  it('gets an answer with a code, and never a fault of ours', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(nearlyRight, json), async (body) => {
        expectRefusalOrSuccess(await raw(JSON.stringify(body)), JSON.stringify(body))
      }),
      { numRuns: 250 },
    )
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        expectRefusalOrSuccess(await raw(bytes), Buffer.from(bytes).toString('hex'))
      }),
      { numRuns: 60 },
    )
  })

  it('on every other route too', async () => {
    const routes: [string, string, string][] = [
      ['POST', '/v1/keys', network.tenants.api_key],
      ['POST', '/v1/organisations', network.tenants.operator_key],
      ['POST', `/v1/trust/certs/${await issueId(network)}/revoke`, network.tenants.api_key],
      ['POST', '/v1/trust/verify-signature', ''],
    ]
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...routes), json, async ([method, path, key], body) => {
        const answer = await call(network.baseUrl, path, {
          method,
          key,
          body: JSON.stringify(body),
          headers: JSON_TYPE,
        })
        expectRefusalOrSuccess(answer, `${path} ${JSON.stringify(body)}`)
      }),
      { numRuns: 150 },
    )
  })

  it('in the path and the query of what is public', async () => {
    const piece = text.map(encodeURIComponentOfAnything)
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          '/certs/',
          '/badges/',
          '/v1/trust/certs/',
          '/verify?id=',
          '/.well-known/',
          '/assets/',
          '/',
        ),
        piece,
        piece,
        async (prefix, one, two) => {
          const answer = await call(
            network.baseUrl,
            `${prefix}${one}${prefix === '/badges/' ? '.svg' : ''}?style=${two}&label=${one}&${two}`,
          )
          expect(answer.status, `${prefix}${one} ${two}`).toBeLessThan(500)
        },
      ),
      { numRuns: 150 },
    ) // prettier-ignore
  })
})

function encodeURIComponentOfAnything(text: string): string {
  return [...Buffer.from(text, 'utf16le')].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
}
