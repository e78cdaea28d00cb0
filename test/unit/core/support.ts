import type { JWK } from 'jose'
import { issueCertificate } from '../../../core/certificates/issue.ts'
import type { Actor, Context } from '../../../core/context.ts'
import type { CiIdentities } from '../../../core/evidence/ci-identity.ts'
import { UNCLAIMED } from '../../../core/idempotency/claim.ts'
import { readInsuranceSettings } from '../../../core/insurance/settings.ts'
import { rotateSigningKeys } from '../../../core/keys/rotate.ts'
import type { KeyVault } from '../../../core/keys/vault.ts'
import { ensureLog } from '../../../core/log/create.ts'
import { readLogSettings } from '../../../core/log/settings.ts'
import { authenticate } from '../../../core/organisations/authenticate.ts'
import { createOperator, createOrganisation } from '../../../core/organisations/create.ts'
import { prepareApiKey, storeApiKey } from '../../../core/organisations/create-api-key.ts'
import type { Certificate } from '../../../schema/wire/certificate.ts'
import type { Scope } from '../../../schema/wire/vocabulary.ts'
import { generateNetworkSecrets, type NetworkSecrets } from '../../../stack/secrets.ts'
import { createCiIdentities } from '../../../workers/core/adapters/ci-identities.ts'
import { createSealedVault } from '../../../workers/core/adapters/sealed-vault.ts'
import { syntaxForTests } from '../../support/grammars.ts'
import { startTestDatabase, type TestDatabase } from '../../support/postgres.ts'
import { issueRequest } from './requests.ts'

export { issueRequest, refusalCode } from './requests.ts'

/** Starting PostgreSQL and making RSA-4096 keys takes its time on a busy machine. */
export const START_LIMIT_MS = 120_000
export const COMMAND_LIMIT_MS = 60_000

/** What core commands need, over a real database; the clock stands where the test puts it. */
export interface TestCore {
  readonly db: TestDatabase
  readonly secrets: NetworkSecrets
  /** The public network root key, which verifiers pin. */
  readonly pinned: JWK
  readonly keys: KeyVault
  ctx(now?: Date): Context
  /** A new organisation and the actor of its first key. */
  organisation(name?: string): Promise<Actor & { readonly apiKey: string }>
  operator(): Promise<Actor>
  /** An actor of that organisation with a further key. */
  withKey(owner: Actor, scopes: readonly Scope[], livemode: boolean): Promise<Actor>
  issue(actor: Actor, more?: Record<string, unknown>, now?: Date): Promise<Certificate>
}

export const random = { bytes: (count: number) => crypto.getRandomValues(new Uint8Array(count)) }

export async function startTestCore(
  options: { keys?: boolean; identities?: CiIdentities } = {},
): Promise<TestCore> {
  const db = await startTestDatabase()
  const secrets = await generateNetworkSecrets()
  const syntax = await syntaxForTests()
  const keys = createSealedVault({
    secret: secrets.key_encryption_secret,
    networkRootKey: JSON.stringify(secrets.network_root_key),
    random: random.bytes,
  })
  const ctx = (now = new Date()): Context => ({
    now,
    random,
    database: db.database,
    keys,
    settings: {
      publicBaseUrl: 'https://network.example',
      insurance: readInsuranceSettings({}),
      log: readLogSettings({}, 'https://network.example'),
      networkRootKey: { kty, crv, x } as JWK,
    },
    inspection: { syntax, identities: options.identities ?? createCiIdentities([]) },
  })
  const { kty, crv, x } = secrets.network_root_key
  const core: TestCore = {
    db,
    secrets,
    pinned: { kty, crv, x } as JWK,
    keys,
    ctx,
    async organisation(name = 'Example Shop') {
      const { api_key } = await createOrganisation(ctx(), { name })
      return { ...(await authenticate(ctx(), `Bearer ${api_key}`)), apiKey: api_key }
    },
    async operator() {
      const { api_key } = await createOperator(ctx(), { name: 'Operator' })
      return authenticate(ctx(), `Bearer ${api_key}`)
    },
    async withKey(owner, scopes, livemode) {
      const request = { name: 'further', scopes: [...scopes], livemode }
      const prepared = await prepareApiKey(ctx(), { id: owner.organisationId, userId: owner.userId }, request)
      await db.database.asOrganisation(owner.organisationId, (tx) => storeApiKey(tx, prepared))
      return authenticate(ctx(), `Bearer ${prepared.secret}`)
    },
    async issue(actor, more = {}, now = new Date()) {
      const { answer } = await issueCertificate(ctx(now), actor, issueRequest(more), UNCLAIMED)
      return JSON.parse(answer.body) as Certificate
    },
  }
  if (options.keys !== false) {
    await ensureLog(ctx())
    await rotateSigningKeys(ctx())
  }
  return core
}
