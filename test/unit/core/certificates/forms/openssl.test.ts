import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { certificateForm } from '../../../../../core/certificates/forms/make.ts'
import {
  preAuthenticationEncoding,
  type SigstoreBundle,
} from '../../../../../core/certificates/forms/sigstore.ts'
import type { Certificate } from '../../../../../schema/wire/certificate.ts'
import { START_LIMIT_MS } from '../../support.ts'
import { type FormsCore, signedBytesOf, startFormsCore } from './forms-support.ts'

const missing = spawnSync('openssl', ['version']).status !== 0
if (missing) console.warn('openssl is not installed: what it says of our signatures is not tested')

let forms: FormsCore
let certificate: Certificate
let directory: string
beforeAll(async () => {
  if (missing) return
  forms = await startFormsCore()
  certificate = await forms.core.issue(forms.owner)
  directory = mkdtempSync(path.join(tmpdir(), 'coderisk-openssl-'))
}, START_LIMIT_MS)
afterAll(async () => {
  if (missing) return
  rmSync(directory, { recursive: true, force: true })
  await forms?.core.db.stop()
})

function opensslSays(signature: Uint8Array, bytes: Uint8Array): string {
  const write = (name: string, content: string | Uint8Array) => {
    const file = path.join(directory, name)
    writeFileSync(file, content)
    return file
  }
  const pem = forms.trustRoot.keys.find(({ kid }) => kid === certificate.signature.public_key_id)!.pem
  const signed = write('signed', bytes)
  const given = ['-verify', write('key.pem', pem), '-signature', write('signature', signature), signed]
  return spawnSync('openssl', ['dgst', '-sha256', ...given], { encoding: 'utf8' }).stdout.trim()
}

describe.skipIf(missing)('openssl dgst -sha256 -verify', () => {
  test('verifies the signature of a certificate over its signed bytes, and refuses other bytes', async () => {
    const signature = Buffer.from(certificate.signature.value, 'base64')
    const bytes = await signedBytesOf(forms.core, certificate.certificate_id)
    expect(opensslSays(signature, bytes)).toBe('Verified OK')
    bytes[bytes.length - 2]! ^= 1
    expect(opensslSays(signature, bytes)).toBe('Verification failure')
  })

  test('verifies the signature of its Sigstore bundle over the encoding of DSSE, and refuses other bytes', async () => {
    const text = await certificateForm(forms.core.ctx(), certificate.certificate_id, 'sigstore')
    const { payloadType, payload, signatures } = (JSON.parse(text) as SigstoreBundle).dsseEnvelope
    const signature = Buffer.from(signatures[0].sig, 'base64')
    const bytes = preAuthenticationEncoding(payloadType, Buffer.from(payload, 'base64'))
    expect(opensslSays(signature, bytes)).toBe('Verified OK')
    bytes[bytes.length - 2]! ^= 1
    expect(opensslSays(signature, bytes)).toBe('Verification failure')
  })
})
