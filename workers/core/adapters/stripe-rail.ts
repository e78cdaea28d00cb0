import Stripe from 'stripe'
import {
  type BalanceChange,
  type PaymentRail,
  RailRefused,
  RailUnavailable,
} from '../../../core/billing/rail.ts'
import { STRIPE } from '../../../core/billing/stripe/store-event.ts'
import { CURRENCY } from '../../../schema/wire/money.ts'

export interface StripeOptions {
  readonly secretKey: string
  /** Where the API is, if it is not Stripe's own. */
  readonly apiUrl?: string | undefined
  /** Event names of the meters that the prices count. */
  readonly meters: Readonly<Record<'premium' | 'certificates', string>>
  /** Of one call; 5 s if absent. */
  readonly timeoutMs?: number
}

const TIMEOUT_MS = 5_000
const PAGE_SIZE = 100
/** Of a customer's balance, that are looked through for one change. */
const MAX_TRANSACTIONS = 10_000
/** How far Stripe's clock may be behind ours. */
const CLOCK_DIFFERENCE_MS = 60 * 60_000

/** Money through Stripe, by its own SDK. Retries are ours: the back office's. */
export function createStripeRail(options: StripeOptions): PaymentRail {
  const stripe = openStripe(options)
  return {
    name: STRIPE,
    ensureCustomer: (_ctx, organisation) => call(() => ensureCustomer(stripe, organisation)),
    // No key of ours for the request: under one, Stripe would repeat a failure for a day. The identifier keeps it counted once.
    reportUsage: (_ctx, { key, kind, customer, cents, at }) =>
      call(() =>
        unlessReported(
          stripe.billing.meterEvents.create({
            event_name: options.meters[kind],
            identifier: key,
            payload: { stripe_customer_id: customer, value: String(cents) },
            timestamp: Math.floor(at.getTime() / 1000),
          }),
        ),
      ),
    credit: (_ctx, change) => call(() => credit(stripe, change)),
    findCredit: (_ctx, change) => call(() => findCredit(stripe, change)),
    portalLink: (_ctx, { customer, returnUrl }) =>
      call(async () => {
        const session = await stripe.billingPortal.sessions.create({ customer, return_url: returnUrl })
        return session.url
      }),
  }
}

function openStripe({ secretKey, apiUrl, timeoutMs = TIMEOUT_MS }: StripeOptions): Stripe {
  return new Stripe(secretKey, {
    httpClient: Stripe.createFetchHttpClient(),
    maxNetworkRetries: 0,
    timeout: timeoutMs,
    telemetry: false,
    ...(apiUrl ? addressOf(new URL(apiUrl)) : {}),
  })
}

function addressOf(url: URL) {
  const protocol = url.protocol === 'http:' ? 'http' : 'https'
  return { protocol, host: url.hostname, port: url.port || (protocol === 'http' ? 80 : 443) } as const
}

/**
 * Search lags behind by a minute or so, for which the idempotency key stands in: it is remembered for a day.
 * The oldest counts, should there ever be two.
 */
async function ensureCustomer(stripe: Stripe, { id, name }: { id: string; name: string }): Promise<string> {
  const query = `metadata['organisation_id']:'${id.replace(/['\\]/g, '\\$&')}'`
  const { data } = await stripe.customers.search({ query, limit: PAGE_SIZE })
  const [oldest] = data.toSorted((first, second) => first.created - second.created)
  if (oldest !== undefined) return oldest.id
  const made = await stripe.customers.create(
    { name, metadata: { organisation_id: id } },
    { idempotencyKey: `customer/${id}` },
  )
  return made.id
}

/** Stripe refuses an identifier that it has counted, without a code of its own: then it has what it is told. */
async function unlessReported(report: Promise<unknown>): Promise<void> {
  try {
    await report
  } catch (error) {
    const known =
      error instanceof Stripe.errors.StripeInvalidRequestError &&
      (error.code === 'duplicate_meter_event' || /event already exists with identifier/i.test(error.message))
    if (!known) throw error
  }
}

/**
 * A credit is a negative balance. Under the key a failure (5xx) is Stripe's answer for a day, so that such a credit waits a day
 * before it can be made: another key could make it twice.
 */
async function credit(stripe: Stripe, change: BalanceChange): Promise<string> {
  const { customer, key, cents, description } = change
  const made = await stripe.customers.createBalanceTransaction(
    customer,
    { amount: -cents, currency: CURRENCY, description, metadata: { payout_id: key } },
    { idempotencyKey: key },
  )
  return made.id
}

/** Newest first, back to before the first attempt. */
async function findCredit(stripe: Stripe, change: BalanceChange): Promise<string | null> {
  const oldest = (change.since.getTime() - CLOCK_DIFFERENCE_MS) / 1000
  let seen = 0
  for await (const made of stripe.customers.listBalanceTransactions(change.customer, { limit: PAGE_SIZE })) {
    if (made.created < oldest) return null
    if (made.metadata?.['payout_id'] === change.key) {
      if (made.amount !== -change.cents) throw new RailRefused('credit_differs')
      return made.id
    }
    if (++seen >= MAX_TRANSACTIONS) throw new RailUnavailable('too many balance transactions to look through')
  }
  return null
}

async function call<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) throw failureOf(error)
    throw error
  }
}

/** Too many requests and a key that does not hold (any more) are refused before anything happens, and pass. */
const SURELY_NOT = [401, 403, 429]

/** What Stripe refuses with a 4xx did not happen. Anything else may have: no answer, a 5xx, the key in use right now (409). */
function failureOf(error: InstanceType<typeof Stripe.errors.StripeError>): RailUnavailable | RailRefused {
  const { statusCode: status } = error
  if (status === undefined || status < 400 || status >= 500 || status === 409) {
    return new RailUnavailable(`Stripe: ${status ?? 'no answer'}`, { cause: error })
  }
  if (error instanceof Stripe.errors.StripeRateLimitError || SURELY_NOT.includes(status)) {
    return new RailUnavailable(`Stripe: ${status}`, { cause: error, uncertain: false })
  }
  return new RailRefused(error.code ?? error.rawType ?? `status_${status}`, { cause: error })
}
