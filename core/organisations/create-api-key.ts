import { apiKeys } from '../../schema/tables/index.ts'
import type { ApiKey, CreateApiKeyRequest, CreatedApiKey } from '../../schema/wire/organisations.ts'
import type { Scope } from '../../schema/wire/vocabulary.ts'
import type { Actor, Context, Transaction } from '../context.ts'
import type { Answer, Claim } from '../idempotency/claim.ts'
import { randomIdentifier } from '../identifiers.ts'
import { appendEvent, type LogEvent } from '../log/append-event.ts'
import { Refusal } from '../refusal.ts'
import { generateApiKey, HINT_CHARACTERS, hashApiKey } from './api-key.ts'

/** A key that is made but not yet stored; only here is its secret. */
export interface PreparedApiKey {
  readonly secret: string
  readonly row: typeof apiKeys.$inferInsert & { readonly scopes: string[] }
}

/**
 * Makes a key for the caller's organisation. Its secret is in this answer and nowhere else.
 *
 * @throws {Refusal} `scope_missing` when the caller would give what it does not have itself
 */
export async function createApiKey(
  ctx: Context,
  actor: Actor,
  request: CreateApiKeyRequest,
  claim: Claim,
): Promise<Answer> {
  refuseEscalation(actor, request)
  const prepared = await prepareApiKey(ctx, { id: actor.organisationId, userId: actor.userId }, request)
  const described = {
    ...describeApiKey(prepared.row),
    key: null,
    secret_already_shown: true,
  } satisfies CreatedApiKey
  await ctx.database.asOrganisation(actor.organisationId, async (tx) => {
    await storeApiKey(tx, prepared)
    await claim.settle(tx, { status: 201, body: JSON.stringify(described) })
  })
  const { secret_already_shown: _, ...shown } = described
  return { status: 201, body: JSON.stringify({ ...shown, key: prepared.secret }) }
}

/** @throws {Refusal} `scope_missing` when `actor` would give what it does not have itself */
function refuseEscalation(actor: Actor, request: CreateApiKeyRequest): void {
  const missing = request.scopes.filter((scope) => !actor.scopes.includes(scope))
  if (missing.length > 0) {
    throw new Refusal('scope_missing', {
      detail: `A key cannot give scopes that it lacks: ${missing.join(', ')}.`,
    })
  }
  if (!request.livemode && request.scopes.includes('operator')) {
    throw new Refusal('scope_missing', {
      detail: 'The network is run with live keys: a test key cannot be an operator.',
    })
  }
  if (request.livemode && !actor.livemode) {
    throw new Refusal('scope_missing', { detail: 'A test key cannot make a live key.' })
  }
}

export async function prepareApiKey(
  ctx: Context,
  owner: { id: string; userId: string },
  request: CreateApiKeyRequest,
): Promise<PreparedApiKey> {
  const secret = generateApiKey(ctx.random, request.livemode)
  const row = {
    id: `key_${randomIdentifier(ctx.random)}`,
    organisationId: owner.id,
    userId: owner.userId,
    name: request.name,
    sha256: await hashApiKey(secret),
    hint: secret.slice(0, HINT_CHARACTERS),
    scopes: [...new Set(request.scopes)],
    livemode: request.livemode,
    createdAt: ctx.now,
  }
  return { secret, row }
}

export async function storeApiKey(tx: Transaction, { row }: PreparedApiKey): Promise<void> {
  await tx.insert(apiKeys).values(row)
  await appendEvent(tx, describeCreation(row), row.createdAt)
}

/** Neither its name, which may be a person's, nor its hint. */
function describeCreation(row: PreparedApiKey['row']): LogEvent {
  const { id, organisationId: organisation_id, scopes, livemode, createdAt } = row
  return {
    type: 'api_key.created',
    subject: id,
    facts: { id, organisation_id, scopes, livemode, created_at: createdAt.toISOString() },
    details: { scopes: scopes.join(' '), mode: livemode ? 'live' : 'test' },
  }
}

export function describeApiKey(row: typeof apiKeys.$inferInsert): ApiKey {
  return {
    id: row.id,
    name: row.name,
    scopes: (row.scopes ?? []) as Scope[],
    livemode: row.livemode,
    hint: row.hint,
    created_at: row.createdAt.toISOString(),
    revoked_at: row.revokedAt?.toISOString() ?? null,
  }
}
