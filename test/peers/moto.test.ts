import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { issueCertificate } from '../../core/certificates/issue.ts'
import type { Context } from '../../core/context.ts'
import { UNCLAIMED } from '../../core/idempotency/claim.ts'
import { rotateSigningKeys } from '../../core/keys/rotate.ts'
import { canonicalBytes, signedMembers } from '../../core/verify/canonical.ts'
import { fromBase64 } from '../../core/verify/encoding.ts'
import { openTrustRoot } from '../../core/verify/trust-root.ts'
import type { Certificate } from '../../schema/wire/certificate.ts'
import { freePort, LOOPBACK } from '../../stack/ports.ts'
import { createKmsVault } from '../../workers/core/adapters/kms-vault.ts'
import { issueRequest, startTestCore, type TestCore } from '../unit/core/support.ts'
import { openssl, REFUSED, VERIFIED, verifyWithOpenssl } from './support/openssl.ts'
import { peer } from './support/peers.ts'
import { answers, type Started, start } from './support/start.ts'

const moto = peer('moto')
const SERVER = path.join(import.meta.dirname, 'moto', 'server.py')
const REGION = 'eu-central-1'
/** moto makes the key itself, in Python, while the request waits. */
const KEY_LIMIT_MS = 60_000

describe.skipIf(moto.missing || openssl.missing)("AWS KMS, as moto's server has it", () => {
  let server: Started
  let core: TestCore
  let ctx: () => Context

  beforeAll(async () => {
    const port = await freePort()
    const endpoint = `http://${LOOPBACK}:${port}`
    const python = path.join(moto.path, 'bin', 'python')
    const args = [SERVER, '-H', LOOPBACK, '-p', String(port)]
    server = await start(python, args, {}, () => answers(endpoint))
    core = await startTestCore({ keys: false })
    const kms = createKmsVault({
      region: REGION,
      endpoint,
      accessKeyId: 'AKIDEXAMPLE',
      secretAccessKey: 'an example, and no secret',
      timeoutMs: KEY_LIMIT_MS,
    })
    const keys = { ...core.keys, ...kms }
    ctx = () => ({ ...core.ctx(), keys })
    await rotateSigningKeys(ctx())
  })

  afterAll(async () => {
    await core?.db.stop()
    await server?.stop()
  })

  it('makes the signing keys, and the database has no more than their ARN', async () => {
    const rows = await core.db.owner<
      { sealed: Buffer }[]
    >`SELECT sealed_private_key AS sealed FROM signing_keys`
    expect(rows.length).toBeGreaterThan(0)
    for (const { sealed } of rows) {
      expect(sealed.toString()).toMatch(/^aws-kms:arn:aws:kms:eu-central-1:\d{12}:key\/[0-9a-f-]{36}$/)
    }
  })

  it('signs a certificate that openssl verifies with the PEM of the trust root', async () => {
    const actor = await core.organisation()
    const { answer } = await issueCertificate(ctx(), actor, issueRequest(), UNCLAIMED)
    const certificate = JSON.parse(answer.body) as Certificate
    const pem = await pemOf(certificate.signature.public_key_id)
    const signed = canonicalBytes(signedMembers(certificate))
    const signature = fromBase64(certificate.signature.value)!
    expect(signature).toHaveLength(512)
    expect(await verifyWithOpenssl(pem, signature, signed)).toMatchObject(VERIFIED)
    signed[100]! ^= 1
    expect(await verifyWithOpenssl(pem, signature, signed)).toMatchObject(REFUSED)
  })

  async function pemOf(kid: string): Promise<string> {
    const [row] = await core.db.owner`SELECT jws FROM trust_roots ORDER BY version DESC LIMIT 1`
    const opened = await openTrustRoot(row!['jws'], core.pinned, { now: new Date() })
    if (!opened.ok) throw new Error(opened.reason)
    return opened.trustRoot.keys.find((key) => key.kid === kid)!.pem
  }
})
