import { constants, createPublicKey, verify } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { keyIdentifier } from '../../../../../core/keys/kid.ts'
import type { GeneratedKey } from '../../../../../core/keys/vault.ts'
import { Refusal } from '../../../../../core/refusal.ts'
import { utf8 } from '../../../../../core/verify/encoding.ts'
import { createKmsVault, isKmsReference } from '../../../../../workers/core/adapters/kms-vault.ts'
import { awsError, type FakeKms, type Mishap, sha256Base64, startFakeKms } from './fake-kms.ts'

const NOW = new Date('2026-11-21T00:00:00.000Z')
const SECRET = 'the-secret-access-key'
/** Longer than the 4,096 bytes that KMS takes as a message. */
const MESSAGE = utf8('what is signed '.repeat(1000))

let kms: FakeKms
let key: GeneratedKey
let kid: string
let reference: Uint8Array<ArrayBuffer>
let otherKid: string
let otherReference: Uint8Array<ArrayBuffer>

const makeVault = (change: { region?: string; endpoint?: string; timeoutMs?: number } = {}) =>
  createKmsVault({
    region: 'eu-central-1',
    endpoint: kms.url,
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: SECRET,
    ...change,
  })

beforeAll(async () => {
  kms = await startFakeKms()
  key = await makeVault().generate()
  kid = await keyIdentifier(key.publicJwk, NOW)
  reference = await key.seal(kid)
  const other = await makeVault().generate()
  otherKid = await keyIdentifier(other.publicJwk, NOW)
  otherReference = await other.seal(otherKid)
}, 120_000)
afterAll(() => kms?.close())
beforeEach(() => {
  ;(kms.requests as unknown[]).length = 0
  kms.mishaps = []
  kms.confusesKeys = false
})

const operations = () => kms.requests.map(({ operation }) => operation)
/** The name of what AWS said, out of a refusal that says no more than that to the caller. */
async function causeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(Refusal)
  const { code, detail, cause } = error as Refusal
  expect(code).toBe('signing_unavailable')
  const told = [detail, (cause as Error).message, (cause as Error).stack].join()
  expect(told).not.toContain(SECRET)
  expect(told).not.toContain('secret-detail')
  return (cause as Error).message
}

describe('a key in AWS KMS', () => {
  test('is RSA-4096, and only its public half is ever here', () => {
    expect(Object.keys(key.publicJwk).sort()).toEqual(['e', 'kty', 'n'])
    expect(Buffer.from(key.publicJwk.n, 'base64url')).toHaveLength(512)
    const [arn] = [...kms.keys.keys()]
    expect(Buffer.from(reference).toString('utf8')).toBe(`aws-kms:${arn}`)
    expect(isKmsReference(reference)).toBe(true)
    expect(kms.keys.get(arn!)!.tags).toEqual([{ TagKey: 'coderisk-kid', TagValue: kid }])
  })

  test('signs a message of any length, by its digest, as any verifier expects', async () => {
    const signer = await makeVault().signer(kid, reference)
    const signature = await signer.sign(MESSAGE)
    expect(signer.kid).toBe(kid)
    expect(signature).toHaveLength(512)
    const publicKey = createPublicKey({ key: { ...key.publicJwk }, format: 'jwk' })
    const pkcs1 = { key: publicKey, padding: constants.RSA_PKCS1_PADDING }
    expect(verify('sha256', MESSAGE, pkcs1, signature)).toBe(true)
    expect(kms.requests.at(-1)).toMatchObject({
      operation: 'Sign',
      parameters: {
        Message: sha256Base64(MESSAGE),
        MessageType: 'DIGEST',
        SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256',
      },
    })
  })

  test('is opened once', async () => {
    const vault = makeVault()
    await (await vault.signer(kid, reference)).sign(MESSAGE)
    await (await vault.signer(kid, reference)).sign(MESSAGE)
    expect(operations()).toEqual(['GetPublicKey', 'Sign', 'Sign'])
  })

  test('is asked for with Signature Version 4, in the region that it is in', async () => {
    await makeVault({ region: 'us-east-1' }).signer(kid, reference)
    const { authorization, 'content-type': type, 'x-amz-target': target } = kms.requests[0]!.headers
    expect(authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/kms\/aws4_request, SignedHeaders=/,
    )
    expect([type, target]).toEqual(['application/x-amz-json-1.1', 'TrentService.GetPublicKey'])
  })
})

describe('what KMS cannot do at once', () => {
  test.each<[string, Mishap]>([
    ['throttling', awsError(400, 'ThrottlingException')],
    ['too many requests', { status: 429, body: '' }],
    ['an internal error', awsError(500, 'KMSInternalException')],
    ['an answer of a proxy', { status: 503, body: '<html>' }],
    ['half an answer', { status: 200, body: '{"Signa' }],
    ['an end of the connection', { hangUp: true }],
  ])('is asked for again after %s', async (_name, mishap) => {
    const signer = await makeVault().signer(kid, reference)
    kms.mishaps = [mishap, mishap]
    expect(await signer.sign(MESSAGE)).toHaveLength(512)
    expect(operations()).toEqual(['GetPublicKey', 'Sign', 'Sign', 'Sign'])
  })

  test('is asked for again after no answer in time', async () => {
    const signer = await makeVault({ timeoutMs: 500 }).signer(kid, reference)
    kms.mishaps = [{ silence: true }]
    expect(await signer.sign(MESSAGE)).toHaveLength(512)
  })

  test.each<[string, Mishap, string]>([
    ['throttling', awsError(400, 'ThrottlingException'), 'AWS KMS Sign: ThrottlingException'],
    ['silence', { silence: true }, 'AWS KMS Sign: timeout'],
    ['ends of the connection', { hangUp: true }, 'AWS KMS Sign: unreachable'],
    ['errors without a name', { status: 500, body: '' }, 'AWS KMS Sign: HTTP 500'],
  ])('is given up after four times of %s', async (_name, mishap, words) => {
    const signer = await makeVault({ timeoutMs: 400 }).signer(kid, reference)
    kms.mishaps = Array(9).fill(mishap)
    expect(await causeOf(signer.sign(MESSAGE))).toBe(words)
    expect(operations().filter((operation) => operation === 'Sign')).toHaveLength(4)
  })

  test.each(['AccessDeniedException', 'KMSInvalidStateException', 'DisabledException'])(
    'is not asked for again after %s',
    async (name) => {
      const signer = await makeVault().signer(kid, reference)
      kms.mishaps = [awsError(400, name)]
      expect(await causeOf(signer.sign(MESSAGE))).toBe(`AWS KMS Sign: ${name}`)
      expect(operations()).toEqual(['GetPublicKey', 'Sign'])
    },
  )
})

describe('making a key', () => {
  test('is repeated only when it certainly was not done: a forgotten one would cost money for ever', async () => {
    kms.mishaps = [awsError(500, 'KMSInternalException')]
    expect(await causeOf(makeVault().generate())).toBe('AWS KMS CreateKey: KMSInternalException')
    kms.mishaps = [{ hangUp: true }]
    expect(await causeOf(makeVault().generate())).toBe('AWS KMS CreateKey: unreachable')
    expect(operations()).toEqual(['CreateKey', 'CreateKey'])
  })

  test('waits for throttling to end, and for all of KMS to know the key', async () => {
    const unknown = awsError(400, 'NotFoundException')
    kms.mishaps = [awsError(400, 'ThrottlingException'), null, unknown, unknown, null, unknown]
    const made = await makeVault().generate()
    await made.seal(await keyIdentifier(made.publicJwk, NOW))
    expect(operations()).toEqual([
      ...['CreateKey', 'CreateKey', 'GetPublicKey', 'GetPublicKey', 'GetPublicKey'],
      ...['TagResource', 'TagResource'],
    ])
  }, 60_000)

  test('fails where the answer names no key', async () => {
    kms.mishaps = [{ status: 200, body: '{"KeyMetadata":{"Arn":"arn:aws:s3:::bucket"}}' }]
    expect(await causeOf(makeVault().generate())).toContain('not the ARN of a key')
  })
})

describe('a wrong key', () => {
  test("cannot stand in for another: its row has another key's kid", async () => {
    expect(await causeOf(makeVault().signer(kid, otherReference))).toBe(
      `the key that ${kid} refers to is another`,
    )
  })

  test('that KMS has not, is not waited for', async () => {
    const gone = utf8('aws-kms:arn:aws:kms:eu-central-1:123456789012:key/gone')
    expect(await causeOf(makeVault().signer(kid, gone))).toBe('AWS KMS GetPublicKey: NotFoundException')
    expect(operations()).toEqual(['GetPublicKey'])
  })

  test('whose signature does not verify signs nothing', async () => {
    const signer = await makeVault().signer(kid, reference)
    kms.confusesKeys = true
    expect(await causeOf(signer.sign(MESSAGE))).toBe('a signature of AWS KMS does not verify')
    kms.confusesKeys = false
    kms.mishaps = [{ status: 200, body: '{"Signature":"AAAA"}' }]
    expect(await causeOf(signer.sign(MESSAGE))).toBe('a signature of AWS KMS does not verify')
  })

  test('that is no RSA key is not opened', async () => {
    kms.mishaps = [{ status: 200, body: '{"PublicKey":"AAAA"}' }]
    expect(await causeOf(makeVault().signer(kid, reference))).toContain('RSA public key')
  })

  test('that did not open opens the next time, if it is right', async () => {
    const vault = makeVault()
    await causeOf(vault.signer(kid, otherReference))
    expect((await vault.signer(kid, reference)).kid).toBe(kid)
  })

  test('reference of any other form is refused before anything is asked', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      fc.string().map((text) => utf8(`aws-kms:${text}`)),
    )
    await fc.assert(
      fc.asyncProperty(bytes, async (sealed) => {
        expect(await causeOf(makeVault().signer(kid, sealed))).toContain('not the ARN of a key')
      }),
    )
    expect(operations()).toEqual([])
  })
})
