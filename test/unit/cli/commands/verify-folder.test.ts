import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { verify as verifyCommand } from '../../../../cli/commands/verify.ts'
import {
  makeBundle,
  makeNetwork,
  makeToken,
  NOW,
  type TestNetwork,
} from '../../core/verify/bundle-fixtures.ts'
import { makeCertificate, signedJson } from '../../core/verify/fixtures.ts'
import { runCommand } from '../run-command.ts'
import { isolatedEnv, temporaryFolder } from '../support.ts'

let network: TestNetwork

beforeAll(() => {
  network = makeNetwork()
}, 120_000)

function setUp() {
  const folder = temporaryFolder(onTestFinished)
  const write = (name: string, content: unknown) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
  const verify = (...args: string[]) =>
    runCommand(verifyCommand, args, {
      cwd: folder,
      env: isolatedEnv(folder, {
        CODERISK_URL: 'http://127.0.0.1:1',
        CODERISK_ROOT_KEY: JSON.stringify(network.root.jwk),
      }),
      now: NOW,
    })
  return { folder, write, verify }
}

const good = () => makeBundle(network)
const another = () => {
  const certificate = signedJson(
    network.key,
    makeCertificate({ certificate_id: 'CERT-2026-0000000000000000' }),
  )
  return makeBundle(network, { certificate })
}
const revoked = () => makeBundle(network, { status_list: makeToken(network.key, { revoked: [5] }) })

describe('a folder', () => {
  it('is every bundle in it and in its .coderisk', async () => {
    const { write, verify } = setUp()
    write('certs/b.bundle.json', good())
    write('certs/a.bundle.json', another())
    write('certs/.coderisk/c.bundle.json', good())
    write('certs/other.json', { not: 'one' })
    write('certs/deeper/d.bundle.json', revoked())
    const run = await verify('certs', '--json')
    expect(run).toMatchObject({ code: 0, stderr: '' })
    const { results } = JSON.parse(run.stdout)
    expect(results.map(({ file, verdict }: { file: string; verdict: string }) => [file, verdict])).toEqual([
      ['certs/a.bundle.json', 'valid'],
      ['certs/b.bundle.json', 'valid'],
      ['certs/.coderisk/c.bundle.json', 'valid'],
    ])
  })

  it.each<[string, () => unknown]>([
    ['revoked', revoked],
    ['no bundle', () => 'hello'],
    ['a certificate alone', () => signedJson(network.key)],
  ])('with one that is %s is exit code 1, wherever that is', async (_name, bad) => {
    for (const name of ['a', 'z']) {
      const { write, verify } = setUp()
      write('m.bundle.json', good())
      write(`${name}.bundle.json`, bad())
      const run = await verify('.')
      expect(run).toMatchObject({ code: 1, stderr: '' })
      expect(run.stdout).toContain(`${name}.bundle.json`)
      expect(run.stdout).toContain('✓ valid')
      expect(run.stdout).toContain('✗ invalid')
    }
  })

  it('without any is exit code 2', async () => {
    const { write, verify } = setUp()
    write('bundle.json', good())
    const run = await verify('.')
    expect(run).toMatchObject({ code: 2, stdout: '' })
    expect(run.stderr).toContain('there is no *.bundle.json')
  })

  it('of one bundle answers in the form of several', async () => {
    const { write, verify } = setUp()
    write('a.bundle.json', good())
    expect(JSON.parse((await verify('.', '--json')).stdout).results).toHaveLength(1)
  })
})

describe('several bundles', () => {
  it('are verified one after the other, and code after them is compared with each', async () => {
    const { write, verify } = setUp()
    write('a.json', good())
    write('b.json', another())
    write('code.ts', 'x')
    const both = await verify('a.json', 'b.json', '--json')
    expect(both.code).toBe(0)
    expect(JSON.parse(both.stdout).results).toHaveLength(2)
    const compared = JSON.parse((await verify('a.json', 'b.json', 'code.ts', '--json')).stdout)
    expect(compared.results.map(({ code }: { code: { files: number } }) => code.files)).toEqual([1, 1])
  })
})

describe('what is hostile', () => {
  const DEEP = '['.repeat(200_000)

  it.each<[string, () => string]>([
    ['nested without end', () => DEEP],
    [
      'nested without end in a member',
      () => `{"media_type":"application/vnd.coderisk.bundle+json","x":${DEEP}`,
    ],
    ['with a member twice', () => JSON.stringify(good()).replace('{', '{"schema_version":"1.0",')],
    ['cut short', () => JSON.stringify(good()).slice(0, -20)],
    ['empty', () => ''],
    ['all zeros', () => '\0'.repeat(1000)],
  ])('%s is invalid, and asks no network', async (_name, text) => {
    const { write, verify } = setUp()
    write('x.bundle.json', text())
    const run = await verify('x.bundle.json', '--json')
    expect(run).toMatchObject({ code: 1, stderr: '' })
    expect(JSON.parse(run.stdout)).toMatchObject({
      verdict: 'invalid',
      reasons: expect.arrayContaining(['malformed']),
    })
  })

  it('with a member twice is told by its media type, whatever its name is', async () => {
    const { write, verify } = setUp()
    write('x.json', JSON.stringify(good()).replace('{', '{"schema_version":"1.0",'))
    expect((await verify('x.json')).code).toBe(1)
  })

  it('of ten megabytes is not read to its end', async () => {
    const { write, verify } = setUp()
    write('x.bundle.json', JSON.stringify({ ...good(), more: 'x'.repeat(10_000_000) }))
    const run = await verify('x.bundle.json')
    expect(run).toMatchObject({ code: 2, stdout: '' })
    expect(run.stderr).toContain('too large')
  })

  it.skipIf(process.platform === 'win32')(
    'in a folder is no pipe, which nobody may ever write to',
    async () => {
      const { folder, write, verify } = setUp()
      write('a.bundle.json', good())
      execFileSync('mkfifo', [join(folder, 'x.bundle.json')])
      const run = await verify('.')
      expect(run).toMatchObject({ code: 2, stdout: '' })
      expect(run.stderr).toContain('x.bundle.json is not a regular file')
    },
  )

  it('is not read without end: too many files, or too much in them', async () => {
    const { folder, write, verify } = setUp()
    write('many/0.bundle.json', good())
    write('much/0.bundle.json', JSON.stringify({ ...good(), more: 'x'.repeat(8_000_000) }))
    for (let i = 1; i <= 1000; i++) {
      linkSync(join(folder, 'many/0.bundle.json'), join(folder, `many/${i}.bundle.json`))
      if (i < 20) linkSync(join(folder, 'much/0.bundle.json'), join(folder, `much/${i}.bundle.json`))
    }
    expect(await verify('many')).toMatchObject({ code: 2, stdout: '' })
    expect(await verify('much')).toMatchObject({ code: 2, stdout: '' })
    const names = (where: string, count: number) =>
      Array.from({ length: count }, (_, i) => `${where}/${i}.bundle.json`)
    expect(await verify(...names('many', 1001))).toMatchObject({ code: 2, stdout: '' })
    expect(await verify(...names('much', 20))).toMatchObject({ code: 2, stdout: '' })
  })

  it('moves no cursor, neither by its name nor by what it says', async () => {
    const { write, verify } = setUp()
    const hostile = '\u001b[2J\u009b31m\u202e'
    const certificate = signedJson(
      network.key,
      makeCertificate({ ai_tool: hostile, verification_url: hostile }),
    )
    write(`x${hostile}.bundle.json`, makeBundle(network, { certificate }))
    write('y.bundle.json', makeBundle(network, { certificate: { ...certificate, certificate_id: hostile } }))
    const { stdout, stderr } = await verify('.')
    expect(stdout).toContain('✓ valid')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that there is none is the point
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
  })

  it('names files that it has no business with: none is read', async () => {
    const { write, verify } = setUp()
    const paths = ['../secret', '/etc/passwd', 'a/../../secret', 'nul\0byte']
    const certificate = signedJson(network.key, makeCertificate({ files_changed: paths }))
    write('sub/x.bundle.json', makeBundle(network, { certificate }))
    write('secret', 'x')
    const run = await verify('sub/x.bundle.json', 'sub')
    expect(run).toMatchObject({ code: 2, stdout: '' })
    expect(run.stderr).toContain("none of the certificate's files is in sub")
  })
})
