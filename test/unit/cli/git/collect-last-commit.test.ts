import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { TestRepository } from '../support.ts'
import { collect, LAST_COMMIT, newRepository } from './collect-support.ts'

describe('the last commit', () => {
  it('has the contents before and after, its id and its message', async () => {
    const repository = newRepository()
    repository.write('src/a.ts', 'old\n')
    repository.commit('first')
    repository.write('src/a.ts', 'new\n')
    repository.write('src/b.ts', 'b\n')
    const id = repository.commit('second\n\nwith a body')
    repository.write('src/a.ts', 'uncommitted\n')
    const change = await collect(repository)
    expect(change).toMatchObject({
      files: [
        { path: 'src/a.ts', content: 'new\n', previous_content: 'old\n' },
        { path: 'src/b.ts', content: 'b\n', previous_content: '' },
      ],
      filesChanged: ['src/a.ts', 'src/b.ts'],
      skipped: [],
      deleted: [],
      commitSha: id,
      commitMessage: 'second\n\nwith a body',
    })
  })

  it.each(['sha1', 'sha256'])('of a root is against the empty tree (%s objects)', async (format) => {
    const repository = newRepository(`--object-format=${format}`)
    repository.write('a.txt', 'a')
    const id = repository.commit()
    const change = await collect(repository)
    expect(change.files).toEqual([{ path: 'a.txt', content: 'a', previous_content: '' }])
    expect(change.commitSha).toBe(id)
  })

  it('of a merge is against its first parent', async () => {
    const repository = newRepository()
    repository.write('a', '1')
    repository.commit()
    repository.git('checkout', '-q', '-b', 'side')
    repository.write('side', 's')
    repository.commit()
    repository.git('checkout', '-q', 'main')
    repository.write('main', 'm')
    repository.commit()
    repository.git('merge', '-q', '--no-ff', '-m', 'merge', 'side')
    expect((await collect(repository)).filesChanged).toEqual(['side'])
  })

  it('gives a rename its previous content, and both names', async () => {
    const repository = newRepository()
    const lines = Array.from({ length: 40 }, (_, line) => `line ${line}\n`).join('')
    repository.write('old.ts', lines)
    repository.commit()
    repository.git('mv', 'old.ts', 'new.ts')
    repository.write('new.ts', `${lines}more\n`)
    repository.commit()
    const change = await collect(repository)
    expect(change.files).toEqual([{ path: 'new.ts', content: `${lines}more\n`, previous_content: lines }])
    expect([...change.filesChanged].sort()).toEqual(['new.ts', 'old.ts'])
    expect(change.deleted).toEqual(['old.ts'])
  })

  it('names a deleted file without a content', async () => {
    const repository = newRepository()
    repository.write('keep', 'k')
    repository.write('gone', 'g')
    repository.commit()
    repository.write('keep', 'k2')
    rmSync(join(repository.folder, 'gone'))
    repository.commit()
    const change = await collect(repository)
    expect(change.files.map((file) => file.path)).toEqual(['keep'])
    expect(change.filesChanged).toEqual(['gone', 'keep'])
    expect(change.deleted).toEqual(['gone'])
  })

  it('names binary files, links and submodules without their contents', async () => {
    const repository = newRepository()
    const inner = new TestRepository(join(repository.folder, '..', 'inner'))
    inner.write('x', 'x')
    inner.commit()
    repository.write('text', 'text')
    repository.write('nul', Buffer.from('text\0more'))
    repository.write('latin1', Buffer.from([0x63, 0x61, 0x66, 0xe9]))
    symlinkSync('/etc/hostname', join(repository.folder, 'link'))
    repository.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.folder, 'sub')
    repository.commit()
    const change = await collect(repository)
    expect(change.files.map((file) => file.path)).toEqual(['.gitmodules', 'text'])
    expect(change.skipped).toEqual([
      { path: 'latin1', reason: 'binary' },
      { path: 'link', reason: 'symbolic_link' },
      { path: 'nul', reason: 'binary' },
      { path: 'sub', reason: 'submodule' },
    ])
    expect(change.filesChanged).toEqual(['.gitmodules', 'latin1', 'link', 'nul', 'sub', 'text'])
  })

  it('takes a link that became a file for a new one', async () => {
    const repository = newRepository()
    symlinkSync('target', join(repository.folder, 'a'))
    repository.commit()
    rmSync(join(repository.folder, 'a'))
    repository.write('a', 'now a file')
    repository.commit()
    expect((await collect(repository)).files).toEqual([
      { path: 'a', content: 'now a file', previous_content: '' },
    ])
  })

  it('does not say what a file was that became text: it was not nothing, and cannot be sent', async () => {
    const repository = newRepository()
    repository.write('a', Buffer.from('binary\0'))
    repository.commit()
    repository.write('a', 'text')
    repository.commit()
    expect((await collect(repository)).files).toEqual([{ path: 'a', content: 'text' }])
  })

  it('takes names with spaces, quotes and other scripts as they are', async () => {
    const repository = newRepository()
    const names = ['with space.ts', `quo"te'.ts`, 'grüße/日本.ts', '-dash', ':(glob)x', '*']
    for (const name of names) repository.write(name, name)
    repository.commit()
    expect([...(await collect(repository)).filesChanged].sort()).toEqual([...names].sort())
  })

  it('writes decomposed names in NFC', async () => {
    const repository = newRepository()
    repository.git('config', 'core.precomposeUnicode', 'false')
    repository.write('caf\u0065\u0301.ts', 'x')
    repository.commit()
    expect((await collect(repository)).filesChanged).toEqual(['caf\u00e9.ts'])
  })

  it('keeps a byte order mark, carriage returns and an empty file', async () => {
    const repository = newRepository()
    repository.write('bom', '\ufeffa\r\nb')
    repository.write('empty', '')
    repository.commit()
    expect((await collect(repository)).files).toEqual([
      { path: 'bom', content: '\ufeffa\r\nb', previous_content: '' },
      { path: 'empty', content: '', previous_content: '' },
    ])
  })

  it('is not replaced by refs/replace, which are local', async () => {
    const repository = newRepository()
    repository.write('a', 'real')
    const real = repository.commit()
    repository.write('a', 'fake')
    const fake = repository.commit()
    repository.git('reset', '-q', '--hard', real)
    repository.git('replace', real, fake)
    expect((await collect(repository)).files).toEqual([{ path: 'a', content: 'real', previous_content: '' }])
  })

  it('reads a message in another encoding', async () => {
    const repository = newRepository()
    repository.write('a', 'a')
    repository.git('add', '--all')
    repository.write('message', Buffer.from('caf\xe9', 'latin1'))
    repository.git('-c', 'i18n.commitEncoding=ISO-8859-1', 'commit', '-q', '-F', 'message')
    repository.git('config', 'i18n.logOutputEncoding', 'ISO-8859-1')
    expect((await collect(repository)).commitMessage).toBe('café')
  })

  it('is found from a folder below, with paths from the top', async () => {
    const repository = newRepository()
    repository.write('deep/down/a', 'a')
    repository.commit()
    expect((await collect(repository, LAST_COMMIT, 'deep/down')).filesChanged).toEqual(['deep/down/a'])
  })
})
