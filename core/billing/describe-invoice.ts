import type { InvoiceDocument } from '../../schema/wire/billing.ts'
import { CURRENCY } from '../../schema/wire/money.ts'
import { toCents } from '../money.ts'
import type { InvoiceRow } from './settle-invoice.ts'

/** An invoice as the API shows it. */
export function describeInvoice(row: InvoiceRow): InvoiceDocument {
  return {
    id: row.id,
    period: row.period,
    status: row.state,
    rail: row.rail,
    total: toCents(row.total),
    credit: toCents(row.credit),
    due: row.state === 'open' ? toCents(row.total - row.credit) : 0,
    currency: CURRENCY,
    created_at: row.createdAt.toISOString(),
    paid_at: row.paidAt?.toISOString() ?? null,
  }
}
