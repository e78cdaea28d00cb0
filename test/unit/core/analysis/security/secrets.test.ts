import { describe, expect, test } from 'vitest'
import { readChange } from '../../../../../core/analysis/change.ts'
import { findSecrets } from '../../../../../core/analysis/security/secrets.ts'
import type { IssueRequest } from '../../../../../schema/wire/issue.ts'

// None of these was ever anybody's: they are put together here so that no scanner of this repository takes them for one.
const GITHUB = `ghp_${'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'}`
const AWS_ID = `AKIA${'QWERTYUIOPASDFGH'}`
const AWS_SECRET = `wJalrXUtnFEMI/K7MDENG/${'bPxRfiCYzQ9w2Xr4Tb'}`
const SLACK = `https://hooks.slack.com/services/${'T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX'}`
const STRIPE = `sk_live_${'4eC39HqLyjWDarjtT1zdp7dcAbCd'}`
const NPM = `//registry.npmjs.org/:_authToken=npm_${'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'}`
const ANTHROPIC = `sk-ant-api03-${'a'.repeat(93)}AA`
const BASIC = `https://user:${'hunter2hunter2'}@example.com/x`
const DATABASE = `postgres://admin:${'S3cretPassw0rd'}@db.internal:5432/x`
const PEM_LINE = 'MIIEpAIBAAKCAQEAvQ0xWZq3nU6Fq0Yx7J8pS0QbG1T2mR4nV5kL6hD8fE9aC3bB'
const PEM = `-----BEGIN RSA ${'PRIVATE KEY'}-----\n${PEM_LINE}\n${PEM_LINE}\n-----END RSA ${'PRIVATE KEY'}-----`

type File = NonNullable<IssueRequest['files']>[number]

async function find(...files: readonly File[]) {
  const change = readChange({ ai_tool: 'x-v1', files } as unknown as IssueRequest)
  return findSecrets(change.ok ? change.files : [])
}

describe('a secret in what was added is found, with its line and its rule', () => {
  test.each<[string, string, [line: number, rule: string][]]>([
    ['a GitHub token', `const a = 1\nconst token = '${GITHUB}'\n`, [[2, 'github']]],
    ['a Slack webhook', `post('${SLACK}')`, [[1, 'slack']]],
    ['a Stripe key', `\n\nkey: ${STRIPE}\n`, [[3, 'stripe']]],
    ['an npm token', `${NPM}\n`, [[1, 'npm']]],
    ['an Anthropic key', `KEY=${ANTHROPIC}`, [[1, 'anthropic']]],
    ['a password in a URL', `fetch('${BASIC}')`, [[1, 'basicauth']]],
    ['a database URL', `DATABASE_URL=${DATABASE}`, [[1, 'database-connection-string']]],
    ['a private key, once', `x\n${PEM}\ny\n`, [[2, 'privatekey']]],
    ['an AWS access-key id alone', `id = ${AWS_ID}`, [[1, 'aws-access-key-id']]],
    ['an AWS session-key id', `id = ${AWS_ID.replace('AKIA', 'ASIA')}`, [[1, 'aws-access-key-id']]],
    [
      'an AWS pair',
      `AWS_ACCESS_KEY_ID=${AWS_ID}\nAWS_SECRET_ACCESS_KEY=${AWS_SECRET}\n`,
      [
        [1, 'aws-access-key-id'],
        [2, 'aws'],
      ],
    ],
    ['with Windows line ends', `a\r\nb\r\n${GITHUB}\r\n`, [[3, 'github']]],
    ['after bare carriage returns', `a\rb\rc\r${GITHUB}\n`, [[1, 'github']]],
    ['after U+2028 and U+2029', `// a\u2028b\u2029c\n${GITHUB}\n`, [[2, 'github']]],
    ['after a form feed and U+0085', `a\fb\u0085c\n${GITHUB}\n`, [[2, 'github']]],
    ['on the last of many lines', `${'x\n'.repeat(10_000)}${GITHUB}`, [[10_001, 'github']]],
    ['after emoji', `😀😀😀\n'😀 ${GITHUB}'\n`, [[2, 'github']]],
    ['in a comment that forbids looking', `// secretlint-disable\nconst t = '${GITHUB}'\n`, [[2, 'github']]],
    [
      'below a comment that forbids looking at the next line',
      `// secretlint-disable-next-line\nconst t = '${GITHUB}'\n`,
      [[2, 'github']],
    ],
    ['beside such a comment', `const t = '${GITHUB}' // secretlint-disable-line\n`, [[1, 'github']]],
  ])('%s', async (_, content, expected) => {
    const found = await find({ path: 'src/a.ts', content })
    expect(found.map(({ line, rule }) => [line, rule]).sort()).toEqual(expected)
    expect(found.every(({ path }) => path === 'src/a.ts')).toBe(true)
  })

  test.each([
    'package-lock.json',
    '.env',
    'a.min.js',
    'x.png',
    'Dockerfile',
    '.secretlintignore',
    'test/fixtures/a.txt',
  ])('whatever the file is called: %s', async (path) => {
    expect(await find({ path, content: `t=${GITHUB}\n` })).toEqual([{ path, line: 1, rule: 'github' }])
  })

  test('in each of several files', async () => {
    const content = `t=${GITHUB}\n`
    const found = await find(
      { path: 'a', content },
      { path: 'b', content: 'clean\n' },
      { path: 'c', content },
    )
    expect(found.map(({ path }) => path)).toEqual(['a', 'c'])
  })
})

describe('nothing is found in', () => {
  test.each([
    ['ordinary code', 'export const sum = (a: number, b: number) => a + b\n'],
    ['a commit id', 'const commit = "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12"\n'],
    ['a hash', 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n'],
    ["AWS's own example", 'AKIAIOSFODNN7EXAMPLE\n'],
    ['a longer word with such an id in it', `X${AWS_ID}\n${AWS_ID}0\n`],
    ['a public key', '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----\n'],
    ['a URL', 'https://example.com/a:b@c\n'],
    ['nothing', ''],
  ])('%s', async (_, content) => {
    expect(await find({ path: 'a.ts', content })).toEqual([])
  })
})

describe('of an edited file only what the change added counts', () => {
  const before = `a\n${GITHUB}\nb\n`

  test('a secret that was there before is not of this change', async () => {
    expect(await find({ path: 'a', content: `${before}c\n`, previous_content: before })).toEqual([])
  })

  test('nor is an access-key id that was there before', async () => {
    const was = `id = ${AWS_ID}\n`
    expect(await find({ path: 'a', content: `${was}c\n`, previous_content: was })).toEqual([])
  })

  test('one on an added line is', async () => {
    const content = `${before}${STRIPE}\n`
    expect(await find({ path: 'a', content, previous_content: before })).toEqual([
      { path: 'a', line: 4, rule: 'stripe' },
    ])
  })

  test('one on an altered line is', async () => {
    expect(
      await find({ path: 'a', content: before.replace('a\n', `a ${STRIPE}\n`), previous_content: before }),
    ).toHaveLength(1)
  })

  test('one that the change removed is not', async () => {
    expect(await find({ path: 'a', content: 'a\nb\n', previous_content: before })).toEqual([])
  })

  test('a key of several lines is, when only one of its lines is new', async () => {
    const previous_content = `x\n${PEM.replace(`${PEM_LINE}\n`, '')}\n`
    expect(await find({ path: 'a', content: `x\n${PEM}\n`, previous_content })).toMatchObject([
      { rule: 'privatekey' },
    ])
  })
})

describe('a large file', () => {
  test('of nothing but secrets is looked through until there are a thousand', {
    timeout: 20_000,
  }, async () => {
    const found = await find({ path: 'a', content: `${GITHUB}\n`.repeat(50_000) })
    const lines = new Set(found.map(({ line }) => line))
    expect(lines.size).toBe(found.length)
    expect(found.length).toBeGreaterThanOrEqual(1_000)
    // One window's worth beyond them at most.
    expect(found.length).toBeLessThan(2_000)
  })

  test('with a thousand secrets leaves the files behind it alone', async () => {
    const content = `${GITHUB}\n`.repeat(2_000)
    const found = await find({ path: 'a', content }, { path: 'b', content })
    expect(new Set(found.map(({ path }) => path))).toEqual(new Set(['a']))
  })

  test('of one endless line tells of each of its kinds of secret once', async () => {
    const content = `const x = '${GITHUB}'; `.repeat(5_000)
    expect(await find({ path: 'a', content })).toEqual([{ path: 'a', line: 1, rule: 'github' }])
  })

  test.each([
    ['in lines', 'const nothing = 1234\n'],
    ['in one line', 'const nothing = 1234;'],
  ])('%s hides no secret, wherever it is, and none is found twice', async (_, filler) => {
    const place = (filler.length * 97) % 1_021
    for (let at = place; at < 100_000; at += 4_093) {
      const before = filler.repeat(Math.ceil(at / filler.length)).slice(0, at)
      const content = `${before} ${GITHUB}\n${PEM}\n${filler.repeat(2_000)}`
      const line = before.split('\n').length
      expect(await find({ path: 'a', content }), `at ${at}`).toEqual([
        { path: 'a', line, rule: 'github' },
        { path: 'a', line: line + 1, rule: 'privatekey' },
      ])
    }
  })
})

test('no finding holds any of the secret', async () => {
  const secrets = [
    GITHUB,
    AWS_ID,
    AWS_SECRET,
    STRIPE,
    ANTHROPIC,
    'hunter2hunter2',
    'S3cretPassw0rd',
    PEM_LINE,
  ]
  const content = [GITHUB, AWS_ID, STRIPE, ANTHROPIC, BASIC, DATABASE, PEM].join('\n')
  const found = await find({ path: 'a', content })
  expect(found.length).toBeGreaterThanOrEqual(7)
  for (const finding of found) expect(Object.keys(finding).sort()).toEqual(['line', 'path', 'rule'])
  for (const secret of secrets) expect(JSON.stringify(found)).not.toContain(secret.slice(4, 16))
})
