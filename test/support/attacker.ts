import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { expect } from 'vitest'
import type { CertificateRecord } from '../../schema/kv.ts'

export type RsaPair = Readonly<Record<'publicKey' | 'privateKey', KeyObject>>

let pair: RsaPair | undefined
/** As good a key pair as the network's own, but that no trust root names it. */
export function attacker(): RsaPair {
  pair ??= generateKeyPairSync('rsa', { modulusLength: 4096 })
  return pair
}

/** The same certificate with the best score there is, signed by another key. */
export function forge(record: CertificateRecord, { privateKey }: RsaPair, kid: string): CertificateRecord {
  const signed = record.signed.replace(/"risk_score":[\d.]+/, '"risk_score":0.25')
  expect(signed).not.toBe(record.signed)
  const value = sign('sha256', Buffer.from(signed), privateKey).toString('base64')
  return { ...record, signed, signature: { ...record.signature, public_key_id: kid, value } }
}
