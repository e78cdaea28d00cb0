import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalText, signedMembers } from '../../../../core/verify/canonical.ts'
import { parseStrictJson } from '../../../../core/verify/json.ts'
import { certificateText } from '../../../../core/verify/present.ts'
import { certificateSchema } from '../../../../schema/wire/certificate.ts'
import { CERTIFICATE_STATUSES } from '../../../../schema/wire/vocabulary.ts'
import { makeCertificate } from './fixtures.ts'

const SIGNATURE = { algorithm: 'RS256', public_key_id: 'key-202611-0a1b2c3d', value: 'AAAA' } as const
const LOG = { state: 'included', leaf_hash: 'ab'.repeat(32), index: 12 } as const

test('the served text holds the signed text, byte for byte', () => {
  const signed = canonicalText(makeCertificate())
  const served = certificateText(signed, SIGNATURE, 'revoked', LOG)
  expect(served.startsWith(signed.slice(0, -1))).toBe(true)
})

test.each(CERTIFICATE_STATUSES)(
  'served as %s it is what the wire schema says, and canonicalises to what was signed',
  (status) => {
    const signed = canonicalText(makeCertificate())
    const parsed = parseStrictJson(certificateText(signed, SIGNATURE, status, LOG))
    const served = certificateSchema.parse(parsed.ok && parsed.value)
    expect(served).toMatchObject({ signature: SIGNATURE, status, log: LOG })
    expect(canonicalText(signedMembers(served))).toBe(signed)
  },
)

test('it says nothing of the log where there is nothing to say', () => {
  const served = certificateText(canonicalText(makeCertificate()), SIGNATURE, 'valid')
  expect(JSON.parse(served)).not.toHaveProperty('log')
})

test('so it does whatever text the certificate holds', () => {
  const text = fc.string({ unit: 'binary' })
  fc.assert(
    fc.property(
      text,
      fc.array(text),
      fc.double({ min: 0, max: 10, noNaN: true }),
      (language, files, score) => {
        const signed = canonicalText(makeCertificate({ language, files_changed: files, risk_score: score }))
        const parsed = parseStrictJson(certificateText(signed, SIGNATURE, 'valid', LOG))
        expect(parsed.ok && canonicalText(signedMembers(parsed.value as Record<string, unknown>))).toBe(
          signed,
        )
      },
    ),
  )
})
