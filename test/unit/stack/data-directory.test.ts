import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDataDirectory } from '../../../stack/data-directory.ts'
import { identify } from '../../../stack/processes.ts'
import { StackError } from '../../../stack/stack-error.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'coderisk-data-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

describe('openDataDirectory', () => {
  it('makes it, and says which version made it', () => {
    const data = openDataDirectory(path.join(directory, 'a', 'b'))
    expect(JSON.parse(readFileSync(data.file('version'), 'utf8'))).toEqual({ format: 1, postgres_major: 18 })
    data.release()
  })

  it('writes files whole and for the owner alone', () => {
    const data = openDataDirectory(directory)
    data.writeJson('secrets.json', { a: 1 })
    data.writeJson('secrets.json', { a: 2 })
    expect(data.readJson('secrets.json')).toEqual({ a: 2 })
    expect(statSync(data.file('secrets.json')).mode & 0o777).toBe(0o600)
    expect(data.readJson('absent.json')).toBeUndefined()
    data.release()
  })

  it('refuses a damaged file rather than starting without its secrets', () => {
    const data = openDataDirectory(directory)
    writeFileSync(data.file('secrets.json'), '{"a": ')
    expect(() => data.readJson('secrets.json')).toThrow(StackError)
    data.release()
  })

  it('is held by one process until released', () => {
    const data = openDataDirectory(directory)
    expect(() => openDataDirectory(directory)).toThrow(/already runs/)
    data.release()
    openDataDirectory(directory).release()
  })

  it('takes over from a process that is gone, even if its number is in use again', () => {
    const { pid } = identify(process.pid)!
    for (const lock of [JSON.stringify({ pid, started: 'long ago' }), '{"pid": 1', '']) {
      writeFileSync(path.join(directory, 'lock'), lock)
      openDataDirectory(directory).release()
    }
    expect(existsSync(path.join(directory, 'lock'))).toBe(false)
  })

  it.each([
    ['another format', { format: 2, postgres_major: 18 }],
    ['another PostgreSQL', { format: 1, postgres_major: 17 }],
    ['no version in it', {}],
  ])('refuses %s and does not keep the lock', (_, version) => {
    writeFileSync(path.join(directory, 'version'), JSON.stringify(version))
    expect(() => openDataDirectory(directory)).toThrow(/made by another version/)
    expect(existsSync(path.join(directory, 'lock'))).toBe(false)
  })

  it('refuses a cluster of another PostgreSQL', () => {
    mkdirSync(path.join(directory, 'postgresql'))
    writeFileSync(path.join(directory, 'postgresql', 'PG_VERSION'), '17\n')
    expect(() => openDataDirectory(directory)).toThrow(/PostgreSQL 17/)
  })

  it("refuses somebody else's folder, and a file", () => {
    writeFileSync(path.join(directory, 'notes.txt'), '')
    expect(() => openDataDirectory(directory)).toThrow(/holds other things/)
    expect(() => openDataDirectory(path.join(directory, 'notes.txt'))).toThrow(StackError)
  })
})
