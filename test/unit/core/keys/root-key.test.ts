import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseNetworkRootKey } from '../../../../core/keys/root-key.ts'

/** RFC 8037, appendix A.2. */
const KEY = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }

describe('the network root key that the core is told', () => {
  test('is taken by the members that make it', () => {
    expect(parseNetworkRootKey(JSON.stringify({ ...KEY, kid: 'x', use: 'sig' }))).toEqual(KEY)
  })

  test.each([undefined, ''])('may be absent: %j', (text) => {
    expect(parseNetworkRootKey(text)).toBeUndefined()
  })

  test.each([
    ['no JSON', '{'],
    ['null', 'null'],
    ['a list', '[]'],
    ['another type', JSON.stringify({ ...KEY, kty: 'EC' })],
    ['another curve', JSON.stringify({ ...KEY, crv: 'X25519' })],
    ['a key that is too short', JSON.stringify({ ...KEY, x: KEY.x.slice(4) })],
    ['a private key', JSON.stringify({ ...KEY, d: KEY.x })],
  ])('is not %s', (_name, text) => {
    expect(() => parseNetworkRootKey(text)).toThrow(TypeError)
  })

  test('anything else is a TypeError and nothing worse', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string({ minLength: 1 })), (text) => {
        expect(() => parseNetworkRootKey(text)).toThrow(TypeError)
      }),
    )
  })
})
