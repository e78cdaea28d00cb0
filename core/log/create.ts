import { LOG_ID, logs } from '../../schema/tables/index.ts'
import type { Context } from '../context.ts'
import { EMPTY_ROOT } from '../verify/log/index.ts'
import { readLog } from './row.ts'

/**
 * Makes the network's log, empty, with a key of its own, unless it is there. Its origin is what the settings say at this
 * moment, and never changes.
 */
export async function ensureLog(ctx: Context): Promise<void> {
  if ((await ctx.database.asSystem(readLog)) !== undefined) return
  const { origin } = ctx.settings.log
  const { verifierKey, sealedPrivateKey } = await ctx.keys.generateLogKey(origin)
  await ctx.database.asSystem((tx) =>
    tx
      .insert(logs)
      .values({
        id: LOG_ID,
        origin,
        verifierKey,
        sealedPrivateKey,
        size: 0,
        rootHash: EMPTY_ROOT,
        stagedSize: 0,
        publishedSize: 0,
        createdAt: ctx.now,
      })
      // Another instance was faster: there is one log, and its key serves as well.
      .onConflictDoNothing(),
  )
}
