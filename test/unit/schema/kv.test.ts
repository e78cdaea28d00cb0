import { expect, test } from 'vitest'
import { certificateKey, TRUST_ROOT_KEY } from '../../../schema/kv.ts'

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
