import { createLocalJWKSet, type FlattenedJWS, flattenedVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { certificateForm } from '../../../../../core/certificates/forms/make.ts'
import { rotateSigningKeys } from '../../../../../core/keys/rotate.ts'
import { examineText } from '../../../../../core/verify/examine.ts'
import { jsonWebKeySet } from '../../../../../core/verify/trust-root.ts'
import { START_LIMIT_MS } from '../../support.ts'
import { type FormsCore, signedBytesOf, startFormsCore, trustRootOf } from './forms-support.ts'

const DAY_MS = 86_400_000

let forms: FormsCore
beforeAll(async () => {
  forms = await startFormsCore()
}, START_LIMIT_MS)
afterAll(() => forms?.core.db.stop())

const jwsOf = (id: string, now = new Date()) => certificateForm(forms.core.ctx(now), id, 'jws')
const verifyByJwks = async (text: string) =>
  flattenedVerify(
    JSON.parse(text) as FlattenedJWS,
    createLocalJWKSet(jsonWebKeySet(await trustRootOf(forms.core)) as never),
    { algorithms: ['RS256'] },
  )

describe('the JWS of a certificate', () => {
  test('is verified by jose with the key set, and its payload is the bytes that were signed', async () => {
    const { certificate_id: id, signature } = await forms.core.issue(forms.owner)
    const now = new Date()
    const text = await jwsOf(id, now)
    expect(Object.keys(JSON.parse(text))).toEqual(['payload', 'protected', 'signature'])
    const { payload, protectedHeader } = await verifyByJwks(text)
    expect(Buffer.from(payload)).toEqual(await signedBytesOf(forms.core, id))
    expect(protectedHeader).toEqual({
      alg: 'RS256',
      kid: signature.public_key_id,
      typ: 'coderisk-certificate+json',
      iat: Math.floor(now.getTime() / 1000),
    })
  })

  test.each(['protected', 'payload', 'signature'] as const)(
    'with one character of its %s changed it is refused',
    async (member) => {
      const { certificate_id: id } = await forms.core.issue(forms.owner)
      const jws = JSON.parse(await jwsOf(id))
      const place = 10
      const other = jws[member][place] === 'A' ? 'B' : 'A'
      const tampered = {
        ...jws,
        [member]: `${jws[member].slice(0, place)}${other}${jws[member].slice(place + 1)}`,
      }
      await expect(verifyByJwks(JSON.stringify(jws))).resolves.toBeDefined()
      await expect(verifyByJwks(JSON.stringify(tampered))).rejects.toThrow()
    },
  )

  test('is a certificate to the kernel', async () => {
    const { certificate_id: id } = await forms.core.issue(forms.owner)
    expect(await examineText(await jwsOf(id), forms.trustRoot)).toMatchObject({
      certificate: { certificate_id: id },
      signature: { result: 'passed' },
      keyValidity: { result: 'passed' },
    })
  })

  test('made after a rotation is of the newer key, and holds', async () => {
    const { core, owner } = forms
    const issuedAt = new Date()
    const certificate = await core.issue(owner, { ttl_days: 90 }, issuedAt)
    const day = (days: number) => new Date(issuedAt.getTime() + days * DAY_MS)
    await rotateSigningKeys(core.ctx(day(61)))
    await rotateSigningKeys(core.ctx(day(91)))
    const text = await jwsOf(certificate.certificate_id, day(92))
    const header = JSON.parse(Buffer.from(JSON.parse(text).protected, 'base64url').toString())
    const [active] = await core.db.owner`SELECT kid FROM signing_keys WHERE livemode AND state = 'active'`
    expect(header).toMatchObject({ kid: active!.kid, iat: Math.floor(day(92).getTime() / 1000) })
    expect(header.kid).not.toBe(certificate.signature.public_key_id)
    expect(await examineText(text, await trustRootOf(core, day(92)))).toMatchObject({
      signature: { result: 'passed' },
      keyValidity: { result: 'passed' },
    })
  })
})
