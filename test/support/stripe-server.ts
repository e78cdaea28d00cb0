import { createHmac, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * A small Stripe: customers, balance transactions, meter events, invoices and portal sessions, with Stripe's idempotency keys,
 * and with whatever can go wrong on the way. It is written from Stripe's documentation and shares no code with the adapter.
 */
export interface StripeServer {
  readonly url: string
  readonly customers: ReadonlyMap<string, Customer>
  readonly meterEvents: readonly MeterEvent[]
  /** `POST /v1/customers`, in the order of their arrival. */
  readonly requests: readonly string[]
  /** The next request to this route, such as `POST /v1/customers`, goes wrong in this way; ids are written `:id`. */
  fail(route: string, fault: Fault): void
  /** Nothing goes wrong any more. */
  heal(): void
  /** What is found by searching: until then nothing new is. */
  index(): void
  /** More than a day passes for keys and identifiers. */
  forgetKeys(): void
  /** Bills what was metered, from the balance first; draft → open. */
  bill(customerId: string): Invoice
  /** Somebody pays the rest. */
  pay(invoice: Invoice): Invoice
  /** A webhook as Stripe would send it. @param at seconds */
  event(type: string, object: unknown, secret: string, at: number): SignedEvent
  stop(): Promise<void>
}

/** `_before` has no effect, `_after` has its effect and does not say so. */
export type Fault =
  | 'silence_before'
  | 'silence_after'
  | 'reset_before'
  | 'reset_after'
  | 'error_before'
  | 'error_after'
  | 'cut_short_after'
  | 'rate_limited'
  | 'key_in_use'

export interface Customer {
  readonly id: string
  readonly metadata: Readonly<Record<string, string>>
  readonly created: number
  searchable: boolean
  readonly transactions: BalanceTransaction[]
}

export interface BalanceTransaction {
  readonly id: string
  readonly object: 'customer_balance_transaction'
  readonly amount: number
  readonly created: number
  readonly metadata: Readonly<Record<string, string>>
}

export interface MeterEvent {
  readonly name: string
  readonly identifier: string
  readonly customer: string
  readonly value: number
  billed: boolean
}

export interface Invoice {
  readonly id: string
  readonly object: 'invoice'
  readonly customer: string
  readonly currency: 'usd'
  readonly total: number
  readonly amount_due: number
  readonly amount_paid: number
  readonly starting_balance: number
  readonly ending_balance: number
  readonly period_end: number
  readonly status: 'open' | 'paid' | 'void'
}

export interface SignedEvent {
  readonly body: string
  readonly signature: string
}

interface Answer {
  readonly status: number
  readonly body: unknown
}

interface Kept extends Answer {
  readonly parameters: string
}

type Handle = (path: RegExpExecArray, parameters: URLSearchParams) => Answer

const now = () => Math.floor(Date.now() / 1000)
const newId = (prefix: string) => `${prefix}_${randomBytes(8).toString('hex')}`

export async function startStripeServer(secretKey: string): Promise<StripeServer> {
  const customers = new Map<string, Customer>()
  const meterEvents: MeterEvent[] = []
  const identifiers = new Set<string>()
  const keys = new Map<string, Kept>()
  const faults: { route: string; fault: Fault }[] = []
  const requests: string[] = []

  const routes: readonly [string, RegExp, Handle][] = [
    ['GET /v1/customers/search', /^GET \/v1\/customers\/search$/, (_, parameters) => search(parameters)],
    ['POST /v1/customers', /^POST \/v1\/customers$/, (_, parameters) => createCustomer(parameters)],
    [
      'POST /v1/customers/:id/balance_transactions',
      /^POST \/v1\/customers\/(\w+)\/balance_transactions$/,
      ([, id], parameters) => createTransaction(id!, parameters),
    ],
    [
      'GET /v1/customers/:id/balance_transactions',
      /^GET \/v1\/customers\/(\w+)\/balance_transactions$/,
      ([, id], parameters) => listTransactions(id!, parameters),
    ],
    ['POST /v1/billing/meter_events', /^POST \/v1\/billing\/meter_events$/, (_, p) => createMeterEvent(p)],
    [
      'POST /v1/billing_portal/sessions',
      /^POST \/v1\/billing_portal\/sessions$/,
      (_, parameters) => createSession(parameters),
    ],
  ]

  function search(parameters: URLSearchParams): Answer {
    const [, id] = /^metadata\['organisation_id'\]:'([^']*)'$/.exec(parameters.get('query') ?? '') ?? []
    const data = [...customers.values()].filter(
      (customer) => customer.searchable && customer.metadata['organisation_id'] === id,
    )
    return ok({ object: 'search_result', data: data.map(showCustomer), has_more: false, next_page: null })
  }

  function createCustomer(parameters: URLSearchParams): Answer {
    const customer: Customer = {
      id: newId('cus'),
      metadata: nested(parameters, 'metadata'),
      created: now(),
      searchable: false,
      transactions: [],
    }
    customers.set(customer.id, customer)
    return ok(showCustomer(customer))
  }

  function createTransaction(id: string, parameters: URLSearchParams): Answer {
    const customer = customers.get(id)
    if (customer === undefined) return invalid('resource_missing', `No such customer: '${id}'`)
    const amount = Number(parameters.get('amount'))
    if (!Number.isSafeInteger(amount)) return invalid('parameter_invalid_integer', 'Invalid integer')
    if (parameters.get('currency') !== 'usd') return invalid('parameter_missing', 'currency')
    const made: BalanceTransaction = {
      id: newId('cbtxn'),
      object: 'customer_balance_transaction',
      amount,
      created: now(),
      metadata: nested(parameters, 'metadata'),
    }
    customer.transactions.unshift(made)
    return ok(made)
  }

  function listTransactions(id: string, parameters: URLSearchParams): Answer {
    const all = customers.get(id)?.transactions
    if (all === undefined) return invalid('resource_missing', `No such customer: '${id}'`)
    const after = parameters.get('starting_after')
    const start = after === null ? 0 : all.findIndex((made) => made.id === after) + 1
    const data = all.slice(start, start + Number(parameters.get('limit') ?? 10))
    return ok({
      object: 'list',
      url: `/v1/customers/${id}/balance_transactions`,
      data,
      has_more: start + data.length < all.length,
    })
  }

  function createMeterEvent(parameters: URLSearchParams): Answer {
    const { stripe_customer_id: customer = '', value } = nested(parameters, 'payload')
    const identifier = parameters.get('identifier') ?? newId('mev')
    if (!/^-?\d+$/.test(value ?? '')) return invalid('parameter_invalid', 'Invalid value')
    if (Math.abs(now() - Number(parameters.get('timestamp'))) > 35 * 86_400) {
      return invalid('timestamp_too_far_in_past', 'The timestamp is too far in the past')
    }
    // As Stripe does: without a code.
    if (identifiers.has(identifier)) {
      return invalid(undefined, `An event already exists with identifier ${identifier}.`)
    }
    identifiers.add(identifier)
    const name = parameters.get('event_name') ?? ''
    meterEvents.push({ name, identifier, customer, value: Number(value), billed: false })
    return ok({ object: 'billing.meter_event', identifier, event_name: name })
  }

  function createSession(parameters: URLSearchParams): Answer {
    const customer = parameters.get('customer') ?? ''
    if (!customers.has(customer)) return invalid('resource_missing', `No such customer: '${customer}'`)
    const url = `https://billing.stripe.example/p/session/${newId('bps')}`
    return ok({ id: newId('bps'), object: 'billing_portal.session', customer, url })
  }

  function route(name: string, parameters: URLSearchParams): Answer {
    for (const [, pattern, handle] of routes) {
      const match = pattern.exec(name)
      if (match !== null) return handle(match, parameters)
    }
    return {
      status: 404,
      body: error('invalid_request_error', 'resource_missing', `Unrecognized request URL ${name}`),
    }
  }

  /** Under a key, the first answer is every answer: a 500 too. What is refused before anything happens is not kept. */
  function once(key: string | undefined, name: string, parameters: URLSearchParams, fault?: Fault): Answer {
    const kept = key === undefined ? undefined : keys.get(key)
    const text = `${name}?${parameters}`
    if (kept !== undefined) {
      return kept.parameters === text
        ? kept
        : {
            status: 400,
            body: error('idempotency_error', undefined, 'Keys can only be used with the same parameters'),
          }
    }
    const answer = fault === 'error_before' ? serverError() : route(name, parameters)
    const shown = fault === 'error_after' ? serverError() : answer
    if (key !== undefined && (shown.status < 400 || shown.status >= 500))
      keys.set(key, { ...shown, parameters: text })
    return shown
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, 'http://stripe')
    const name = `${request.method} ${url.pathname}`
    const parameters = request.method === 'GET' ? url.searchParams : new URLSearchParams(await read(request))
    requests.push(name)
    if (request.headers.authorization !== `Bearer ${secretKey}`) {
      return send(response, {
        status: 401,
        body: error('invalid_request_error', undefined, 'Invalid API Key'),
      })
    }
    const fault = takeFault(name)
    if (fault === 'silence_before') return
    if (fault === 'reset_before') return void request.socket.destroy()
    if (fault === 'rate_limited')
      return send(response, {
        status: 429,
        body: error('invalid_request_error', 'rate_limit', 'Too many requests'),
      })
    if (fault === 'key_in_use')
      return send(response, {
        status: 409,
        body: error('idempotency_error', 'idempotency_key_in_use', 'In use'),
      })
    const key = request.headers['idempotency-key'] as string | undefined
    const answer = once(request.method === 'POST' ? key : undefined, name, parameters, fault)
    if (fault === 'silence_after') return
    if (fault === 'reset_after') return void request.socket.destroy()
    if (fault === 'cut_short_after') {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"id":"cbt')
      setTimeout(() => request.socket.destroy(), 20)
      return
    }
    send(response, answer)
  }

  function takeFault(name: string): Fault | undefined {
    const [pattern] = routes.find(([, expression]) => expression.test(name)) ?? []
    const index = faults.findIndex((planned) => planned.route === pattern)
    return index < 0 ? undefined : faults.splice(index, 1)[0]!.fault
  }

  const server = createServer((request, response) => void serve(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}`,
    customers,
    meterEvents,
    requests,
    fail: (name, fault) => void faults.push({ route: name, fault }),
    heal: () => void faults.splice(0),
    index() {
      for (const customer of customers.values()) customer.searchable = true
    },
    forgetKeys() {
      keys.clear()
      identifiers.clear()
    },
    bill(customerId) {
      const customer = customers.get(customerId)!
      const due = meterEvents.filter((event) => event.customer === customerId && !event.billed)
      const total = Math.max(
        0,
        due.reduce((sum, { value }) => sum + value, 0),
      )
      for (const event of due) event.billed = true
      const starting = balanceOf(customer)
      const applied = starting < 0 ? Math.min(total, -starting) : 0
      if (applied > 0)
        createTransaction(customerId, new URLSearchParams({ amount: String(applied), currency: 'usd' }))
      return {
        id: newId('in'),
        object: 'invoice',
        customer: customerId,
        currency: 'usd',
        total,
        amount_due: total - applied,
        amount_paid: 0,
        starting_balance: starting,
        ending_balance: starting + applied,
        period_end: now() + 1,
        status: 'open',
      }
    },
    pay: (invoice) => ({ ...invoice, status: 'paid', amount_paid: invoice.amount_due }),
    event(type, object, secret, at) {
      const body = JSON.stringify({ id: newId('evt'), object: 'event', type, created: at, data: { object } })
      const v1 = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')
      return { body, signature: `t=${at},v1=${v1}` }
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** What a customer's balance stands at, cents: credit is negative. */
export function balanceOf(customer: Customer): number {
  return customer.transactions.reduce((sum, { amount }) => sum + amount, 0)
}

function showCustomer({ id, metadata, created }: Customer) {
  return { id, object: 'customer', metadata, created }
}

/** `metadata[payout_id]=…` as an object. */
function nested(parameters: URLSearchParams, name: string): Record<string, string> {
  const entries = [...parameters].flatMap(([key, value]) => {
    const [, outer, inner] = /^(\w+)\[(\w+)\]$/.exec(key) ?? []
    return outer === name ? [[inner!, value] as const] : []
  })
  return Object.fromEntries(entries)
}

function ok(body: unknown): Answer {
  return { status: 200, body }
}

function invalid(code: string | undefined, message: string): Answer {
  return { status: 400, body: error('invalid_request_error', code, message) }
}

function serverError(): Answer {
  return { status: 500, body: error('api_error', undefined, 'Something went wrong') }
}

function error(type: string, code: string | undefined, message: string) {
  return { error: { type, message, ...(code === undefined ? {} : { code }) } }
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'request-id': newId('req') })
    .end(JSON.stringify(body))
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
