import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { CollectedChange } from '../../../../cli/git/change.ts'
import { collectChange } from '../../../../cli/git/collect.ts'
import { isolatedEnv, type TestRepository, temporaryFolder } from '../support.ts'
import { collect, LAST_COMMIT, newRepository, paths, refusal, STAGED } from './collect-support.ts'

describe('paths', () => {
  it('are working-tree files with what HEAD had of them', async () => {
    const repository = newRepository()
    repository.write('.gitignore', 'ignored\n')
    repository.write('src/a', 'old')
    repository.write('src/gone', 'g')
    repository.write('other', 'o')
    repository.commit()
    repository.write('src/a', 'new')
    repository.write('src/fresh', 'f')
    repository.write('src/ignored', 'i')
    rmSync(join(repository.folder, 'src/gone'))
    const change = await collect(repository, paths('src'))
    expect(change.files).toEqual([
      { path: 'src/a', content: 'new', previous_content: 'old' },
      { path: 'src/fresh', content: 'f', previous_content: '' },
    ])
    expect(change.filesChanged).toEqual(['src/a', 'src/fresh', 'src/gone'])
    expect(change.deleted).toEqual(['src/gone'])
    expect(change.commitSha).toBeNull()
  })

  it('that are all as in HEAD have its commit, and no past: all of their lines are certified', async () => {
    const repository = newRepository()
    repository.write('a', 'a')
    repository.write('empty', '')
    repository.write('other', 'o')
    const id = repository.commit('message')
    repository.write('other', 'changed, and not named')
    const change = await collect(repository, paths('a', 'empty'))
    expect(change).toMatchObject({ commitSha: id, commitMessage: 'message', messages: ['message'] })
    expect(change.description).toBe('files, all as in HEAD')
    expect(change.files).toEqual([
      { path: 'a', content: 'a' },
      { path: 'empty', content: '' },
    ])
  })

  it.each<[string, (repository: TestRepository) => void]>([
    ['is changed', (repository) => repository.write('b', 'changed')],
    ['is new', (repository) => repository.write('new', 'n')],
    ['is gone', (repository) => rmSync(join(repository.folder, 'b'))],
  ])('of which one %s are a change to HEAD, and keep their past', async (_, alter) => {
    const repository = newRepository()
    repository.write('a', 'a')
    repository.write('b', 'b')
    repository.commit()
    alter(repository)
    const change = await collect(repository, paths('.'))
    expect(change).toMatchObject({ commitSha: null, commitMessage: null })
    expect(change.files[0]).toEqual({ path: 'a', content: 'a', previous_content: 'a' })
  })

  it('take an ignored file that is named outright, and names that look like patterns', async () => {
    const repository = newRepository()
    repository.write('.gitignore', 'ignored\n')
    repository.write('*.ts', 'star')
    repository.write('a.ts', 'a')
    repository.write('ignored', 'i')
    repository.commit()
    expect((await collect(repository, paths('*.ts', 'ignored'))).filesChanged).toEqual(['*.ts', 'ignored'])
  })

  it('are relative to the working directory; . is all of it', async () => {
    const repository = newRepository()
    repository.write('sub/a', 'a')
    repository.write('b', 'b')
    expect((await collect(repository, paths('a', '../b'), 'sub')).filesChanged).toEqual(['b', 'sub/a'])
    expect((await collect(repository, paths('.'))).filesChanged).toEqual(['b', 'sub/a'])
  })

  it('never follow a link, not even of a folder', async () => {
    const repository = newRepository()
    const outside = join(repository.folder, '..', 'outside')
    mkdirSync(outside)
    execFileSync('sh', ['-c', 'echo secret > "$0/key"', outside])
    repository.write('d/key', 'tracked')
    repository.write('a', 'a')
    repository.commit()
    rmSync(join(repository.folder, 'd'), { recursive: true })
    symlinkSync(outside, join(repository.folder, 'd'))
    symlinkSync(join(outside, 'key'), join(repository.folder, 'link'))
    const change = await collect(repository, paths('.'))
    expect(change.files.map((file) => file.path)).toEqual(['a'])
    expect(JSON.stringify(change)).not.toContain('secret')
    expect(change.skipped).toContainEqual({ path: 'link', reason: 'symbolic_link' })
  })

  it.each([
    ['../outside', 'outside the repository'],
    ['/etc/hostname', 'outside the repository'],
    ['.git/config', 'belongs to git itself'],
    ['missing', 'there is no file missing'],
  ])('refuse %s', async (name, words) => {
    const repository = newRepository()
    repository.write('a', 'a')
    repository.commit()
    const found = await refusal(repository, paths(name))
    expect(found.exitCode).toBe(2)
    expect(found.message).toContain(words)
  })
})

describe('paths outside a repository', () => {
  async function loose(...names: string[]): Promise<CollectedChange> {
    const folder = temporaryFolder(onTestFinished)
    mkdirSync(join(folder, 'sub'))
    writeFileSync(join(folder, 'sub/a'), 'a')
    const env = isolatedEnv(folder, { GIT_CEILING_DIRECTORIES: join(folder, '..') })
    return (await collectChange(folder, env, paths(...names))).change
  }

  it('are files without a past', async () => {
    expect(await loose('sub/a')).toMatchObject({
      files: [{ path: 'sub/a', content: 'a' }],
      filesChanged: ['sub/a'],
      commitSha: null,
    })
  })

  it.each([
    ['sub', 'name its files one by one'],
    ['missing', 'there is no file missing'],
    ['../other', 'outside the working directory'],
  ])('refuse %s', async (name, words) => {
    await expect(loose(name)).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining(words) })
  })
})

/** Gives HEAD a signature, which git would show by running a program. */
function signLastCommit(repository: TestRepository): void {
  const [headers, ...message] = repository.git('cat-file', 'commit', 'HEAD').split('\n\n')
  const signature = 'gpgsig -----BEGIN PGP SIGNATURE-----\n \n AAAA\n -----END PGP SIGNATURE-----'
  repository.write('../signed', `${[`${headers}\n${signature}`, ...message].join('\n\n')}\n`)
  repository.git('reset', '-q', repository.git('hash-object', '-t', 'commit', '-w', '../signed'))
}

describe('the repository', () => {
  it("is named by its origin, without the origin's credentials", async () => {
    const repository = newRepository()
    repository.git('remote', 'add', 'origin', 'https://user:s3cret@GitHub.com/Owner/repo.git')
    repository.write('a', 'a')
    repository.commit()
    const found = await collectChange(repository.folder, repository.env, LAST_COMMIT)
    expect(found.repositoryName).toBe('github.com/Owner/repo')
    expect(JSON.stringify(found)).not.toContain('s3cret')
  })

  it('runs no program that its configuration names', async () => {
    const repository = newRepository()
    repository.write('a', 'a')
    repository.commit()
    signLastCommit(repository)
    repository.write('a', 'b')
    const proof = join(repository.folder, '..', 'ran')
    repository.write('hook.sh', `#!/bin/sh\necho ran >> ${proof}\n`)
    execFileSync('chmod', ['+x', join(repository.folder, 'hook.sh')])
    const hook = join(repository.folder, 'hook.sh')
    repository.git('config', 'core.fsmonitor', hook)
    repository.git('config', 'diff.external', hook)
    repository.git('config', 'core.pager', hook)
    repository.git('config', 'gpg.program', hook)
    repository.git('config', 'log.showSignature', 'true')
    for (const selection of [LAST_COMMIT, STAGED, paths('a')]) {
      await collect(repository, selection).catch(() => {})
    }
    expect(() => execFileSync('test', ['-e', proof])).toThrow()
  })
})
