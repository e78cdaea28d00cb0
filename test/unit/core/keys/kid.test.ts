import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { keyIdentifier, thumbprint } from '../../../../core/keys/kid.ts'
import { isKid } from '../../../../core/verify/trust-root.ts'

/** RFC 7638, section 3.1. */
const RFC_7638 = {
  kty: 'RSA',
  n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
  e: 'AQAB',
} as const
const RFC_7638_THUMBPRINT = 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs'

test('the thumbprint is the one of RFC 7638', async () => {
  const expected = Buffer.from(RFC_7638_THUMBPRINT, 'base64url').toString('hex')
  expect(await thumbprint(RFC_7638)).toBe(expected)
})

test('it is SHA-256 over the required members alone, whatever else the key says of itself', async () => {
  const text = `{"e":"AQAB","kty":"RSA","n":"${RFC_7638.n}"}`
  const expected = createHash('sha256').update(text).digest('hex')
  expect(await thumbprint({ ...RFC_7638, kid: 'other', use: 'sig', alg: 'RS256' } as typeof RFC_7638)).toBe(
    expected,
  )
})

test.each([
  ['2026-11-21T00:00:00.000Z', 'key-202611-3736cbb1'],
  ['2026-01-01T00:00:00.000Z', 'key-202601-3736cbb1'],
  ['2026-12-31T23:59:59.999Z', 'key-202612-3736cbb1'],
])('the kid of a key made at %s is %s', async (time, kid) => {
  expect(await keyIdentifier(RFC_7638, new Date(time))).toBe(kid)
  expect(isKid(kid)).toBe(true)
})
