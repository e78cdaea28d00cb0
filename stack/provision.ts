import { randomFillSync } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { Context, Inspection } from '../core/context.ts'
import { openBooks } from '../core/insurance/open-books.ts'
import { readInsuranceSettings } from '../core/insurance/settings.ts'
import { parseNetworkRootKey } from '../core/keys/root-key.ts'
import { rotateSigningKeys } from '../core/keys/rotate.ts'
import { ensureLog } from '../core/log/create.ts'
import { readLogSettings } from '../core/log/settings.ts'
import { createOperator, createOrganisation } from '../core/organisations/create.ts'
import { markDueStatusLists } from '../core/status/mark-due.ts'
import { organisations, signingKeys } from '../schema/tables/index.ts'
import type { CreateOrganisationRequest } from '../schema/wire/organisations.ts'
import { openDatabase } from '../workers/core/adapters/postgres.ts'
import { createSealedVault } from '../workers/core/adapters/sealed-vault.ts'
import { createVault } from '../workers/core/adapters/vault.ts'
import type { CoreVariables } from './core-variables.ts'
import { type NetworkSecrets, networkRootPublicKey, type Tenants } from './secrets.ts'
import { StackError } from './stack-error.ts'

export interface Surroundings {
  /** Of role `coderisk_app`. */
  readonly appDatabaseUrl: string
  readonly secrets: NetworkSecrets
  readonly publicBaseUrl: string
  /** As the core Worker gets them, so that both make the same keys and say the same of the log. */
  readonly coreVariables?: CoreVariables | undefined
}

export interface Provisioning extends Surroundings {
  /** What an earlier start made in this database, as far as is known. */
  readonly tenants?: Tenants | undefined
}

export interface Provisioned {
  readonly tenants: Tenants
  /** Whether the organisations were made just now: nothing kept from before belongs to this database. */
  readonly isNew: boolean
}

/**
 * Signing keys, trust root, the operator's organisation and the demo organisation: made by the core's own
 * commands if they are not there yet. Status lists are marked, so that they are there with the first publication.
 */
export async function provision(options: Provisioning): Promise<Provisioned> {
  return withContext(options, async (ctx) => {
    await refuseForeignKeys(ctx)
    await ensureLog(ctx)
    await rotateSigningKeys(ctx)
    await markDueStatusLists(ctx)
    await openBooks(ctx)
    const { tenants } = options
    if (tenants !== undefined && (await organisationExists(ctx, tenants.organisation_id))) {
      return { tenants, isNew: false }
    }
    const operator = await createOperator(ctx, { name: 'Operator' })
    const demo = await createOrganisation(ctx, { name: 'Demo' })
    const made = { organisation_id: demo.id, api_key: demo.api_key, operator_key: operator.api_key }
    return { tenants: { ...made, certificates: {} }, isNew: true }
  })
}

/**
 * Makes an operator's organisation in a database that has been migrated. That takes no signing key and no address, so
 * none of the network's secrets need be at hand.
 *
 * @param appDatabaseUrl of role `coderisk_app`
 */
export function installOperator(
  appDatabaseUrl: string,
  request: CreateOrganisationRequest,
): ReturnType<typeof createOperator> {
  const keys = createSealedVault({ secret: NO_SECRET, random: randomBytes })
  const settings = { publicBaseUrl: '', log: NO_LOG, insurance: readInsuranceSettings({}) }
  return runCommands(appDatabaseUrl, { keys, settings }, (ctx) => createOperator(ctx, request))
}

/** Runs core commands in this process, against the database that the Workers use. */
export function withContext<T>(
  { appDatabaseUrl, secrets, publicBaseUrl, coreVariables = {} }: Surroundings,
  work: (ctx: Context) => Promise<T>,
): Promise<T> {
  const keys = createVault(
    {
      ...coreVariables,
      KEY_ENCRYPTION_SECRET: secrets.key_encryption_secret,
      NETWORK_ROOT_PRIVATE_KEY: JSON.stringify(secrets.network_root_key),
    },
    randomBytes,
  )
  const settings = {
    publicBaseUrl,
    log: readLogSettings(coreVariables, publicBaseUrl),
    insurance: readInsuranceSettings(coreVariables),
    networkRootKey: parseNetworkRootKey(networkRootPublicKey(secrets)),
  }
  return runCommands(appDatabaseUrl, { keys, settings }, work)
}

const notHere = () => {
  throw new Error('this process analyses no change')
}
/** Of a process that issues no certificates: it need not load a parser. */
export const NO_INSPECTION: Inspection = {
  syntax: { parse: notHere, query: notHere },
  identities: { verify: notHere },
}

/** Of a process that makes no log. */
const NO_LOG = { origin: '', witnessPolicy: '', witnessFailure: 'open' } as const
/** A vault with it refuses to make a key and to open one. */
const NO_SECRET = ''
const randomBytes = (count: number) => randomFillSync(new Uint8Array(count))

async function runCommands<T>(
  appDatabaseUrl: string,
  given: Pick<Context, 'keys' | 'settings'>,
  work: (ctx: Context) => Promise<T>,
): Promise<T> {
  const database = openDatabase(appDatabaseUrl)
  try {
    const random = { bytes: randomBytes }
    return await work({ now: new Date(), random, database, inspection: NO_INSPECTION, ...given })
  } finally {
    await database.close()
  }
}

/** Keys that another data directory sealed cannot be opened with this one's secret, and nothing could be issued. */
async function refuseForeignKeys(ctx: Context): Promise<void> {
  const [key] = await ctx.database.asSystem((tx) =>
    tx.select().from(signingKeys).where(eq(signingKeys.state, 'active')).limit(1),
  )
  if (key === undefined) return
  try {
    await ctx.keys.signer(key.kid, key.sealedPrivateKey)
  } catch (error) {
    throw new StackError(
      'The signing keys in this database were sealed with the secrets of another data directory: start with that --data DIR, or use an empty database.',
      { cause: error },
    )
  }
}

async function organisationExists(ctx: Context, id: string): Promise<boolean> {
  const rows = await ctx.database.asSystem((tx) =>
    tx.select({ id: organisations.id }).from(organisations).where(eq(organisations.id, id)),
  )
  return rows.length > 0
}
