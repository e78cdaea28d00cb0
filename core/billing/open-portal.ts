import type { Actor, Context } from '../context.ts'
import { requireLive } from '../insurance/require-live.ts'
import { Refusal } from '../refusal.ts'
import { ensureAccount } from './accounts.ts'
import { type PaymentRail, RailRefused, RailUnavailable } from './rail.ts'

/**
 * A link to where the organisation sees and pays its bills. It is a secret of some minutes, so it is stored nowhere.
 *
 * @throws {Refusal} `live_key_required`, `billing_portal_unavailable`, `payment_provider_unavailable`
 */
export async function openPortal(ctx: Context, actor: Actor, rail: PaymentRail): Promise<{ url: string }> {
  requireLive(actor)
  const { organisationId } = actor
  try {
    const customer = await ensureAccount(ctx, rail, organisationId)
    const url = await rail.portalLink(ctx, {
      organisationId,
      customer,
      returnUrl: ctx.settings.publicBaseUrl,
    })
    if (url === null) throw new Refusal('billing_portal_unavailable')
    return { url }
  } catch (error) {
    if (error instanceof RailUnavailable) throw new Refusal('payment_provider_unavailable', { cause: error })
    if (error instanceof RailRefused) throw new Refusal('billing_portal_unavailable', { cause: error })
    throw error
  }
}
