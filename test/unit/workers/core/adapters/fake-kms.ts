import {
  constants,
  createHash,
  generateKeyPairSync,
  type KeyObject,
  privateEncrypt,
  randomUUID,
} from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

const SHA256_DIGEST_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex')
const REGION_OF_KEYS = 'eu-central-1'

export interface KmsRequest {
  readonly operation: string
  readonly parameters: Record<string, unknown>
  readonly headers: IncomingMessage['headers']
}

/** What to answer instead of doing it: an error of AWS's, any status and text, or nothing at all. */
export type Mishap =
  | { readonly status: number; readonly body: string }
  | { readonly silence: true }
  | { readonly hangUp: true }

export interface FakeKms {
  readonly url: string
  readonly requests: readonly KmsRequest[]
  readonly keys: ReadonlyMap<string, { privateKey: KeyObject; publicKey: KeyObject; tags: unknown[] }>
  /** The next requests meet with these, in this order; null is no mishap. */
  mishaps: (Mishap | null)[]
  /** Signs with another key than the one that was asked for. */
  confusesKeys: boolean
  close(): Promise<void>
}

export const awsError = (status: number, name: string): Mishap => ({
  status,
  body: JSON.stringify({ __type: `com.amazonaws.kms#${name}`, message: 'arn:aws:kms:secret-detail' }),
})

/** The HTTP API of AWS KMS, as far as it is called, with RSA keys of its own. */
export async function startFakeKms(): Promise<FakeKms> {
  const requests: KmsRequest[] = []
  const keys = new Map<string, { privateKey: KeyObject; publicKey: KeyObject; tags: unknown[] }>()
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const operation = String(incoming.headers['x-amz-target']).replace('TrentService.', '')
    const parameters = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    requests.push({ operation, parameters, headers: incoming.headers })
    const mishap = fake.mishaps.shift() ?? null
    if (mishap !== null && 'silence' in mishap) return
    if (mishap !== null && 'hangUp' in mishap) return void response.destroy()
    const answer = mishap ?? perform(keys, fake.confusesKeys, operation, parameters)
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' }).end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const fake: FakeKms = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    requests,
    keys,
    mishaps: [],
    confusesKeys: false,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  return fake
}

function perform(
  keys: Map<string, { privateKey: KeyObject; publicKey: KeyObject; tags: unknown[] }>,
  confusesKeys: boolean,
  operation: string,
  parameters: Record<string, unknown>,
): { status: number; body: string } {
  const json = (body: object) => ({ status: 200, body: JSON.stringify(body) })
  if (operation === 'CreateKey') {
    if (parameters.KeySpec !== 'RSA_4096' || parameters.KeyUsage !== 'SIGN_VERIFY')
      return refuse('ValidationException')
    const arn = `arn:aws:kms:${REGION_OF_KEYS}:123456789012:key/${randomUUID()}`
    keys.set(arn, { ...generateKeyPairSync('rsa', { modulusLength: 4096 }), tags: [] })
    return json({ KeyMetadata: { Arn: arn } })
  }
  const key = keys.get(String(parameters.KeyId))
  if (key === undefined) return refuse('NotFoundException')
  if (operation === 'GetPublicKey') {
    return json({ PublicKey: key.publicKey.export({ type: 'spki', format: 'der' }).toString('base64') })
  }
  if (operation === 'TagResource') {
    key.tags.push(...(parameters.Tags as unknown[]))
    return { status: 200, body: '' }
  }
  const { Message, MessageType, SigningAlgorithm } = parameters
  const digest = Buffer.from(String(Message), 'base64')
  if (MessageType !== 'DIGEST' || SigningAlgorithm !== 'RSASSA_PKCS1_V1_5_SHA_256' || digest.length !== 32)
    return refuse('ValidationException')
  const signer = confusesKeys ? [...keys.values()].find((other) => other !== key)! : key
  // RFC 8017 §9.2: the padding of a digest that is made already.
  const signature = privateEncrypt(
    { key: signer.privateKey, padding: constants.RSA_PKCS1_PADDING },
    Buffer.concat([SHA256_DIGEST_INFO, digest]),
  )
  return json({ Signature: signature.toString('base64') })
}

function refuse(name: string) {
  return { status: 400, body: JSON.stringify({ __type: name }) }
}

export function sha256Base64(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64')
}
