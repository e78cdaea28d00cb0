import { createHash, createPublicKey } from 'node:crypto'
import { bundleFromJSON } from '@sigstore/bundle'
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { certificateForm } from '../../../../../core/certificates/forms/make.ts'
import {
  PREDICATE_TYPE,
  preAuthenticationEncoding,
  type SigstoreBundle,
} from '../../../../../core/certificates/forms/sigstore.ts'
import { START_LIMIT_MS } from '../../support.ts'
import { type FormsCore, signedBytesOf, startFormsCore } from './forms-support.ts'

const COMMIT = 'a1b2c3d4'.repeat(5)

let forms: FormsCore
beforeAll(async () => {
  forms = await startFormsCore()
}, START_LIMIT_MS)
afterAll(() => forms?.core.db.stop())

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

async function made(request: Record<string, unknown> = {}) {
  const certificate = await forms.core.issue(forms.owner, request)
  const text = await certificateForm(forms.core.ctx(), certificate.certificate_id, 'sigstore')
  const bundle = JSON.parse(text) as SigstoreBundle
  const statement = JSON.parse(Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString())
  return { certificate, text, bundle, statement }
}

/** As `cosign --key` does: the key is the verifier's, and nothing is asked of a log or of a timestamp. */
function verify(text: string) {
  const keys = (hint: string) => {
    const key = forms.trustRoot.keys.find(({ kid }) => kid === hint)
    if (key === undefined) throw new Error(`no key ${hint}`)
    return { publicKey: createPublicKey(key.pem), validFor: () => true }
  }
  const material = toTrustMaterial(
    {
      mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
      tlogs: [],
      ctlogs: [],
      timestampAuthorities: [],
      certificateAuthorities: [],
    },
    keys,
  )
  const none = { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 }
  return new Verifier(material, none).verify(toSignedEntity(bundleFromJSON(JSON.parse(text))))
}

describe('the Sigstore bundle of a certificate', () => {
  test('is verified by @sigstore/verify', async () => {
    const { text, certificate } = await made()
    expect(verify(text).key.asymmetricKeyType).toBe('rsa')
    expect(JSON.parse(text).verificationMaterial).toEqual({
      publicKey: { hint: certificate.signature.public_key_id },
    })
  })

  test('is refused with one byte of its payload or of its signature changed', async () => {
    const { bundle, text } = await made()
    const flip = (base64: string, place: number) => {
      const bytes = Buffer.from(base64, 'base64')
      bytes[place]! ^= 1
      return bytes.toString('base64')
    }
    const { payload, signatures } = bundle.dsseEnvelope
    const envelopes = [0, 100, Buffer.from(payload, 'base64').length - 1].map((place) => ({
      payload: flip(payload, place),
    }))
    const others = [...envelopes, { signatures: [{ sig: flip(signatures[0].sig, 100) }] }]
    expect(() => verify(text)).not.toThrow()
    for (const other of others) {
      const tampered = { ...bundle, dsseEnvelope: { ...bundle.dsseEnvelope, ...other } }
      expect(() => verify(JSON.stringify(tampered))).toThrow('signature verification failed')
    }
  })

  test('has the form that cosign reads: exact types, one signature, no keyid', async () => {
    const { bundle } = await made()
    expect(bundle).toEqual({
      mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      verificationMaterial: { publicKey: { hint: expect.stringMatching(/^key-/) } },
      dsseEnvelope: {
        payload: expect.any(String),
        payloadType: 'application/vnd.in-toto+json',
        signatures: [{ sig: expect.any(String) }],
      },
    })
  })

  test('says what was signed, of the code that it names', async () => {
    const { certificate, statement } = await made()
    const signed = await signedBytesOf(forms.core, certificate.certificate_id)
    expect(statement).toEqual({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [
        { name: certificate.certificate_id, digest: { sha256: certificate.code_hash } },
        { name: 'src/sum.ts', digest: { sha256: sha256('export const sum = 1 + 1\n') } },
      ],
      predicateType: PREDICATE_TYPE,
      predicate: JSON.parse(signed.toString()),
    })
  })

  test.each<[string, Record<string, unknown>, (id: string) => string, string | undefined]>([
    ['nothing of where', {}, (id) => id, undefined],
    ['a repository alone', { repository: 'acme/shop' }, (id) => id, undefined],
    ['a commit alone', { commit_sha: COMMIT }, (id) => id, COMMIT],
    ['both', { repository: 'acme/shop', commit_sha: COMMIT }, () => `acme/shop@${COMMIT}`, COMMIT],
  ])(
    'names its subject after %s, and a commit only beside the hash of the code',
    async (_, request, name, commit) => {
      const { certificate, statement } = await made(request)
      expect(statement.subject.slice(0, 1)).toEqual([
        {
          name: name(certificate.certificate_id),
          digest: {
            sha256: certificate.code_hash,
            ...(commit === undefined ? {} : { gitCommit: commit }),
          },
        },
      ])
    },
  )

  test('the digest of its subject is that of the code, for whoever has it', async () => {
    const { statement } = await made({ files: undefined, code: 'print(1)\n', files_changed: ['a.py'] })
    expect(statement.subject).toHaveLength(1)
    expect(statement.subject[0].digest.sha256).toBe(sha256('print(1)\n'))
  })

  test('names each file as the certificate does, also where paths are private', async () => {
    const files = ['b.ts', 'a.ts', 'a/ü.ts'].map((path) => ({ path, content: `${path}\n` }))
    for (const path_privacy of ['plain', 'hashed']) {
      const { certificate, statement } = await made({ files, path_privacy })
      const subjects = statement.subject.slice(1) as { name: string; digest: { sha256: string } }[]
      const named = new Map(subjects.map(({ name, digest }) => [name, digest.sha256]))
      expect(subjects).toHaveLength(3)
      for (const [index, { content }] of files.entries()) {
        expect(named.get(certificate.files_changed[index]!)).toBe(sha256(content))
      }
      if (path_privacy === 'hashed') expect(JSON.stringify(statement)).not.toContain('a.ts')
    }
  })
})

describe('DSSE', () => {
  test('the pre-authentication encoding is that of its specification', () => {
    const encoded = preAuthenticationEncoding('http://example.com/HelloWorld', Buffer.from('hello world'))
    expect(Buffer.from(encoded).toString()).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world')
  })

  test('counts bytes, and no two envelopes have the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.uint8Array(), (type, body) => {
        const encoded = Buffer.from(preAuthenticationEncoding(type, body))
        const head = `DSSEv1 ${Buffer.byteLength(type)} ${type} ${body.length} `
        expect(encoded).toEqual(Buffer.concat([Buffer.from(head), body]))
      }),
    )
  })
})
