import type { KeyVault } from '../../../core/keys/vault.ts'
import { Refusal } from '../../../core/refusal.ts'
import { createKmsVault, isKmsReference, type KmsVault } from './kms-vault.ts'
import { createSealedVault } from './sealed-vault.ts'

/** Variables and secrets of the core Worker that say where keys are kept. */
export interface VaultVariables {
  readonly KEY_VAULT?: string | undefined
  readonly KEY_ENCRYPTION_SECRET: string
  readonly NETWORK_ROOT_PRIVATE_KEY?: string | undefined
  readonly AWS_REGION?: string | undefined
  readonly AWS_KMS_ENDPOINT?: string | undefined
  readonly AWS_ACCESS_KEY_ID?: string | undefined
  readonly AWS_SECRET_ACCESS_KEY?: string | undefined
}

/**
 * New signing keys are made where `KEY_VAULT` says: `sealed` (as if absent) in PostgreSQL, `aws-kms` in AWS KMS. Each
 * stored key is opened where it is, so that after a change the keys of before go on. The log key and the network root key
 * are Ed25519, sealed.
 *
 * @throws {TypeError} when the variables contradict each other
 */
export function createVault(
  variables: VaultVariables,
  random: (count: number) => Uint8Array<ArrayBuffer>,
): KeyVault {
  const sealed = createSealedVault({
    secret: variables.KEY_ENCRYPTION_SECRET,
    networkRootKey: variables.NETWORK_ROOT_PRIVATE_KEY,
    random,
  })
  const kms = kmsOf(variables)
  const forNewKeys = choose(variables.KEY_VAULT || 'sealed', sealed, kms)
  return {
    ...sealed,
    generate: () => forNewKeys.generate(),
    async signer(kid, stored) {
      if (!isKmsReference(stored)) return sealed.signer(kid, stored)
      if (kms !== null) return kms.signer(kid, stored)
      const cause = new TypeError(`${kid} is in AWS KMS: AWS_REGION and an access key are needed`)
      throw new Refusal('signing_unavailable', { cause })
    },
  }
}

function choose(name: string, sealed: KeyVault, kms: KmsVault | null): Pick<KeyVault, 'generate'> {
  if (name === 'sealed') return sealed
  if (name !== 'aws-kms') throw new TypeError('KEY_VAULT is sealed or aws-kms')
  if (kms !== null) return kms
  throw new TypeError(
    'KEY_VAULT is aws-kms: AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are needed',
  )
}

function kmsOf(variables: VaultVariables): KmsVault | null {
  const {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  } = variables
  if (!region || !accessKeyId || !secretAccessKey) return null
  return createKmsVault({
    region,
    endpoint: variables.AWS_KMS_ENDPOINT || undefined,
    accessKeyId,
    secretAccessKey,
  })
}
