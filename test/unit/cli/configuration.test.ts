import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { checkBaseUrl, resolveConnection } from '../../../cli/configuration.ts'
import { temporaryFolder } from './support.ts'

const STACK_URL = 'http://127.0.0.1:4321'
const STACK_KEY = 'cr_live_of_the_stack'

function folderWithStack(stack: unknown = { base_url: STACK_URL, api_key: STACK_KEY }): string {
  const folder = temporaryFolder(onTestFinished)
  mkdirSync(join(folder, '.coderisk'))
  mkdirSync(join(folder, 'deep', 'down'), { recursive: true })
  writeFileSync(join(folder, '.coderisk', 'stack.json'), JSON.stringify(stack))
  return join(folder, 'deep', 'down')
}

describe('the network', () => {
  it('is that of the local stack, found upward, with its key', () => {
    expect(resolveConnection({}, {}, folderWithStack())).toMatchObject({
      baseUrl: STACK_URL,
      apiKey: STACK_KEY,
    })
  })

  it.each([
    ['--url', { url: 'https://other.example' }, {}],
    ['CODERISK_URL', {}, { CODERISK_URL: 'https://other.example/' }],
  ])("of %s never gets the stack's key", (_name, options, env) => {
    expect(resolveConnection(options, env, folderWithStack())).toMatchObject({
      baseUrl: 'https://other.example',
      apiKey: null,
    })
  })

  it("of --url gets the stack's key when it is the stack's own URL", () => {
    expect(resolveConnection({ url: `${STACK_URL}/` }, {}, folderWithStack()).apiKey).toBe(STACK_KEY)
  })

  it('takes a given key before all others', () => {
    const folder = folderWithStack()
    const env = { CODERISK_API_KEY: 'from-env' }
    expect(resolveConnection({}, env, folder).apiKey).toBe('from-env')
    expect(resolveConnection({ 'api-key': 'given' }, env, folder).apiKey).toBe('given')
  })

  it.each([
    ['another machine', { base_url: 'https://evil.example', api_key: 'x' }],
    [
      'a name that only begins like this machine',
      { base_url: 'http://127.0.0.1.evil.example', api_key: 'x' },
    ],
    ['no URL', { base_url: 7 }],
    ['nothing', null],
  ])("is not of a stranger's stack.json that names %s", (_name, stack) => {
    const connection = resolveConnection({}, { CODERISK_API_KEY: 'mine' }, folderWithStack(stack))
    expect(connection.baseUrl).not.toContain('evil')
    expect(connection.origin).not.toContain('deep')
  })
})

it.skipIf(process.platform === 'win32')('a stack.json that is a pipe is not waited for', () => {
  const folder = temporaryFolder(onTestFinished)
  mkdirSync(join(folder, '.coderisk'))
  execFileSync('mkfifo', [join(folder, '.coderisk', 'stack.json')])
  // In a process of its own: reading a pipe would hold up this one.
  const module = new URL('../../../cli/configuration.ts', import.meta.url)
  const script = `import(${JSON.stringify(module)}).then((it) => it.resolveConnection({}, {}, ${JSON.stringify(folder)}))`
  execFileSync(process.execPath, ['-e', script], { timeout: 15_000 })
})

it.each([
  ['https://coderisk.com/', 'https://coderisk.com'],
  ['https://example.com/network/', 'https://example.com/network'],
  ['http://localhost:8787', 'http://localhost:8787'],
  ['http://[::1]:8787', 'http://[::1]:8787'],
])('takes %s', (text, url) => {
  expect(checkBaseUrl(text)).toBe(url)
})

it.each([
  'http://coderisk.com',
  'http://127.0.0.1.example.com',
  'https://user:password@coderisk.com',
  'https://coderisk.com/?x=1',
  'ftp://coderisk.com',
  'coderisk.com',
  '',
])('refuses %j', (text) => {
  expect(() => checkBaseUrl(text)).toThrow(expect.objectContaining({ exitCode: 2 }))
})
