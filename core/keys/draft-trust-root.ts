import type { TrustRootDraft } from '../../schema/wire/trust.ts'
import type { Context } from '../context.ts'
import { dueTrustRoot } from './trust-root.ts'
import type { FlattenedJws } from './vault.ts'

/** The next version of the trust root, for whoever has the network root key to look at and to sign. Stores nothing. */
export async function draftTrustRoot(ctx: Context): Promise<TrustRootDraft> {
  const { document, isDue, current } = await ctx.database.asSystem((tx) => dueTrustRoot(ctx, tx))
  return {
    version: document.version,
    payload: JSON.stringify(document),
    due: isDue,
    current:
      current === undefined
        ? null
        : {
            version: current.version,
            expires_at: current.expiresAt.toISOString(),
            signed: current.jws as FlattenedJws,
          },
  }
}
