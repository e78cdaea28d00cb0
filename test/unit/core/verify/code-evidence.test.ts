import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { failed, indeterminate, PASSED } from '../../../../core/verify/checks.ts'
import { examineCode, type GivenCode } from '../../../../core/verify/code-evidence.ts'
import { type Examined, MALFORMED, unexamined } from '../../../../core/verify/examine.ts'
import { makeCertificate } from './fixtures.ts'

const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex')
const A = { path: 'src/a.ts', content: 'export const a = 1\n' }
const B = { path: 'src/größe.ts', content: 'no newline at the end' }
const MANIFEST = `${sha256(A.content)}  ${A.path}\n${sha256(B.content)}  ${B.path}\n`
const DELETED = 'src/old.ts'

const examined = (more: Record<string, unknown>): Examined => ({
  certificate: makeCertificate(more),
  signed: '{}',
  signature: PASSED,
  keyValidity: PASSED,
  loggedBelow: null,
})
const ofFiles = (more: Record<string, unknown> = {}) =>
  examined({
    code_hash: sha256(MANIFEST),
    code_hash_method: 'sha256-manifest',
    files_changed: [A.path, B.path, DELETED],
    files_deleted: [DELETED],
    ...more,
  })
const ofCode = examined({ code_hash: sha256(A.content), code_hash_method: 'sha256', files_changed: [A.path] })
const bytes = (text: string) => new TextEncoder().encode(text)

test.each<[string, Examined, GivenCode, string]>([
  ['the files', ofFiles(), { files: [A, B] }, 'passed'],
  ['the files in another order', ofFiles(), { files: [B, A] }, 'passed'],
  ['the files as bytes', ofFiles(), { files: [A, { ...B, content: bytes(B.content) }] }, 'passed'],
  [
    'the files, with hashed paths',
    ofFiles({ path_privacy: 'hashed', files_changed: ['sha256:00'] }),
    { files: [A, B] },
    'passed',
  ],
  ['a file changed', ofFiles(), { files: [A, { ...B, content: `${B.content} ` }] }, 'code_hash_mismatch'],
  [
    'bytes that are no text, where text was',
    ofFiles(),
    { files: [A, { ...B, content: new Uint8Array([0xff]) }] },
    'code_hash_mismatch',
  ],
  ['a file more', ofFiles(), { files: [A, B, { path: 'src/c.ts', content: '' }] }, 'code_hash_mismatch'],
  [
    'contents exchanged',
    ofFiles(),
    {
      files: [
        { ...A, content: B.content },
        { ...B, content: A.content },
      ],
    },
    'code_hash_mismatch',
  ],
  [
    'a file that was deleted',
    ofFiles(),
    { files: [A, B, { path: DELETED, content: '' }] },
    'code_hash_mismatch',
  ],
  ['a file less', ofFiles(), { files: [A] }, 'code_files_missing'],
  ['a file less that is no text', ofFiles(), { files: [A], skipped: [B.path] }, 'code_hash_mismatch'],
  ['no file', ofFiles(), { files: [] }, 'code_files_missing'],
  [
    'a file of another name',
    ofFiles(),
    { files: [A, { ...B, path: 'src/grosse.ts' }] },
    'code_files_missing',
  ],
  [
    'a file less, with hashed paths',
    ofFiles({ path_privacy: 'hashed' }),
    { files: [A] },
    'code_hash_mismatch',
  ],
  ['code where files were', ofFiles(), { code: A.content }, 'code_hash_mismatch'],
  ['the code', ofCode, { code: A.content }, 'passed'],
  ['the code as bytes', ofCode, { code: bytes(A.content) }, 'passed'],
  ['the code in a file of any name', ofCode, { files: [{ ...A, path: 'x' }] }, 'passed'],
  ['other code', ofCode, { code: `${A.content} ` }, 'code_hash_mismatch'],
  ['two files where code was', ofCode, { files: [A, B] }, 'code_hash_mismatch'],
  ['no file where code was', ofCode, { files: [] }, 'code_hash_mismatch'],
  [
    'a certificate that names no code',
    ofFiles({ code_hash: undefined }),
    { files: [A, B] },
    'code_hash_missing',
  ],
  [
    'a certificate that hashes another way',
    ofFiles({ code_hash_method: 'sha512' }),
    { files: [A, B] },
    'code_hash_missing',
  ],
])('%s: %s', async (_, certificate, given, expected) => {
  const { outcome } = await examineCode(certificate, given)
  expect(outcome).toEqual(expected === 'passed' ? PASSED : failed(expected as 'code_hash_mismatch'))
})

test('it tells the hash that was made, to be compared by eye', async () => {
  expect((await examineCode(ofFiles(), { files: [A, B] })).computed).toBe(sha256(MANIFEST))
  expect((await examineCode(ofCode, { code: 'other' })).computed).toBe(sha256('other'))
  expect((await examineCode(ofCode, { files: [] })).computed).toBeNull()
})

test('without a certificate there is nothing to compare with', async () => {
  expect((await examineCode(MALFORMED, { code: '' })).outcome).toEqual(indeterminate('malformed'))
  const refused = unexamined('trust_root_expired')
  expect((await examineCode(refused, { code: '' })).outcome).toEqual(indeterminate('trust_root_expired'))
})
