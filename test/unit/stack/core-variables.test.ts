import { expect, test } from 'vitest'
import { coreVariables } from '../../../stack/core-variables.ts'
import type { NetworkSecrets } from '../../../stack/secrets.ts'
import { edgeVariables } from '../../../stack/worker-configuration.ts'

const SECRETS: NetworkSecrets = {
  key_encryption_secret: 'the-secret',
  network_root_key: { kty: 'OKP', crv: 'Ed25519', x: 'x', d: 'the-private-half' },
  owner_password: 'the-password',
}

test('what is set goes to the core, by its name, and nothing else of the environment', () => {
  const environment = {
    KEY_VAULT: 'aws-kms',
    AWS_REGION: 'eu-central-1',
    AWS_KMS_ENDPOINT: '',
    HOME: '/root',
  }
  expect(coreVariables(environment)).toEqual({ KEY_VAULT: 'aws-kms', AWS_REGION: 'eu-central-1' })
  expect(coreVariables({})).toEqual({})
})

test('the edge gets none of it, and no secret', () => {
  const variables = edgeVariables({
    publicBaseUrl: 'http://127.0.0.1:1',
    appDatabaseUrl: 'postgres://127.0.0.1:2',
    secrets: SECRETS,
    coreVariables: coreVariables({ AWS_SECRET_ACCESS_KEY: 'the-access-key', KEY_VAULT: 'aws-kms' }),
  })
  expect(Object.keys(variables).sort()).toEqual(['NETWORK_ROOT_PUBLIC_KEY', 'PUBLIC_BASE_URL'])
  expect(JSON.stringify(variables)).not.toMatch(/the-/)
})
