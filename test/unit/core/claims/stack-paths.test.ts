import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matchStackPaths } from '../../../../core/claims/stack-paths.ts'

const SALT = '5a'.repeat(32)
const hashed = (path: string) =>
  `sha256:${createHmac('sha256', Buffer.from(SALT, 'hex')).update(path).digest('hex')}`
const FILES = ['src/pay/charge.ts', 'index.ts', 'services/api/shop/pay.py']

describe('a frame in a changed file', () => {
  test.each([
    'src/pay/charge.ts',
    './src/pay/charge.ts',
    '/srv/app/src/pay/charge.ts',
    '/srv/app/src/pay/charge.ts:12:8',
    'C:\\app\\src\\pay\\charge.ts',
    'app:///src/pay/charge.ts',
    'webpack:///./src/pay/charge.ts?a1b2',
    'https://cdn.example.com/build/src/pay/charge.ts',
    'index.ts',
    './index.ts',
  ])('%s', (path) => {
    expect(matchStackPaths([path], { files: FILES, salt: null })).toEqual({ matched: 1, own: 1 })
    expect(matchStackPaths([path], { files: FILES.map(hashed), salt: SALT })).toEqual({ matched: 1, own: 1 })
  })

  test('may be told by the end of its path alone, if a folder is in it and the paths are plain', () => {
    expect(matchStackPaths(['shop/pay.py'], { files: FILES, salt: null }).matched).toBe(1)
    expect(matchStackPaths(['pay.py'], { files: FILES, salt: null }).matched).toBe(0)
  })

  test.each([
    'charge.ts',
    'src/pay/other.ts',
    'mysrc/pay/charge.tsx',
    'xsrc/pay/charge.ts',
    '/app/lib/index.ts',
    '',
    '/',
  ])('is not %j', (path) => {
    expect(matchStackPaths([path], { files: FILES, salt: null }).matched).toBe(0)
    expect(matchStackPaths([path], { files: FILES.map(hashed), salt: SALT }).matched).toBe(0)
  })

  test.each(['/app/node_modules/a/src/pay/charge.ts', '/venv/site-packages/shop/src/pay/charge.ts'])(
    'is not one of a dependency: %s',
    (path) => {
      expect(matchStackPaths([path], { files: FILES, salt: null })).toEqual({ matched: 0, own: 0 })
    },
  )

  test('with another salt is not recognised', () => {
    const changed = { files: FILES.map(hashed), salt: 'ff'.repeat(32) }
    expect(matchStackPaths(['src/pay/charge.ts'], changed).matched).toBe(0)
  })

  test('counts once however often it is told, and never more than there are', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...FILES), fc.string()), { maxLength: 80 }), (paths) => {
        const { matched, own } = matchStackPaths(paths, { files: FILES, salt: null })
        expect(matched).toBeLessThanOrEqual(own)
        expect(matchStackPaths([...paths, ...paths].reverse(), { files: FILES, salt: null })).toEqual({
          matched,
          own,
        })
      }),
    )
  })
})
