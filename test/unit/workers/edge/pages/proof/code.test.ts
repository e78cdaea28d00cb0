import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PASSED } from '../../../../../../core/verify/checks.ts'
import { examineCode } from '../../../../../../core/verify/code-evidence.ts'
import type { SignedCertificate } from '../../../../../../schema/wire/certificate.ts'
import { readClaim, saysBundle } from '../../../../../../workers/edge/pages/proof/claim.ts'
import { codeStep, type ReadableFile, readCodeHere } from '../../../../../../workers/edge/pages/proof/code.ts'
import { makeCertificate } from '../../../../core/verify/fixtures.ts'

const FILES: Record<string, string> = { 'src/a.ts': 'a\n', 'src/b.ts': 'b\n' }
const sha256 = (content: string) => createHash('sha256').update(content).digest('hex')
const hashOf = (files: Record<string, string>) =>
  sha256(
    Object.entries(files)
      .map(([path, content]) => `${sha256(content)}  ${path}\n`)
      .join(''),
  )

const certificate = (more: object = {}) =>
  makeCertificate({ files_changed: Object.keys(FILES), code_hash: hashOf(FILES), ...more })
const file = (path: string, content: string | Uint8Array): ReadableFile => ({
  path,
  open: async () => new Blob([typeof content === 'string' ? content : new Uint8Array(content)]),
})
const folder = (files: Record<string, string | Uint8Array>) =>
  Object.entries(files).map(([path, content]) => file(`repo/${path}`, content))

async function compare(one: SignedCertificate, chosen: readonly ReadableFile[]) {
  const claim = readClaim(JSON.stringify(one))!
  const here = (await readCodeHere(claim, chosen))!
  const examined = { certificate: one, signed: '', signature: PASSED, keyValidity: PASSED, loggedBelow: null }
  return codeStep(await examineCode(examined, here.given), { claim, here })
}

describe('code that is compared with a certificate', () => {
  it('is what was certified, and nothing else in its folder is read', async () => {
    const read: string[] = []
    const chosen = folder({ ...FILES, 'node_modules/x.js': 'x', 'src/c.ts': 'c' }).map((one) => ({
      ...one,
      open: () => {
        read.push(one.path)
        return one.open()
      },
    }))
    const step = await compare(certificate(), chosen)
    expect(step).toMatchObject({ result: 'passed', value: hashOf(FILES) })
    expect(step.detail).toContain('The 2 files are exactly what was certified')
    expect(read).toEqual(['repo/src/a.ts', 'repo/src/b.ts'])
  })

  it.each<[string, object, readonly ReadableFile[], RegExp]>([
    ['a changed file', {}, folder({ ...FILES, 'src/a.ts': 'A\n' }), /At least one of the 2 files is not/],
    [
      'a missing file',
      {},
      folder({ 'src/a.ts': 'a\n' }),
      /One of the certificate’s files was not found: src\/b\.ts\./,
    ],
    ['none of them', {}, folder({ 'lib/x.ts': 'x' }), /None of the certificate’s files/],
    ['a file of another name', {}, [file('c.ts', 'a\n')], /None of the certificate’s files/],
    [
      'one file of one',
      { files_changed: ['a.ts'] },
      [file('a.ts', 'x')],
      /The file is not what was certified/,
    ],
    [
      'a folder for one piece of code',
      { code_hash_method: 'sha256' },
      folder(FILES),
      /of one piece of code: choose that one file/,
    ],
    [
      'private paths',
      { path_privacy: 'hashed', files_changed: ['sha256:00', 'sha256:01'] },
      folder({ ...FILES, 'src/a.ts': 'A\n' }),
      /keeps its paths private, so it cannot say which/,
    ],
    [
      'files whose contents were not sent',
      { checks_passed: { security_scan: { reasons: ['contents_not_sent: 1'] } } },
      folder({ ...FILES, 'src/a.ts': 'A\n' }),
      /choose the others only/,
    ],
  ])('%s', async (_, more, chosen, words) => {
    const step = await compare(certificate(more), chosen)
    expect(step.result).toBe('failed')
    expect(step.detail).toMatch(words)
  })

  it.each<[string, Uint8Array]>([
    ['a NUL', Buffer.from('a\0')],
    ['no UTF-8', new Uint8Array([0xff])],
    ['too large', new Uint8Array(2 * 1024 * 1024 + 1).fill(97)],
  ])('a file with %s is left out, as it is when code is certified', async (_, content) => {
    const one = certificate({ files_changed: [...Object.keys(FILES), 'logo.png'] })
    const step = await compare(one, folder({ ...FILES, 'logo.png': content }))
    expect(step.result).toBe('passed')
    expect(step.detail).toContain('Left out, being no text that can be read: logo.png.')
  })

  it('a file that is gone by now is left out, and then the code differs', async () => {
    const gone = { path: 'repo/src/b.ts', open: () => Promise.reject(new Error('gone')) }
    const step = await compare(certificate(), [file('repo/src/a.ts', 'a\n'), gone])
    expect(step.result).toBe('failed')
    expect(step.detail).toContain('Left out, being no text that can be read: src/b.ts.')
  })

  it('what the change deleted is not looked for', async () => {
    const one = certificate({ files_changed: [...Object.keys(FILES), 'old.ts'], files_deleted: ['old.ts'] })
    expect((await compare(one, folder({ ...FILES, 'old.ts': 'still here' }))).result).toBe('passed')
  })

  it('one piece of code, and files with private paths, are found right too', async () => {
    const piece = certificate({ code_hash_method: 'sha256', code_hash: sha256('a\n') })
    expect((await compare(piece, [file('any.ts', 'a\n')])).result).toBe('passed')
    const hashed = certificate({ path_privacy: 'hashed', files_changed: ['sha256:00', 'sha256:01'] })
    expect((await compare(hashed, folder(FILES))).result).toBe('passed')
  })

  it('more files than any certificate has are not read', async () => {
    const claim = readClaim(JSON.stringify(certificate({ path_privacy: 'hashed' })))!
    const many = Array.from({ length: 501 }, (_, i) => file(`${i}.ts`, 'x'))
    expect(await readCodeHere(claim, many)).toBeNull()
  })

  it('shows no name that reads as another', async () => {
    const one = certificate({
      files_changed: ['src/\u202egnp.js', ...Array.from({ length: 30 }, (_, i) => `${i}`)],
    })
    const { detail } = await compare(one, [])
    expect((await compare(one, folder({ 'src/a.ts': '', '7': 'x' }))).detail).toContain('src/<U+202E>gnp.js')
    expect((await compare(one, folder({ '7': 'x' }))).detail).toContain('and 20 more')
    expect(detail).toContain('None of the certificate’s files')
  })
})

describe('what a text says of code', () => {
  const jws = (payload: unknown) => ({
    protected: '',
    payload: Buffer.from(JSON.stringify(payload)).toString('base64url'),
    signature: '',
  })

  it('is the same in a certificate, its JWS and its bundle', () => {
    const [plain, signed, bundle] = [certificate(), jws(certificate()), { certificate: certificate() }].map(
      (value) => readClaim(JSON.stringify(value)),
    )
    expect(plain).toMatchObject({ method: 'sha256-manifest', paths: Object.keys(FILES), unsent: false })
    expect([signed, bundle]).toEqual([plain, plain])
  })

  it('is nothing, for what names none; anything at all is read or refused', () => {
    for (const text of ['', '{}', '[]', 'null', '{"code_hash":1}', '{"payload":"!"}', '{"certificate":{}}']) {
      expect(readClaim(text)).toBeNull()
    }
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (any) => {
        readClaim(any)
        readClaim(JSON.stringify({ ...certificate(), files_changed: any, checks_passed: { a: any } }))
        readClaim(JSON.stringify(jws(any)))
      }),
    )
  })

  it.each([
    ['{"media_type":"application/vnd.coderisk.bundle+json"}', true],
    // What cannot be read strictly must not be taken for a certificate, and asked about, for that reason.
    ['{"media_type":"application/vnd.coderisk.bundle+json","a":1,"a":2}', true],
    ['{"media_type":"application/json"}', false],
    ['{"note":"application/vnd.coderisk.bundle+json"}', false],
    ['', false],
  ])('%j is a bundle: %s', (text, is) => {
    expect(saysBundle(text)).toBe(is)
  })
})
