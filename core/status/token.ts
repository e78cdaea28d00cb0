import { sql } from 'drizzle-orm'
import type { Context } from '../context.ts'
import { activeSigner } from '../keys/active-signer.ts'
import { signJws } from '../keys/sign-jws.ts'
import { utf8 } from '../verify/encoding.ts'
import { STATUS_LIST_SIZE } from '../verify/status-list.ts'
import { encodeStatusList, STATUS_TOKEN_TYPE } from '../verify/status-token.ts'

export const STATUS_TOKEN_LIFETIME_S = 24 * 60 * 60
/** After so many seconds a holder should ask for a newer one (`ttl`). */
export const STATUS_TOKEN_TTL_S = 300

export interface StatusListToken {
  readonly list: number
  /** Of `status_lists`; 0 for a list without a revocation. */
  readonly version: number
  readonly issuedAt: Date
  readonly expiresAt: Date
  /** A JWT (RFC 7519), compact. */
  readonly text: string
}

/**
 * Signs a status list as it is now (Token Status List, section 5.1), with the active signing key.
 *
 * `iat` is the database's time at which the bits were read, whole seconds, rounded down: of two tokens the later `iat`
 * is never of older bits, whatever the clocks of the hosts say.
 *
 * @throws {Refusal} `signing_unavailable`, `database_unavailable`
 */
export async function statusListToken(ctx: Context, list: number): Promise<StatusListToken> {
  const signer = await activeSigner(ctx)
  const { bits, version, readAt } = await readBits(ctx, list)
  const iat = Math.floor(readAt.getTime() / 1000)
  const exp = iat + STATUS_TOKEN_LIFETIME_S
  const claims = {
    sub: `${ctx.settings.publicBaseUrl}/v1/status-lists/${list}`,
    iat,
    exp,
    ttl: STATUS_TOKEN_TTL_S,
    status_list: { bits: 1, lst: await encodeStatusList(bits) },
  }
  const jws = await signJws(signer, { typ: STATUS_TOKEN_TYPE }, utf8(JSON.stringify(claims)))
  const text = `${jws.protected}.${jws.payload}.${jws.signature}`
  return { list, version, issuedAt: new Date(iat * 1000), expiresAt: new Date(exp * 1000), text }
}

interface Row extends Record<string, unknown> {
  readonly read_at: string
  readonly version: string | null
  readonly bits: Uint8Array | null
}

/** A list without a row has never had a revocation. `now()` is when the transaction began: before it looked at any row. */
async function readBits(ctx: Context, list: number) {
  const [row] = await ctx.database.asSystem((tx) =>
    tx.execute<Row>(sql`
      SELECT now()::text AS read_at, version, bits
      FROM (VALUES (${list}::integer)) AS asked(id) LEFT JOIN status_lists USING (id)`),
  )
  return {
    bits: row!.bits === null ? new Uint8Array(STATUS_LIST_SIZE / 8) : new Uint8Array(row!.bits),
    version: Number(row!.version ?? 0),
    readAt: new Date(row!.read_at),
  }
}
