import type { IntegrationDocument } from '../../schema/wire/incidents.ts'
import type { Context } from '../context.ts'
import type { IntegrationRow } from './rows.ts'

/** The wire document of an integration; neither its secret nor its token. */
export function describeIntegration(
  ctx: Context,
  row: Pick<
    IntegrationRow,
    'id' | 'provider' | 'name' | 'account' | 'sealedToken' | 'createdAt' | 'deletedAt'
  >,
): IntegrationDocument {
  return {
    id: row.id,
    provider: row.provider,
    name: row.name,
    url: `${ctx.settings.publicBaseUrl}/webhooks/${row.provider}/${row.id}`,
    account: row.account,
    has_api_token: row.sealedToken !== null,
    created_at: row.createdAt.toISOString(),
    deleted_at: row.deletedAt?.toISOString() ?? null,
  }
}
