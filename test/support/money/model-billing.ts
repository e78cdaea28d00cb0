import type { Invoice, Model } from './model.ts'
import { addEvent, dayOf } from './model-policies.ts'
import { CENT, CERTIFICATE_FEE, DAY, HOUR, halves, least, most } from './rules.ts'

/** The fee of every certificate of the days that are over for an hour. @returns how many bills of a day were written */
export function meter(model: Model, now: number): number {
  const last = Math.floor((now - HOUR) / DAY) * DAY
  let written = 0
  for (let day = last - 34 * DAY; day < last; day += DAY) {
    const name = dayOf(day)
    if (model.metered.has(name)) continue
    const counts = new Map<string, bigint>()
    for (const { organisation, at } of model.issued) {
      if (dayOf(at) !== name || at < model.openedAt) continue
      counts.set(organisation, (counts.get(organisation) ?? 0n) + 1n)
    }
    for (const [organisation, count] of counts) {
      const [id, amount] = [`certificates/${organisation}/${name}`, count * CERTIFICATE_FEE]
      addEvent(model, { id, organisation, kind: 'certificates', amount, occurredAt: day + DAY - 1 })
      model.books.move(['premium_receivable', organisation], ['certificate_revenue'], amount)
      model.metered.add(name)
      written++
    }
  }
  return written
}

/** The rail has been told all. @returns how much that was */
export function report(model: Model): number {
  const waiting = model.events.filter(({ sent }) => !sent)
  for (const event of waiting) event.sent = true
  return waiting.length
}

/** Customers who are to have a bill of the months before this one, with what is on it. */
export function toBill(model: Model, now: number) {
  const month = new Date(now)
  const start = Date.UTC(month.getUTCFullYear(), month.getUTCMonth())
  const period = new Date(start - 1).toISOString().slice(0, 7)
  const open = model.events.filter(
    ({ sent, invoice, kind, occurredAt }) =>
      sent && invoice === null && (kind === 'premium' || kind === 'certificates') && occurredAt < start,
  )
  return [...Map.groupBy(open, ({ organisation }) => organisation)].flatMap(([organisation, events]) => {
    const total = sum(events)
    const name = `${organisation}/${period}`
    return total <= 0n || model.billed.has(name) ? [] : [{ organisation, name, events, total }]
  })
}

type Bill = ReturnType<typeof toBill>[number]

/** A bill is issued; what the customer has to its credit pays first, in whole cents. */
export function issue(model: Model, id: string, { organisation, name, events, total }: Bill): Invoice {
  model.billed.add(name)
  for (const event of events) event.invoice = id
  const has = model.credit(organisation)
  const credit = least(total, has - (has % CENT))
  model.books.move(['customer_credit', organisation], ['premium_receivable', organisation], credit)
  const premium = sum(events.filter(({ kind }) => kind === 'premium'))
  const invoice = { id, organisation, total, credit, premium, paid: credit === total }
  model.invoices.push(invoice)
  return invoice
}

function sum(events: readonly { readonly amount: bigint }[]): bigint {
  return events.reduce((total, { amount }) => total + amount, 0n)
}

/** The money of a bill arrived: half of the premium in it goes into the reserve. @returns the refusal's code */
export function recordPayment(model: Model, invoice: Invoice): string | null {
  if (invoice.paid) return 'invoice_state_conflict'
  const { organisation, total, credit } = invoice
  const cash = total - credit
  const premium = most(0n, least(cash, halves(cash * most(0n, invoice.premium), total)))
  model.books.move(['cash_operating'], ['premium_receivable', organisation], cash)
  model.books.move(['cash_reserve'], ['cash_operating'], halves(premium, 2n))
  invoice.paid = true
  return null
}
