import { and, eq } from 'drizzle-orm'
import { signingKeys } from '../../schema/tables/index.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import type { Signer } from './vault.ts'

/**
 * The signer of live documents other than certificates: status lists, other forms of a certificate.
 *
 * @throws {Refusal} `signing_unavailable`
 */
export async function activeSigner(ctx: Context): Promise<Signer> {
  const { kid, sealedPrivateKey, livemode, state } = signingKeys
  const [key] = await ctx.database.asSystem((tx) =>
    tx
      .select({ kid, sealedPrivateKey })
      .from(signingKeys)
      .where(and(eq(livemode, true), eq(state, 'active'))),
  )
  if (key === undefined) throw new Refusal('signing_unavailable')
  return ctx.keys.signer(key.kid, key.sealedPrivateKey)
}
