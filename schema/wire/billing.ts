import { z } from '@hono/zod-openapi'
import { CURRENCY, INVOICE_ID_PATTERN, PAYMENT_RAILS } from './money.ts'
import { timestamp } from './text.ts'

const cents = z.int().min(0).openapi({ description: 'Whole cents.' })

export const invoiceId = z.string().regex(INVOICE_ID_PATTERN).openapi({ example: 'inv_7k3m9q2x4w8t1v6z' })

/** The query of `GET /v1/invoices`. */
export const invoiceListQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().min(1).max(64).optional(),
})

export const invoiceSchema = z
  .object({
    id: z.string(),
    period: z.string().nullable().openapi({
      example: '2026-10',
      description: 'The month; null where the payment provider bills otherwise.',
    }),
    status: z.enum(['open', 'paid', 'void']),
    rail: z.enum(PAYMENT_RAILS),
    total: cents,
    credit: z.int().min(0).openapi({ description: "Paid from the customer's credit, whole cents." }),
    due: z.int().min(0).openapi({ description: 'Still to be paid, whole cents.' }),
    currency: z.literal(CURRENCY),
    created_at: timestamp,
    paid_at: timestamp.nullable(),
  })
  .openapi('Invoice')

export const invoiceListSchema = z
  .object({ data: z.array(invoiceSchema), next_cursor: z.string().nullable() })
  .openapi('InvoiceList')

export const billingSchema = z
  .object({
    rail: z.enum(PAYMENT_RAILS).openapi({
      description: '`ledger`: the network keeps the accounts; invoices are paid to its operator.',
    }),
    owed: z
      .int()
      .min(0)
      .openapi({ description: 'Premiums and fees that are not paid yet, billed or not; whole cents.' }),
    credit: z
      .int()
      .min(0)
      .openapi({ description: 'Payouts and refunds that are not used yet, whole cents.' }),
    currency: z.literal(CURRENCY),
  })
  .openapi('Billing')

export const portalSchema = z
  .object({ url: z.url().openapi({ description: 'For some minutes, for one visitor.' }) })
  .openapi('BillingPortal')

export type InvoiceDocument = z.infer<typeof invoiceSchema>
export type InvoiceList = z.infer<typeof invoiceListSchema>
export type BillingDocument = z.infer<typeof billingSchema>
