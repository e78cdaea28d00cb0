import { inboundDeliveries } from '../../../schema/tables/index.ts'
import type { Context } from '../../context.ts'

/** `integration_id` and `provider` of what the payment provider sends. */
export const STRIPE = 'stripe'

/** Keeps a verified event until {@link stripeTask} looks at it; the same one again changes nothing. */
export async function storeStripeEvent(
  ctx: Context,
  event: { readonly id: string; readonly type: string },
  rawBody: Uint8Array<ArrayBuffer>,
): Promise<void> {
  await ctx.database.asSystem((tx) =>
    tx
      .insert(inboundDeliveries)
      .values({
        integrationId: STRIPE,
        provider: STRIPE,
        key: event.id,
        event: event.type,
        body: rawBody,
        receivedAt: ctx.now,
        state: 'pending',
        nextAttemptAt: ctx.now,
      })
      .onConflictDoNothing(),
  )
}
