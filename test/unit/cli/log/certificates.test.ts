import { beforeAll, describe, expect, it } from 'vitest'
import { checkCertificates, Revocations, readListed } from '../../../../cli/log/certificates.ts'
import { checkLog } from '../../../../cli/log/check-log.ts'
import type { LogReport } from '../../../../cli/log/report.ts'
import {
  canonicalBytes,
  issuedLogEntry,
  makeLogEntry,
  sha256,
  signedMembers,
  toHex,
} from '../../../../core/verify/index.ts'
import type { Certificate } from '../../../../schema/wire/certificate.ts'
import { sampleCertificate } from '../support.ts'
import { buildLog, generateLogKey, type LogKey, sampleEntries } from './log-support.ts'

const READ_AT = Date.parse('2026-11-21T12:00:00.000Z')
const LONG_AGO = '2026-11-01T00:00:00.000Z'

let key: LogKey

beforeAll(async () => {
  key = await generateLogKey()
})

function certificate(n: number, changes: Partial<Certificate> = {}): Certificate {
  return sampleCertificate({
    certificate_id: `CERT-2026-${String(n).padStart(16, '0')}`,
    issued_at: LONG_AGO,
    ...changes,
  })
}

const signedBytes = (value: Certificate) => canonicalBytes(signedMembers({ ...value }))

async function issued(value: Certificate): Promise<Uint8Array> {
  return (await issuedLogEntry(value, signedBytes(value))).bytes
}

async function revoked(value: Certificate): Promise<Uint8Array> {
  const digest = toHex(await sha256(signedBytes(value)))
  const details = { reason: 'superseded' }
  return (await makeLogEntry('certificate.revoked', value.certificate_id, LONG_AGO, digest, details)).bytes
}

/** Checks a log of these entries, and that these certificates are in it. */
async function check(
  entries: readonly Uint8Array[],
  certificates: readonly unknown[],
  revokedAt: number | null = null,
): Promise<LogReport> {
  const { objects } = await buildLog(entries, key)
  const revocations = new Revocations()
  async function* listed() {
    for (const value of certificates) yield (await readListed(value))!
  }
  return checkLog({
    read: async (path) => objects.get(path) ?? null,
    verifierKey: key.verifier,
    onEntry: (entry) => revocations.add(entry),
    afterwards: async (tree) => ({
      certificates: await checkCertificates(listed(), tree, revocations, READ_AT, async () => revokedAt),
    }),
  })
}

const codes = (report: LogReport) => report.faults.map(({ code, where }) => `${code} ${where}`)

describe('every certificate of an organisation', () => {
  it('is in the log, with its revocation', async () => {
    const [one, two] = [certificate(1), certificate(2, { status: 'revoked' })]
    const entries = [...sampleEntries(300), await issued(one), await issued(two), await revoked(two)]
    const report = await check(entries, [one, two])
    expect(report).toMatchObject({
      ok: true,
      certificates: { checked: 2, included: 2, pending: 0, revoked: 1 },
      entry_types: { 'certificate.issued': 302, 'certificate.revoked': 1 },
    })
  })

  it('whatever the live members say', async () => {
    const live = { status: 'expired', blockchain_hash: '0x12', log: { state: 'included', index: 0 } }
    const report = await check([await issued(certificate(1))], [{ ...certificate(1), ...live }])
    expect(report.ok).toBe(true)
  })

  it('that is missing is a fault, unless it is younger than a minute', async () => {
    const [old, young] = ['2026-11-21T11:58:59.000Z', '2026-11-21T11:59:30.000Z']
    const missing = [certificate(1, { issued_at: old }), certificate(2, { issued_at: young })]
    const report = await check([await issued(certificate(3))], [...missing, certificate(3)])
    expect(codes(report)).toEqual([`certificate_missing ${missing[0]!.certificate_id}`])
    expect(report.certificates).toEqual({ checked: 3, included: 1, pending: 1, revoked: 0 })
  })

  it('whose entry is of other bytes is missing', async () => {
    const report = await check([await issued(certificate(1))], [certificate(1, { risk_score: 0.1 })])
    expect(codes(report)).toEqual([`certificate_missing ${certificate(1).certificate_id}`])
  })

  it('that is said to be elsewhere', async () => {
    const log = { state: 'included', leaf_hash: 'x', index: 1 } as const
    const report = await check([await issued(certificate(1))], [certificate(1, { log })])
    expect(codes(report)).toEqual([`certificate_index ${certificate(1).certificate_id}`])
  })
})

describe('a revocation', () => {
  const value = certificate(1, { status: 'revoked' })

  it.each<[string, number | null, boolean]>([
    ['that nobody knows the time of', null, false],
    ['of long ago', Date.parse(LONG_AGO), false],
    ['of just now', READ_AT - 30_000, true],
  ])('%s that the log does not have', async (_name, revokedAt, ok) => {
    const report = await check([await issued(value)], [value], revokedAt)
    expect(codes(report)).toEqual(ok ? [] : [`revocation_missing ${value.certificate_id}`])
  })

  it('of another certificate does not count', async () => {
    const other = certificate(2)
    const report = await check([await issued(value), await revoked(other)], [value])
    expect(codes(report)).toEqual([`revocation_missing ${value.certificate_id}`])
  })
})

it.each([null, 1, [], {}, { certificate_id: 'CERT-2026-short' }, { ...sampleCertificate(), issued_at: 'x' }])(
  '%j is no certificate',
  async (value) => {
    expect(await readListed(value)).toBeNull()
  },
)
