import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { issuedLogEntry, makeLogEntry } from '../../../../core/verify/log-entry.ts'

const TIME = '2026-11-21T02:48:23.000Z'
const DIGEST = 'ab'.repeat(32)
const ID = 'CERT-2026-7k3m9q2x4w8t1v6z'
const sha256 = (...parts: (string | Uint8Array)[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex')

describe('a log entry', () => {
  test('is the canonical text of what happened, with the id only as its hash', async () => {
    const { bytes } = await makeLogEntry('certificate.issued', ID, TIME, DIGEST)
    expect(new TextDecoder().decode(bytes)).toBe(
      `{"digest":"${DIGEST}","subject":"${sha256(ID)}","time":"2026-11-21T02:48:23.000Z","type":"certificate.issued"}`,
    )
  })

  test('its leaf hash is the one of RFC 6962 §2.1: SHA-256(0x00 ‖ entry)', async () => {
    const { bytes, leafHash } = await makeLogEntry('certificate.issued', ID, TIME, DIGEST)
    expect(Buffer.from(leafHash).toString('hex')).toBe(sha256(new Uint8Array([0]), bytes))
  })

  test('of a revocation tells the reason, and differs from the one of the issue', async () => {
    const issued = await makeLogEntry('certificate.issued', ID, TIME, DIGEST)
    const revoked = await makeLogEntry('certificate.revoked', ID, TIME, DIGEST, { reason: 'superseded' })
    expect(JSON.parse(new TextDecoder().decode(revoked.bytes))).toMatchObject({
      reason: 'superseded',
      type: 'certificate.revoked',
    })
    expect(revoked.leafHash).not.toEqual(issued.leafHash)
  })

  test('details cannot take the place of what every entry says', async () => {
    const details = { type: 'key.created', subject: ID, time: 'never', digest: '' }
    const { bytes } = await makeLogEntry('certificate.revoked', ID, TIME, DIGEST, details)
    expect(JSON.parse(new TextDecoder().decode(bytes))).toEqual({
      type: 'certificate.revoked',
      subject: sha256(ID),
      time: TIME,
      digest: DIGEST,
    })
  })

  test('nothing in it names the certificate', async () => {
    const { bytes } = await makeLogEntry('certificate.issued', ID, TIME, DIGEST)
    expect(new TextDecoder().decode(bytes)).not.toContain(ID.slice(10))
  })
})

test('the entry of an issue follows from the signed bytes alone', async () => {
  const certificate = { certificate_id: ID, issued_at: TIME }
  const signed = new TextEncoder().encode('what was signed') as Uint8Array<ArrayBuffer>
  const expected = await makeLogEntry('certificate.issued', ID, TIME, sha256('what was signed'))
  expect(await issuedLogEntry(certificate, signed)).toEqual(expected)
})
