import type { PaymentRail } from '../billing/rail.ts'
import type { ProviderApis } from '../incidents/providers.ts'
import type { WebhookSender } from '../notifications/sender.ts'

/** What the back office speaks to outside of the network. Adapters are in `workers/core/adapters/`. */
export interface Outside {
  readonly rail: PaymentRail
  readonly providers: ProviderApis
  readonly sender: WebhookSender
}
