import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CodeClaim } from '../../../../../../workers/edge/pages/proof/claim.ts'
import { matchFiles } from '../../../../../../workers/edge/pages/proof/match-files.ts'

const claim = (...paths: string[]): CodeClaim => ({
  method: 'sha256-manifest',
  codeHash: 'ab'.repeat(32),
  paths,
  hashedPaths: false,
  unsent: false,
})
const match = (paths: string[], chosen: string[]) => {
  const { files, missing } = matchFiles(
    claim(...paths),
    chosen.map((path) => ({ path })),
  )
  return { files: Object.fromEntries(files.map(({ path, file }) => [path, file.path])), missing }
}

describe('finding a certificate’s files among those that were chosen', () => {
  it.each<[string, string[], string[], Record<string, string>, string[]]>([
    [
      'the repository’s folder',
      ['src/a.ts', 'README.md'],
      ['repo/src/a.ts', 'repo/README.md', 'repo/docs/README.md', 'repo/x.ts'],
      { 'src/a.ts': 'repo/src/a.ts', 'README.md': 'repo/README.md' },
      [],
    ],
    [
      'a folder above it',
      ['src/a.ts', 'src/b.ts'],
      ['work/repo/src/a.ts', 'work/repo/src/b.ts', 'work/other/src/a.ts'],
      { 'src/a.ts': 'work/repo/src/a.ts', 'src/b.ts': 'work/repo/src/b.ts' },
      [],
    ],
    [
      'a folder within it',
      ['packages/pay/src/a.ts', 'packages/pay/src/b.ts', 'packages/ui/src/a.ts'],
      ['src/a.ts', 'src/b.ts'],
      { 'packages/pay/src/a.ts': 'src/a.ts', 'packages/pay/src/b.ts': 'src/b.ts' },
      ['packages/ui/src/a.ts'],
    ],
    ['the folder that the paths begin with', ['src/a.ts'], ['src/a.ts'], { 'src/a.ts': 'src/a.ts' }, []],
    [
      'single files',
      ['src/a.ts', 'lib/b.ts'],
      ['a.ts', 'b.ts'],
      { 'src/a.ts': 'a.ts', 'lib/b.ts': 'b.ts' },
      [],
    ],
    ['a single file at the top', ['a.ts'], ['a.ts'], { 'a.ts': 'a.ts' }, []],
    [
      'a single file whose name two paths have',
      ['src/a.ts', 'lib/a.ts'],
      ['a.ts'],
      {},
      ['src/a.ts', 'lib/a.ts'],
    ],
    [
      'single files beside a folder',
      ['src/a.ts', 'b.ts'],
      ['repo/src/a.ts', 'b.ts'],
      { 'src/a.ts': 'repo/src/a.ts', 'b.ts': 'b.ts' },
      [],
    ],
    ['a file of the same name elsewhere', ['src/a.ts'], ['repo/lib/a.ts'], {}, ['src/a.ts']],
    ['nothing', ['src/a.ts'], [], {}, ['src/a.ts']],
    [
      'decomposed names',
      ['src/größe.ts'],
      ['repo/src/größe.ts'.normalize('NFD')],
      { 'src/größe.ts': 'repo/src/größe.ts'.normalize('NFD') },
      [],
    ],
    [
      'names like those of objects',
      ['constructor', '__proto__'],
      ['constructor', '__proto__'],
      { constructor: 'constructor', ['__proto__']: '__proto__' },
      [],
    ],
  ])('%s', (_, paths, chosen, files, missing) => {
    const found = match(paths, chosen)
    expect(Object.entries(found.files)).toEqual(Object.entries(files))
    expect(found.missing).toEqual(missing)
  })

  it('takes one piece of code for what it is, and no folder', () => {
    const piece = { ...claim(), method: 'sha256' as const }
    expect(matchFiles(piece, [{ path: 'x/a.ts' }]).files).toEqual([
      { path: 'a.ts', file: { path: 'x/a.ts' } },
    ])
    expect(matchFiles(piece, [{ path: 'x/a.ts' }, { path: 'x/b.ts' }]).files).toEqual([])
    expect(matchFiles(piece, []).files).toEqual([])
  })

  it('takes all that was chosen where the paths are private, without the folder', () => {
    const { files, missing } = matchFiles({ ...claim(), hashedPaths: true }, [
      { path: 'repo/src/a.ts' },
      { path: 'b.ts' },
    ])
    expect(files.map(({ path }) => path)).toEqual(['src/a.ts', 'b.ts'])
    expect(missing).toEqual([])
  })

  it('finds every file of a folder, wherever that lies, and never one twice', () => {
    const name = fc.stringMatching(/^[a-c.]{1,2}$/)
    const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'))
    const paths = fc.uniqueArray(path, { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(
        paths,
        fc.array(fc.stringMatching(/^[x-z]$/), { minLength: 1, maxLength: 3 }),
        (wanted, above) => {
          const found = match(
            wanted,
            wanted.map((one) => `${above.join('/')}/${one}`),
          )
          expect(found.missing).toEqual([])
          expect(Object.entries(found.files)).toEqual(wanted.map((one) => [one, `${above.join('/')}/${one}`]))
        },
      ),
    )
    fc.assert(
      fc.property(paths, fc.uniqueArray(path), (wanted, chosen) => {
        const { files, missing } = match(wanted, chosen)
        expect([...Object.keys(files), ...missing].sort()).toEqual([...wanted].sort())
        expect(Object.values(files).every((file) => chosen.includes(file))).toBe(true)
      }),
    )
  })
})
