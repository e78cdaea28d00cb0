import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { TestRepository } from '../support.ts'
import { collect, newRepository, refusal, STAGED, since } from './collect-support.ts'

describe('shallow clones', () => {
  function cloneOf(repository: TestRepository, depth: number): TestRepository {
    const clone = new TestRepository(join(repository.folder, '..', `clone-${depth}`))
    clone.git('fetch', '-q', `--depth=${depth}`, `file://${repository.folder}`, 'main')
    clone.git('reset', '-q', '--hard', 'FETCH_HEAD')
    return clone
  }

  function threeCommits(): TestRepository {
    const repository = newRepository()
    for (const content of ['1', '2', '3']) {
      repository.write('a', content)
      repository.write('untouched', 'u')
      repository.commit(content)
    }
    return repository
  }

  it('of depth 1 are refused: the whole tree would look new', async () => {
    const found = await refusal(cloneOf(threeCommits(), 1))
    expect(found.exitCode).toBe(2)
    expect(found.message).toContain('shallow clone lacks the parent')
    expect(found.details.join()).toContain('fetch-depth: 0')
  })

  it('of depth 2 have all that is needed', async () => {
    const change = await collect(cloneOf(threeCommits(), 2))
    expect(change.files).toEqual([{ path: 'a', content: '3', previous_content: '2' }])
  })

  it('without a common ancestor cannot be compared with --base', async () => {
    const source = threeCommits()
    const clone = cloneOf(source, 1)
    source.git('checkout', '-q', '-b', 'other', 'HEAD~2')
    source.write('b', 'b')
    source.commit()
    clone.git('fetch', '-q', '--depth=1', `file://${source.folder}`, 'other:other')
    const found = await refusal(clone, since('other'))
    expect(found.exitCode).toBe(2)
    expect(found.message).toContain('no common ancestor')
  })
})

describe('--base', () => {
  it('is what HEAD adds since the merge base, not what the base has since', async () => {
    const repository = newRepository()
    repository.write('a', '1')
    repository.commit('base')
    repository.git('checkout', '-q', '-b', 'feature')
    repository.write('a', '2')
    repository.commit('one\n\nAI-Tool: some-tool-v2.1')
    repository.write('b', 'b')
    const head = repository.commit('two')
    repository.git('checkout', '-q', 'main')
    repository.write('elsewhere', 'x')
    repository.commit('main goes on')
    repository.git('checkout', '-q', 'feature')
    const change = await collect(repository, since('main'))
    expect(change.files).toEqual([
      { path: 'a', content: '2', previous_content: '1' },
      { path: 'b', content: 'b', previous_content: '' },
    ])
    expect(change.filesChanged).toEqual(['a', 'b'])
    expect(change.commitSha).toBe(head)
    expect(change.commitMessage).toBe('two')
    expect(change.messages).toEqual(['two', 'one\n\nAI-Tool: some-tool-v2.1'])
  })

  it.each(['nowhere', '--output=/tmp/x', 'HEAD:a'])('refuses %s, which names no commit', async (name) => {
    const repository = newRepository()
    repository.write('a', 'a')
    repository.commit()
    expect(await refusal(repository, since(name))).toMatchObject({
      exitCode: 2,
      message: `--base ${name} names no commit here`,
    })
  })
})

describe('--staged', () => {
  it('is the index against HEAD, not the working tree, and no commit', async () => {
    const repository = newRepository()
    repository.write('a', '1')
    repository.commit()
    repository.write('a', 'staged')
    repository.git('add', 'a')
    repository.write('a', 'not staged')
    repository.write('untracked', 'u')
    const change = await collect(repository, STAGED)
    expect(change.files).toEqual([{ path: 'a', content: 'staged', previous_content: '1' }])
    expect(change.commitSha).toBeNull()
    expect(change.commitMessage).toBeNull()
  })

  it('works before the first commit', async () => {
    const repository = newRepository()
    repository.write('a', 'a')
    repository.git('add', 'a')
    expect((await collect(repository, STAGED)).files).toEqual([
      { path: 'a', content: 'a', previous_content: '' },
    ])
  })

  it('refuses unresolved conflicts', async () => {
    const repository = newRepository()
    repository.write('a', '0')
    repository.commit()
    repository.git('checkout', '-q', '-b', 'side')
    repository.write('a', '1')
    repository.commit()
    repository.git('checkout', '-q', 'main')
    repository.write('a', '2')
    repository.commit()
    expect(() => repository.git('merge', '-q', 'side')).toThrow()
    expect(await refusal(repository, STAGED)).toMatchObject({
      exitCode: 2,
      message: 'a has conflicts that are not resolved',
    })
  })
})
