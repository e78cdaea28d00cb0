import { sql } from 'drizzle-orm'
import { SCOPES, type Scope } from '../../schema/wire/vocabulary.ts'
import type { Actor, Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { compile } from '../statement.ts'
import { hashApiKey, isWellFormedApiKey } from './api-key.ts'

interface Row extends Record<string, unknown> {
  readonly id: string
  readonly organisation_id: string
  readonly user_id: string
  readonly scopes: readonly string[]
  readonly livemode: boolean
  readonly revoked: boolean
}

const AUTHENTICATE = compile<{ sha256: Uint8Array }>(
  sql`SELECT * FROM authenticate_api_key(${sql.placeholder('sha256')})`,
)

/**
 * Who holds this key, asked of the database each time so that a revoked key stops at once.
 *
 * @param authorization the `Authorization` header: `Bearer cr_…`
 * @throws {Refusal} `authentication_required`, `api_key_invalid`, `api_key_revoked`
 */
export async function authenticate(ctx: Context, authorization: string | undefined): Promise<Actor> {
  const key = /^Bearer ([\x21-\x7e]{1,128})$/i.exec(authorization ?? '')?.[1]
  if (key === undefined)
    throw new Refusal('authentication_required', { detail: 'Send Authorization: Bearer <key>.' })
  if (!isWellFormedApiKey(key)) throw new Refusal('api_key_invalid')
  const [row] = await ctx.database.direct<Row>(AUTHENTICATE({ sha256: await hashApiKey(key) }))
  if (row === undefined) throw new Refusal('api_key_invalid')
  if (row.revoked) throw new Refusal('api_key_revoked')
  return {
    keyId: row.id,
    organisationId: row.organisation_id,
    userId: row.user_id,
    scopes: SCOPES.filter((scope) => row.scopes.includes(scope)),
    livemode: row.livemode,
  }
}

/** @throws {Refusal} `scope_missing` unless the actor has one of `scopes` */
export function requireScope(actor: Actor, ...scopes: readonly Scope[]): void {
  if (scopes.some((scope) => actor.scopes.includes(scope))) return
  throw new Refusal('scope_missing', { detail: `This needs the scope ${scopes.join(' or ')}.` })
}
