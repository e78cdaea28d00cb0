import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hashCode, hashFiles, manifest } from '../../../../core/verify/code-hash.ts'
import { relativePath } from '../../../../schema/wire/text.ts'

const FILES = [
  { path: 'src/payment.ts', content: 'export const a = 1\n' },
  { path: 'src/größe.ts', content: 'no newline at the end' },
  { path: 'README.md', content: '' },
  { path: 'a b/with spaces  and "quotes".txt', content: 'crlf\r\n' },
  { path: 'src-x.ts', content: '\ufeffwith a byte order mark\n' },
  { path: '😀.txt', content: '😀\n' },
  { path: '￰.txt', content: 'sorts before an emoji in bytes, after it in UTF-16\n' },
  { path: '*starred', content: '*' },
]

function inFolder<T>(files: readonly { path: string; content: string }[], work: (folder: string) => T): T {
  const folder = mkdtempSync(path.join(tmpdir(), 'coderisk-hash-'))
  try {
    for (const file of files) {
      mkdirSync(path.join(folder, path.dirname(file.path)), { recursive: true })
      writeFileSync(path.join(folder, file.path), file.content)
    }
    return work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What README tells a stranger to run. */
function withCoreutils(files: readonly { path: string; content: string }[]): {
  manifest: string
  hash: string
} {
  return inFolder(files, (cwd) => {
    const env = { ...process.env, LC_ALL: 'C' }
    const paths = execFileSync('sort', ['-z'], { env, input: files.map((file) => `${file.path}\0`).join('') })
    const sums = execFileSync('xargs', ['-0', 'sha256sum', '--'], { cwd, env, input: paths })
    const hash = execFileSync('sha256sum', [], { input: sums, encoding: 'utf8' }).slice(0, 64)
    return { manifest: sums.toString('utf8'), hash }
  })
}

describe.runIf(spawnSync('sha256sum', ['--version']).status === 0)('coreutils agree', () => {
  test('on the manifest and on its hash', async () => {
    const theirs = withCoreutils(FILES)
    expect(await manifest(FILES)).toBe(theirs.manifest)
    expect(await hashFiles(FILES)).toBe(theirs.hash)
  })

  test('on the hash of one piece of code', async () => {
    const theirs = execFileSync('sha256sum', [], { input: 'größe\n', encoding: 'utf8' }).slice(0, 64)
    expect(await hashCode('größe\n')).toBe(theirs)
  })

  test('on any paths that the wire lets in', async () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
    const files = fc.uniqueArray(
      fc.record({
        // To sha256sum a lone hyphen is its standard input.
        path: name.filter(
          (text) => relativePath.safeParse(text).success && !text.includes('/') && text !== '-',
        ),
        content: fc.string({ unit: 'grapheme' }),
      }),
      { selector: (file) => file.path, minLength: 1, maxLength: 5 },
    )
    await fc.assert(
      fc.asyncProperty(files, async (some) => {
        expect(await hashFiles(some)).toBe(withCoreutils(some).hash)
      }),
      { numRuns: 20 },
    )
  })
})

test('the order of the files does not matter', async () => {
  expect(await hashFiles([...FILES].reverse())).toBe(await hashFiles(FILES))
})

test('moving content from one file to another changes the hash', async () => {
  const one = [
    { path: 'a', content: 'x' },
    { path: 'b', content: 'y' },
  ]
  const other = [
    { path: 'a', content: 'y' },
    { path: 'b', content: 'x' },
  ]
  expect(await hashFiles(one)).not.toBe(await hashFiles(other))
})
