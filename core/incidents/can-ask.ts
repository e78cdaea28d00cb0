import type { Provider } from '../../schema/wire/money.ts'
import type { IntegrationRow } from './rows.ts'

/** Whether the provider's own API can be asked for what its webhooks tell. */
export function canAsk(
  integration: Pick<IntegrationRow, 'provider' | 'sealedToken' | 'account' | 'deletedAt'>,
): boolean {
  const { provider, sealedToken, account, deletedAt } = integration
  if (sealedToken === null || deletedAt !== null || !ASKED.includes(provider)) return false
  return provider !== 'sentry' || account !== null
}

const ASKED: readonly Provider[] = ['github', 'sentry', 'pagerduty']
