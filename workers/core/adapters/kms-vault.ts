import { thumbprint } from '../../../core/keys/kid.ts'
import type { GeneratedKey, KeyVault, PublicRsaJwk, Signer } from '../../../core/keys/vault.ts'
import { Refusal } from '../../../core/refusal.ts'
import { fromBase64, sha256, toBase64, utf8 } from '../../../core/verify/encoding.ts'
import { type CallKms, type KmsOptions, openKms } from './aws-kms.ts'

const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const
const ALGORITHM = 'RSASSA_PKCS1_V1_5_SHA_256'
/** What a stored key begins with that is kept in AWS KMS: the rest is its ARN. */
const REFERENCE = 'aws-kms:'
const ARN = /^arn:[a-z-]+:kms:([a-z0-9-]+):\d+:key\/[\w-]+$/
const MAX_OPENED_KEYS = 8
/** An RSA-4096 key takes its time, and is made by cron, for which nobody waits. */
const CREATION_TIMEOUT_MS = 30_000

/** Signing keys that AWS KMS makes, and never gives out. */
export type KmsVault = Pick<KeyVault, 'generate' | 'signer'>

/** Needs `kms:CreateKey`, `kms:TagResource`, `kms:GetPublicKey` and `kms:Sign`. */
export function createKmsVault(options: KmsOptions): KmsVault {
  const kms = openKms(options)
  const opened = new Map<string, Signer>()
  return {
    generate: () => generate(kms, options.region),
    async signer(kid, sealed) {
      const known = opened.get(kid)
      if (known !== undefined) return known
      const signer = await open(kms, kid, readReference(sealed))
      if (opened.size >= MAX_OPENED_KEYS) opened.clear()
      opened.set(kid, signer)
      return signer
    },
  }
}

/** Whether a stored key is one in AWS KMS; what is sealed begins with twelve random bytes. */
export function isKmsReference(sealed: Uint8Array): boolean {
  return sealed.length > REFERENCE.length && utf8(REFERENCE).every((byte, index) => sealed[index] === byte)
}

async function generate(kms: CallKms, region: string): Promise<GeneratedKey> {
  const { KeyMetadata: metadata } = await kms({
    operation: 'CreateKey',
    region,
    parameters: { KeySpec: 'RSA_4096', KeyUsage: 'SIGN_VERIFY', Description: 'CodeRisk signing key' },
    // A second key would cost money for ever, and nobody would know of it.
    repeatable: false,
    timeoutMs: CREATION_TIMEOUT_MS,
  })
  const arn = (metadata as { Arn?: unknown } | undefined)?.Arn
  const reference = parseArn(typeof arn === 'string' ? arn : '')
  const publicKey = await fetchPublicKey(kms, reference, true)
  return {
    publicJwk: await toJwk(publicKey),
    async seal(kid) {
      await tag(kms, reference, kid)
      return utf8(`${REFERENCE}${reference.arn}`)
    },
  }
}

/** So that whoever looks at the keys in AWS sees which is which. */
async function tag(kms: CallKms, { arn, region }: Reference, kid: string): Promise<void> {
  const Tags = [{ TagKey: 'coderisk-kid', TagValue: kid }]
  const parameters = { KeyId: arn, Tags }
  await kms({ operation: 'TagResource', region, parameters, repeatable: true, newKey: true })
}

/** The kid names the key by its thumbprint, so one key's row cannot stand in for another's. */
async function open(kms: CallKms, kid: string, reference: Reference): Promise<Signer> {
  const publicKey = await fetchPublicKey(kms, reference)
  const digits = (await thumbprint(await toJwk(publicKey))).slice(0, 8)
  if (!kid.endsWith(`-${digits}`)) throw broken(`the key that ${kid} refers to is another`)
  return { kid, sign: (message) => sign(kms, reference, publicKey, message) }
}

async function sign(
  kms: CallKms,
  { arn, region }: Reference,
  publicKey: CryptoKey,
  message: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const answer = await kms({
    operation: 'Sign',
    region,
    parameters: {
      KeyId: arn,
      // KMS takes messages of up to 4,096 bytes; a digest always fits.
      Message: toBase64(await sha256(message)),
      MessageType: 'DIGEST',
      SigningAlgorithm: ALGORITHM,
    },
    repeatable: true,
  })
  const signature = typeof answer.Signature === 'string' ? fromBase64(answer.Signature) : null
  // What does not verify must not be recorded: it would look like a forgery for ever.
  if (signature === null || !(await crypto.subtle.verify(RSA.name, publicKey, signature, message))) {
    throw broken('a signature of AWS KMS does not verify')
  }
  return signature
}

async function fetchPublicKey(kms: CallKms, { arn, region }: Reference, newKey = false): Promise<CryptoKey> {
  const answer = await kms({
    operation: 'GetPublicKey',
    region,
    parameters: { KeyId: arn },
    repeatable: true,
    newKey,
  })
  const der = typeof answer.PublicKey === 'string' ? fromBase64(answer.PublicKey) : null
  try {
    return await crypto.subtle.importKey('spki', der!, RSA, true, ['verify'])
  } catch (error) {
    throw broken('AWS KMS did not answer with an RSA public key', error)
  }
}

async function toJwk(publicKey: CryptoKey): Promise<PublicRsaJwk> {
  const jwk = (await crypto.subtle.exportKey('jwk', publicKey)) as JsonWebKey
  return { kty: 'RSA', n: jwk.n!, e: jwk.e! }
}

interface Reference {
  readonly arn: string
  /** Where the key is, whatever the region of new ones may be by now. */
  readonly region: string
}

function readReference(sealed: Uint8Array): Reference {
  return parseArn(new TextDecoder().decode(sealed.subarray(REFERENCE.length)))
}

function parseArn(arn: string): Reference {
  const region = ARN.exec(arn)?.[1]
  if (region === undefined) throw broken('this is not the ARN of a key in AWS KMS')
  return { arn, region }
}

function broken(message: string, cause?: unknown): Refusal {
  return new Refusal('signing_unavailable', { cause: new TypeError(message, { cause }) })
}
