import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { bundleFromJSON } from '@sigstore/bundle'
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify'
import { createLocalJWKSet, flattenedVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SigstoreBundle } from '../../core/certificates/forms/sigstore.ts'
import { canonicalText, signedMembers } from '../../core/verify/canonical.ts'
import type { Certificate } from '../../schema/wire/certificate.ts'
import { LOOPBACK } from '../../stack/ports.ts'
import { call } from '../support/client.ts'
import { issueId } from '../support/issue.ts'
import { type Network, startNetwork } from '../support/network.ts'
import { publishedPem } from './support/network-keys.ts'
import { goOffline, type Offline } from './support/offline.ts'
import { openssl, REFUSED, VERIFIED, verifyWithOpenssl } from './support/openssl.ts'
import { peer } from './support/peers.ts'
import type { Ran } from './support/run.ts'

const cosign = peer('cosign')

const CHANGE = {
  ai_tool: 'claude-code-v1.0',
  repository: 'example/shop',
  commit_sha: '3f786850e387550fdab836ed7e6dc881de23001b',
  files: [
    { path: 'src/sum.ts', content: 'export const sum = (a: number, b: number) => a + b\n' },
    { path: 'src/zero.ts', content: 'export const zero = 0\n' },
  ],
} as const

describe('a certificate in its other forms', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'coderisk-forms-'))
  let offline: Offline
  let network: Network
  let certificate: Certificate
  let bundle: SigstoreBundle
  let key: KeyObject
  let keyFile: string

  beforeAll(async () => {
    offline = await goOffline()
    network = await startNetwork()
    const id = await issueId(network, CHANGE)
    certificate = (await get(`/v1/trust/certs/${id}`)).json
    bundle = (await get(`/v1/trust/certs/${id}.sigstore.json`)).json
    const pem = await publishedPem(network, bundle.verificationMaterial.publicKey.hint)
    key = createPublicKey(pem)
    keyFile = path.join(folder, 'key.pem')
    writeFileSync(keyFile, pem)
  })

  afterAll(async () => {
    await network?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  describe.skipIf(cosign.missing)('cosign, without a network', () => {
    it('cannot reach even this machine', async ({ skip }) => {
      skip(!offline.isolated, 'there are no network namespaces here: only proxies that lead nowhere')
      const server = createServer((_, response) => response.end())
      await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve))
      const url = `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`
      const program = `fetch('${url}').then(() => console.log('reached'), () => console.log('no network'))`
      const ran = await offline.run(process.execPath, ['-e', program])
      server.close()
      expect(ran.stdout).toBe('no network\n')
    })

    it('verifies the Sigstore bundle', async () => {
      expect(await verify(bundle)).toMatchObject({ code: 0, stderr: expect.stringContaining('Verified OK') })
    })

    it('verifies it for each file, by its digest and by the file itself', async () => {
      for (const { path: name, content } of CHANGE.files) {
        const digest = createHash('sha256').update(content).digest('hex')
        expect(await verify(bundle, { digest }), name).toMatchObject({ code: 0 })
        const file = path.join(folder, 'file')
        writeFileSync(file, content)
        expect(await verify(bundle, { file }), name).toMatchObject({ code: 0 })
        writeFileSync(file, `${content}\n`)
        expectRefusal(await verify(bundle, { file }), 'artifact digests do not match')
      }
    })

    it.each<[string, (text: string) => string]>([
      ['the statement', (text) => flipBase64(text, bundle.dsseEnvelope.payload)],
      ['the signature', (text) => flipBase64(text, bundle.dsseEnvelope.signatures[0].sig)],
      ['the type of the payload', (text) => text.replace('in-toto+json', 'in-toto+jsom')],
    ])('refuses it after one byte of %s has changed', async (_, change) => {
      const text = JSON.stringify(bundle)
      const changed = change(text)
      expect([...changed].filter((character, i) => character !== text[i])).toHaveLength(1)
      expectRefusal(await verify(changed))
    })

    it('refuses it for other code, as another type and by another key', async () => {
      const other = certificate.code_hash.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))
      expectRefusal(await verify(bundle, { digest: other }), 'artifact digest does not match')
      expectRefusal(
        await verify(bundle, { type: 'https://coderisk.com/attestations/other/v1' }),
        'invalid predicate type',
      )
      const stranger = await crypto.subtle.generateKey(
        {
          name: 'RSASSA-PKCS1-v1_5',
          hash: 'SHA-256',
          modulusLength: 2048,
          publicExponent: new Uint8Array([1, 0, 1]),
        },
        true,
        ['sign', 'verify'],
      )
      const spki = Buffer.from(await crypto.subtle.exportKey('spki', stranger.publicKey)).toString('base64')
      const file = path.join(folder, 'stranger.pem')
      writeFileSync(file, `-----BEGIN PUBLIC KEY-----\n${spki}\n-----END PUBLIC KEY-----\n`)
      expectRefusal(await verify(bundle, { key: file }))
    })

    function verify(
      document: SigstoreBundle | string,
      { digest = certificate.code_hash, file = '', type = statement().predicateType, key = keyFile } = {},
    ): Promise<Ran> {
      const bundleFile = path.join(folder, 'c.sigstore.json')
      writeFileSync(bundleFile, typeof document === 'string' ? document : JSON.stringify(document))
      const flags = ['--bundle', bundleFile, '--key', key, '--insecure-ignore-tlog', '--type', type]
      const subject = file === '' ? ['--digest', digest, '--digestAlg', 'sha256'] : [file]
      // A home of its own: no trusted root that an earlier command has fetched.
      const env = { PATH: process.env['PATH'], HOME: folder, TUF_ROOT: path.join(folder, 'tuf') }
      const program = path.join(cosign.path, 'cosign')
      return offline.run(program, ['verify-blob-attestation', ...flags, ...subject], { env })
    }
  })

  describe('@sigstore/verify', () => {
    it('verifies the Sigstore bundle', () => {
      expect(() => verify(bundle)).not.toThrow()
      expect(statement()).toMatchObject({
        subject: [
          { digest: { sha256: certificate.code_hash, gitCommit: CHANGE.commit_sha } },
          ...CHANGE.files.map((file) => ({ name: file.path })),
        ],
        predicate: signedMembers(certificate as unknown as Record<string, unknown>),
      })
    })

    it.each(['payload', 'sig'])('refuses it after one byte of its %s has changed', (member) => {
      const { payload, signatures } = bundle.dsseEnvelope
      const text = JSON.stringify(bundle)
      const changed = flipBase64(text, member === 'sig' ? signatures[0].sig : payload)
      expect(() => verify(JSON.parse(changed))).toThrow(/signature/)
    })

    function verify(document: SigstoreBundle): void {
      const none = { certificateAuthorities: [], timestampAuthorities: [], tlogs: [], ctlogs: [] }
      const root = { mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1', ...none }
      const trusted = toTrustMaterial(root, (hint) => {
        if (hint !== certificate.signature.public_key_id) throw new Error(`unknown key ${hint}`)
        return { publicKey: key, validFor: () => true }
      })
      const thresholds = { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 }
      new Verifier(trusted, thresholds).verify(toSignedEntity(bundleFromJSON(document)))
    }
  })

  describe('jose', () => {
    it('verifies the JWS with the JWKS, and its payload is what the certificate says', async () => {
      const jws = (await get(`/v1/trust/certs/${certificate.certificate_id}.jws`)).json
      const keys = createLocalJWKSet((await get('/.well-known/jwks.json')).json)
      const { payload, protectedHeader } = await flattenedVerify(jws, keys, { algorithms: ['RS256'] })
      expect(protectedHeader).toMatchObject({ kid: certificate.signature.public_key_id })
      expect(Buffer.from(payload).toString()).toBe(signedText())
    })

    it('refuses it after one byte has changed', async () => {
      const jws = (await get(`/v1/trust/certs/${certificate.certificate_id}.jws`)).json
      const keys = createLocalJWKSet((await get('/.well-known/jwks.json')).json)
      for (const member of ['protected', 'payload', 'signature']) {
        const changed = { ...jws, [member]: flipBase64(jws[member], jws[member]) }
        await expect(flattenedVerify(changed, keys, { algorithms: ['RS256'] }), member).rejects.toThrow()
      }
    })
  })

  describe.skipIf(openssl.missing)('openssl dgst -verify', () => {
    it('verifies the signature with the PEM of the trust root, and refuses it after one byte has changed', async () => {
      const pem = await publishedPem(network, certificate.signature.public_key_id)
      const signature = Buffer.from(certificate.signature.value, 'base64')
      const signed = Buffer.from(signedText())
      expect(await verifyWithOpenssl(pem, signature, signed)).toMatchObject(VERIFIED)
      signed[7]! ^= 1
      expect(await verifyWithOpenssl(pem, signature, signed)).toMatchObject(REFUSED)
    })
  })

  function signedText(): string {
    return canonicalText(signedMembers(certificate as unknown as Record<string, unknown>))
  }

  function statement() {
    return JSON.parse(Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString())
  }

  async function get(route: string) {
    const answer = await call(network.baseUrl, route)
    expect(answer.status, answer.text).toBe(200)
    return answer
  }
})

/** Changes one character in the middle of `encoded`, where it stands in `text`: other bytes, and still base64. */
function flipBase64(text: string, encoded: string): string {
  const at = text.indexOf(encoded) + Math.floor(encoded.length / 2)
  return `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`
}

/** Its own refusal, and not that it could not be started or took too long. */
function expectRefusal({ code, stderr }: Ran, reason = 'could not verify envelope'): void {
  const refused = { code: expect.any(Number), stderr: expect.stringContaining(reason) }
  expect({ code, stderr }).toEqual(refused)
  expect(code).not.toBe(0)
}
