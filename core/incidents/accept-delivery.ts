import { and, eq, isNull } from 'drizzle-orm'
import { inboundDeliveries, integrations } from '../../schema/tables/index.ts'
import type { Provider } from '../../schema/wire/money.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import type { IntegrationRow } from './rows.ts'
import { type Rejection, verifyWebhook, type WebhookHeaders } from './webhook-signature.ts'

/** A webhook that is not taken: `webhook_signature_invalid` or `webhook_time_invalid`, and which it was. */
export class WebhookRejected extends Refusal {
  readonly reason: Rejection

  constructor(reason: Rejection) {
    super(reason === 'signature' ? 'webhook_signature_invalid' : 'webhook_time_invalid')
    this.reason = reason
  }
}

/**
 * Verifies a webhook and stores it, once, for `inboundTask`. One that came before is accepted and changes nothing.
 *
 * @param rawBody the bytes as they came: signatures are over these
 * @throws {Refusal} `integration_not_found`; {@link WebhookRejected}
 */
export async function acceptDelivery(
  ctx: Context,
  integrationId: string,
  provider: Provider,
  headers: WebhookHeaders,
  rawBody: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const integration = await find(ctx, integrationId, provider)
  const secret = await ctx.keys.openSecret(
    `${integrationId}:secret`,
    new Uint8Array(integration.sealedSecret),
  )
  const verdict = await verifyWebhook(provider, secret, headers, rawBody, ctx.now)
  if (!verdict.ok) throw new WebhookRejected(verdict.reason)
  await ctx.database.asSystem((tx) =>
    tx
      .insert(inboundDeliveries)
      .values({
        integrationId,
        provider,
        key: verdict.key,
        body: rawBody,
        receivedAt: ctx.now,
        state: 'pending',
        nextAttemptAt: ctx.now,
      })
      .onConflictDoNothing({ target: [inboundDeliveries.integrationId, inboundDeliveries.key] }),
  )
}

async function find(ctx: Context, id: string, provider: Provider): Promise<IntegrationRow> {
  const [integration] = await ctx.database.asSystem((tx) =>
    tx
      .select()
      .from(integrations)
      .where(
        and(eq(integrations.id, id), eq(integrations.provider, provider), isNull(integrations.deletedAt)),
      ),
  )
  if (integration === undefined) throw new Refusal('integration_not_found')
  return integration
}
