import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { collectChange } from '../../../../cli/git/collect.ts'
import { isolatedEnv, temporaryFolder } from '../support.ts'
import { collect, LAST_COMMIT, newRepository, paths, refusal } from './collect-support.ts'

describe('what no certificate can be made of', () => {
  it('a folder without a repository', async () => {
    const folder = temporaryFolder(onTestFinished)
    const env = isolatedEnv(folder, { GIT_CEILING_DIRECTORIES: join(folder, '..') })
    await expect(collectChange(folder, env, LAST_COMMIT)).rejects.toMatchObject({
      exitCode: 2,
      message: 'this folder is not in a git repository',
    })
  })

  it('a bare repository', async () => {
    const repository = newRepository('--bare')
    expect((await refusal(repository)).message).toContain('bare repository')
  })

  it('a repository without a commit', async () => {
    expect(await refusal(newRepository())).toMatchObject({ exitCode: 2, message: 'there is no commit yet' })
  })

  it('an empty commit', async () => {
    const repository = newRepository()
    repository.commit()
    expect(await refusal(repository)).toMatchObject({
      exitCode: 2,
      message: 'the last commit changes no file: nothing to certify',
    })
  })

  it('a change that leaves no text', async () => {
    const repository = newRepository()
    repository.write('a', 'a')
    repository.commit()
    rmSync(join(repository.folder, 'a'))
    repository.write('b', Buffer.from([0]))
    repository.commit()
    expect((await refusal(repository)).message).toContain('leaves no text to certify')
  })

  it('more than 500 files, and exactly 500 can be', async () => {
    const repository = newRepository()
    for (let i = 0; i < 500; i++) repository.write(`f${i}`, `${i}`)
    repository.commit()
    expect((await collect(repository)).files).toHaveLength(500)
    repository.write('one more', 'x')
    for (let i = 0; i < 500; i++) repository.write(`f${i}`, `changed ${i}`)
    repository.commit()
    expect(await refusal(repository)).toMatchObject({
      exitCode: 2,
      message: 'the change has 501 files; a certificate takes at most 500',
    })
  })

  it('more than 2 MiB of contents, in one file or in all; exactly 2 MiB can be', async () => {
    const repository = newRepository()
    const half = 'x'.repeat(1024 * 1024)
    repository.write('a', half)
    repository.write('b', half)
    repository.commit()
    expect((await collect(repository)).files).toHaveLength(2)
    repository.write('c', 'x')
    repository.write('a', `${half.slice(1)}y`)
    repository.write('b', `${half.slice(1)}y`)
    repository.commit()
    expect((await refusal(repository)).message).toMatch(/too large: its contents are 2\.0 MiB/)
    repository.write('huge', half.repeat(3))
    repository.commit()
    expect((await refusal(repository)).message).toContain('huge has 3.0 MiB of text')
    expect((await refusal(repository, paths('huge'))).message).toContain('huge has 3.0 MiB of text')
  })

  it('more than 2 MiB of previous contents', async () => {
    const repository = newRepository()
    const contents = 'x\n'.repeat(600 * 1024)
    repository.write('a', contents)
    repository.write('b', contents)
    repository.commit()
    repository.write('a', '1')
    repository.write('b', '2')
    repository.commit()
    expect((await refusal(repository)).message).toContain('their previous contents are 2.3 MiB')
  })

  it('but a large binary file is skipped unread', async () => {
    const repository = newRepository()
    repository.write('a', 'a')
    repository.write('large.bin', Buffer.alloc(5 * 1024 * 1024))
    repository.commit()
    expect((await collect(repository)).skipped).toEqual([{ path: 'large.bin', reason: 'binary' }])
    expect((await collect(repository, paths('.'))).skipped).toEqual([{ path: 'large.bin', reason: 'binary' }])
  })

  it.each([
    ['new\nline', 'contains a control character'],
    ['back\\slash', 'contains a backslash'],
    ['C:drive', 'reads like a drive path'],
  ])('a name that the format refuses: %j', async (name, words) => {
    const repository = newRepository()
    repository.write(name, 'x')
    repository.commit()
    const found = await refusal(repository)
    expect(found.exitCode).toBe(2)
    expect(found.message).toContain(words)
  })

  it('a name that is not UTF-8', async () => {
    const repository = newRepository()
    execFileSync('sh', ['-c', `printf x > "$(printf 'caf\\351')"`], { cwd: repository.folder })
    repository.commit()
    expect((await refusal(repository)).message).toContain('is not UTF-8')
  })

  it('two names that are one in NFC', async () => {
    const repository = newRepository()
    repository.git('config', 'core.precomposeUnicode', 'false')
    repository.write('caf\u00e9', '1')
    repository.write('cafe\u0301', '2')
    repository.commit()
    expect((await refusal(repository)).message).toContain('the same in Unicode NFC')
  })
})
