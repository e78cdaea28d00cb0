import { fromCents } from '../../money.ts'

/** What a webhook tells of an invoice. Amounts are micro-USD. */
export interface StripeInvoice {
  readonly id: string
  readonly customer: string
  readonly total: bigint
  readonly amountPaid: bigint
  /** Of the customer's balance, what it used. */
  readonly creditUsed: bigint
  /** End of what it bills. */
  readonly periodEnd: Date
}

export type StripeInvoiceEvent = {
  readonly type: 'finalized' | 'paid' | 'voided'
  readonly invoice: StripeInvoice
}

const TYPES: Readonly<Record<string, StripeInvoiceEvent['type']>> = {
  'invoice.finalized': 'finalized',
  'invoice.paid': 'paid',
  'invoice.voided': 'voided',
}

/**
 * Reads an event of Stripe's that tells of an invoice in dollars; null for any other.
 *
 * @throws {TypeError} when it has not the shape that Stripe documents
 */
export function readStripeEvent(rawBody: Uint8Array): StripeInvoiceEvent | null {
  const event = asObject(parse(rawBody))
  const type = Object.hasOwn(TYPES, String(event['type'])) ? TYPES[String(event['type'])] : undefined
  if (type === undefined) return null
  const invoice = asObject(asObject(event['data'])['object'])
  if (invoice['currency'] !== 'usd') return null
  return { type, invoice: readInvoice(invoice) }
}

function readInvoice(invoice: Record<string, unknown>): StripeInvoice {
  const id = asText(invoice['id'])
  return {
    id,
    customer: customerId(invoice['customer']),
    total: asAmount(invoice['total']),
    amountPaid: asAmount(invoice['amount_paid']),
    creditUsed: creditUsed(invoice),
    periodEnd: new Date(asInteger(invoice['period_end']) * 1000),
  }
}

/** A credit is a negative balance: it goes from -500 to -200 when 300 are used. Never below nothing. */
function creditUsed(invoice: Record<string, unknown>): bigint {
  const { starting_balance: starting, ending_balance: ending } = invoice
  if (ending == null || starting == null) return 0n
  const used = asInteger(ending) - asInteger(starting)
  return used > 0 ? fromCents(used) : 0n
}

/** Its id, or the whole customer where it is expanded. */
function customerId(value: unknown): string {
  return typeof value === 'object' ? asText(asObject(value)['id']) : asText(value)
}

function parse(rawBody: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(rawBody))
  } catch (error) {
    throw new TypeError('not JSON', { cause: error })
  }
}

function asObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError('not an object')
  return value as Record<string, unknown>
}

function asText(value: unknown): string {
  if (typeof value !== 'string' || value === '' || value.length > MAX_ID_LENGTH)
    throw new TypeError('not an id')
  return value
}

const MAX_ID_LENGTH = 255
/** The last moment that a `Date` can hold, and more than Stripe bills. */
const MAX_INTEGER = 8_640_000_000_000

function asInteger(value: unknown): number {
  if (!Number.isSafeInteger(value) || Math.abs(value as number) > MAX_INTEGER)
    throw new TypeError('not an integer')
  return value as number
}

function asAmount(value: unknown): bigint {
  return fromCents(asInteger(value))
}
