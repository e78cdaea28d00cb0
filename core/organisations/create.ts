import { organisations, users } from '../../schema/tables/index.ts'
import type { CreatedOrganisation, CreateOrganisationRequest } from '../../schema/wire/organisations.ts'
import type { Scope } from '../../schema/wire/vocabulary.ts'
import type { Context, Transaction } from '../context.ts'
import type { Answer, Claim } from '../idempotency/claim.ts'
import { randomIdentifier } from '../identifiers.ts'
import { appendEvent } from '../log/append-event.ts'
import { type PreparedApiKey, prepareApiKey, storeApiKey } from './create-api-key.ts'

const MEMBER_SCOPES: readonly Scope[] = [
  'certificates:write',
  'certificates:read',
  'insurance:write',
  'insurance:read',
  'keys:manage',
]
const OPERATOR_SCOPES: readonly Scope[] = ['operator', 'keys:manage']

interface PreparedOrganisation {
  readonly id: string
  readonly userId: string
  readonly name: string
  readonly key: PreparedApiKey
}

/**
 * Adds an organisation with its first user and a live key for certificates and for further keys. The key's secret
 * is in this answer and nowhere else.
 */
export async function addOrganisation(
  ctx: Context,
  request: CreateOrganisationRequest,
  claim: Claim,
): Promise<Answer> {
  const prepared = await prepareOrganisation(ctx, request, MEMBER_SCOPES)
  const described = describeOrganisation(ctx, prepared)
  await ctx.database.asSystem(async (tx) => {
    await storeOrganisation(ctx, tx, prepared)
    await claim.settle(tx, {
      status: 201,
      body: JSON.stringify({ ...described, secret_already_shown: true }),
    })
  })
  return { status: 201, body: JSON.stringify({ ...described, api_key: prepared.key.secret }) }
}

/** An organisation made at installation, without the API: the first customer, or the demo. */
export function createOrganisation(
  ctx: Context,
  request: CreateOrganisationRequest,
): Promise<InstalledOrganisation> {
  return install(ctx, request, MEMBER_SCOPES)
}

/** The organisation that runs the network, with a key of scope `operator`. Made once, at installation. */
export function createOperator(
  ctx: Context,
  request: CreateOrganisationRequest,
): Promise<InstalledOrganisation> {
  return install(ctx, request, OPERATOR_SCOPES)
}

type InstalledOrganisation = CreatedOrganisation & { readonly api_key: string }

async function install(
  ctx: Context,
  request: CreateOrganisationRequest,
  scopes: readonly Scope[],
): Promise<InstalledOrganisation> {
  const prepared = await prepareOrganisation(ctx, request, scopes)
  await ctx.database.asSystem((tx) => storeOrganisation(ctx, tx, prepared))
  return { ...describeOrganisation(ctx, prepared), api_key: prepared.key.secret }
}

async function prepareOrganisation(
  ctx: Context,
  request: CreateOrganisationRequest,
  scopes: readonly Scope[],
): Promise<PreparedOrganisation> {
  const id = `org_${randomIdentifier(ctx.random)}`
  const userId = `usr_${randomIdentifier(ctx.random)}`
  const key = await prepareApiKey(
    ctx,
    { id, userId },
    { name: 'first key', scopes: [...scopes], livemode: true },
  )
  return { id, userId, name: request.name, key }
}

async function storeOrganisation(
  ctx: Context,
  tx: Transaction,
  prepared: PreparedOrganisation,
): Promise<void> {
  const { id, userId, name } = prepared
  await tx.insert(organisations).values({ id, name, createdAt: ctx.now })
  await tx.insert(users).values({ id: userId, organisationId: id, name: 'owner', createdAt: ctx.now })
  await appendEvent(
    tx,
    { type: 'organisation.created', subject: id, facts: { id, created_at: ctx.now.toISOString() } },
    ctx.now,
  )
  await storeApiKey(tx, prepared.key)
}

/** The answer without its secret, as it is stored for replays. */
function describeOrganisation(ctx: Context, prepared: PreparedOrganisation): CreatedOrganisation {
  return {
    id: prepared.id,
    name: prepared.name,
    user_id: prepared.userId,
    created_at: ctx.now.toISOString(),
    api_key: null,
  }
}
