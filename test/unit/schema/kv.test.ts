import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type CertificateRecord,
  certificateKey,
  readRecord,
  TRUST_ROOT_KEY,
  writeRecord,
} from '../../../schema/kv.ts'

/** Workers KV takes keys of up to 512 bytes, other than `.` and `..`. */
const MAX_KEY_BYTES = 512

test('keys never change: what is published under them would be lost', () => {
  expect(TRUST_ROOT_KEY).toBe('trust-root')
  expect(certificateKey('CERT-2026-7k3m9q2x4w8t1v6z')).toBe('certificate:CERT-2026-7k3m9q2x4w8t1v6z')
})

test('no certificate id leads to the key of something else', () => {
  for (const id of ['', 'trust-root', '../trust-root', TRUST_ROOT_KEY])
    expect(certificateKey(id)).not.toBe(TRUST_ROOT_KEY)
  expect(certificateKey('CERT-2026-7k3m9q2x4w8t1v6z').length).toBeLessThan(MAX_KEY_BYTES)
})

const RECORD: CertificateRecord = {
  v: 1,
  generation: 7,
  signature: { algorithm: 'RS256', public_key_id: 'key-202611-0a1b2c3d', value: 'AAAA' },
  signed: '{"a":"\\n\u2028","b":1}',
}

describe('a record', () => {
  test('is read as it was written, whatever was signed', () => {
    expect(readRecord(writeRecord(RECORD))).toEqual(RECORD)
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (signed) => {
        expect(readRecord(writeRecord({ ...RECORD, signed }))).toEqual({ ...RECORD, signed })
      }),
    )
  })

  test('keeps nothing but what it is made of', () => {
    const more = { ...RECORD, status: 'valid', signature: { ...RECORD.signature, note: 'x' } }
    expect(readRecord(writeRecord(more))).toEqual(RECORD)
  })

  test.each([
    ['', 'nothing'],
    ['{}', 'one line'],
    ['\n{}', 'no first line'],
    ['null\n{}', 'null'],
    ['{"v":2}\n{}', 'another version'],
    ['{"v":1,"generation":1}\n{}', 'no signature'],
    [
      '{"v":1,"generation":1,"signature":{"algorithm":"none","public_key_id":"a","value":"b"}}\n{}',
      'no RS256',
    ],
    [
      '{"v":1,"generation":1,"signature":{"algorithm":"RS256","public_key_id":1,"value":"b"}}\n{}',
      'a number',
    ],
    [JSON.stringify(RECORD), 'one JSON'],
  ])('%j is none: %s', (text) => expect(readRecord(text)).toBeNull())
})
