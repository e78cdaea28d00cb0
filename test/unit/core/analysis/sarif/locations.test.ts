import { describe, expect, test } from 'vitest'
import { only, RESULT, read } from './log.ts'

describe('paths', () => {
  const bases = {
    ROOT: { uri: 'file:///w/r/' },
    PKG: { uri: 'packages/p/', uriBaseId: 'ROOT' },
    LOOP: { uri: 'x/', uriBaseId: 'LOOP' },
    UNKNOWN: {},
  }
  test.each<[string, string | undefined, string, string | null]>([
    ['src/a.ts', undefined, 'src/a.ts', null],
    ['./src//a.ts', undefined, 'src/a.ts', null],
    ['src%2Fa%20b.ts', undefined, 'src/a b.ts', null],
    ['100%.ts', undefined, '100%.ts', null],
    ['src\\a.ts', undefined, 'src/a.ts', null],
    ['../../etc/passwd', undefined, 'etc/passwd', null],
    ['%2e%2e/x/a.ts', 'ROOT', 'x/a.ts', '/w'],
    ['%2e%2e/%2e%2e/%2e%2e/a.ts', 'ROOT', 'a.ts', '/'],
    ['../q/a.ts', 'PKG', 'packages/q/a.ts', '/w/r'],
    ['../../../q/a.ts', 'PKG', 'q/a.ts', '/w'],
    ['src/../../a.ts', undefined, 'a.ts', null],
    ['e\u0301.ts', undefined, '\u00e9.ts', null],
    ['a.ts', 'ROOT', 'a.ts', '/w/r'],
    ['a.ts', 'PKG', 'packages/p/a.ts', '/w/r'],
    ['a.ts', 'UNKNOWN', 'a.ts', null],
    ['a.ts', 'NOT_THERE', 'a.ts', null],
    ['a.ts', '__proto__', 'a.ts', null],
    ['a.ts', 'LOOP', `${'x/'.repeat(8)}a.ts`, null],
    ['file:///w/r/src/a.ts', 'ROOT', '/w/r/src/a.ts', null],
    ['file://host/w/a.ts', undefined, '/w/a.ts', null],
    ['file:/w/a.ts', undefined, '/w/a.ts', null],
    ['C:\\w\\a.ts', undefined, '/C:/w/a.ts', null],
    ['/w/a.ts', undefined, '/w/a.ts', null],
    ['/../../a.ts', undefined, '/a.ts', null],
  ])('%s of %s: %s', (uri, uriBaseId, path, base) => {
    const artifactLocation = { uri, ...(uriBaseId === undefined ? {} : { uriBaseId }) }
    const found = only({
      originalUriBaseIds: bases,
      results: [{ ...RESULT, locations: [{ physicalLocation: { artifactLocation } }] }],
    })
    expect(found).toMatchObject({ path, base })
  })

  test.each(['', '..', '/', '.', 'a'.repeat(5_000)])('nothing is named by %j', (uri) => {
    const locations = [{ physicalLocation: { artifactLocation: { uri } } }]
    expect(read({ results: [{ ...RESULT, locations }] })).toMatchObject({ findings: [], unlocated: 1 })
  })
})
