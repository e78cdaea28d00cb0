import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keyIdentifier } from '../../../../../core/keys/kid.ts'
import type { GeneratedKey } from '../../../../../core/keys/vault.ts'
import { toBase64, utf8 } from '../../../../../core/verify/encoding.ts'
import { verifyRs256 } from '../../../../../core/verify/signature.ts'
import { isKmsReference } from '../../../../../workers/core/adapters/kms-vault.ts'
import { createVault, type VaultVariables } from '../../../../../workers/core/adapters/vault.ts'
import { refusalCode } from '../../../core/requests.ts'
import { type FakeKms, startFakeKms } from './fake-kms.ts'

const random = (count: number) => crypto.getRandomValues(new Uint8Array(count))
const SECRET = toBase64(random(32))
const MESSAGE = utf8('what is signed')

let kms: FakeKms
beforeAll(async () => {
  kms = await startFakeKms()
})
afterAll(() => kms?.close())

const aws = () => ({
  AWS_REGION: 'eu-central-1',
  AWS_KMS_ENDPOINT: kms.url,
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'x',
})
const open = (variables: Partial<VaultVariables>) =>
  createVault({ KEY_ENCRYPTION_SECRET: SECRET, ...variables }, random)

interface Stored {
  readonly key: GeneratedKey
  readonly kid: string
  readonly sealed: Uint8Array
}

async function store(key: GeneratedKey): Promise<Stored> {
  const kid = await keyIdentifier(key.publicJwk, new Date('2026-11-21T00:00:00.000Z'))
  return { key, kid, sealed: await key.seal(kid) }
}

async function signs(variables: Partial<VaultVariables>, { key, kid, sealed }: Stored): Promise<boolean> {
  const signer = await open(variables).signer(kid, sealed)
  return verifyRs256(key.publicJwk, await signer.sign(MESSAGE), MESSAGE)
}

describe('keys, made where the configuration says and opened where they are', () => {
  let sealed: Stored
  let inKms: Stored
  beforeAll(async () => {
    sealed = await store(await open({ ...aws(), KEY_VAULT: 'sealed' }).generate())
    inKms = await store(await open({ ...aws(), KEY_VAULT: 'aws-kms' }).generate())
  }, 120_000)

  test('without a choice they are sealed', async () => {
    const key = await store(await open({ ...aws(), KEY_VAULT: '' }).generate())
    expect([isKmsReference(key.sealed), isKmsReference(sealed.sealed)]).toEqual([false, false])
    expect(isKmsReference(inKms.sealed)).toBe(true)
  }, 120_000)

  test('after the choice has changed, those of before go on', async () => {
    expect(await signs({ ...aws(), KEY_VAULT: 'aws-kms' }, sealed)).toBe(true)
    expect(await signs({ ...aws(), KEY_VAULT: 'sealed' }, inKms)).toBe(true)
    expect(await signs({}, sealed)).toBe(true)
  })

  test('one in KMS needs access to KMS', async () => {
    expect(await refusalCode(open({}).signer(inKms.kid, inKms.sealed))).toBe('signing_unavailable')
  })
})

test('the log key and the root key stay here, whatever is chosen', async () => {
  const vault = open({ ...aws(), KEY_VAULT: 'aws-kms' })
  const { verifierKey, sealedPrivateKey } = await vault.generateLogKey('network.example/log')
  expect(await (await vault.logSigner(verifierKey, sealedPrivateKey)).sign('text\n')).toHaveLength(64)
  expect(vault.signsTrustRoot).toBe(false)
  expect(open({ NETWORK_ROOT_PRIVATE_KEY: '{}' }).signsTrustRoot).toBe(true)
})

test.each<[string, () => Partial<VaultVariables>]>([
  ['a vault that is none', () => ({ ...aws(), KEY_VAULT: 'hsm' })],
  ['KMS without a region', () => ({ ...aws(), KEY_VAULT: 'aws-kms', AWS_REGION: '' })],
  ['KMS without a key id', () => ({ ...aws(), KEY_VAULT: 'aws-kms', AWS_ACCESS_KEY_ID: undefined })],
  ['KMS without a secret', () => ({ ...aws(), KEY_VAULT: 'aws-kms', AWS_SECRET_ACCESS_KEY: undefined })],
])('%s is said at once', (_name, variables) => {
  expect(() => open(variables())).toThrow(TypeError)
})
