import type { BreakerState, ClaimStatus, PolicyStatus } from '../../../schema/wire/money.ts'
import { Books } from './books.ts'
import type { Mode, TierName } from './rules.ts'

/** A certificate that cover may be bought for. Its commit runs as a service of its own. */
export interface Certificate {
  readonly id: string
  readonly organisation: string
  readonly commit: string | null
  readonly service: string
  /** Hundredths. */
  readonly score: number
  /** CI evidence binds it to its commit. */
  readonly bound: boolean
  readonly flaw: 'revoked' | 'expired' | null
}

export interface Policy {
  readonly id: string
  readonly organisation: string
  readonly certificate: Certificate
  readonly tier: TierName
  readonly premium: bigint
  readonly subsidy: bigint
  readonly coverage: bigint
  readonly minute: bigint
  readonly boundAt: number
  readonly endsAt: number
  status: PolicyStatus
  used: bigint
  reserved: bigint
  earnedPremium: bigint
  earnedSubsidy: bigint
  refunded: bigint
  claimed: boolean
  activatedAt: number | null
  closedAt: number | null
}

export interface Deployment {
  readonly organisation: string
  readonly service: string
  readonly at: number
  readonly confirmed: boolean
}

export interface Incident {
  readonly id: string
  readonly organisation: string
  readonly service: string
  readonly openedAt: number
  readonly resolvedAt: number
  readonly fact: 'confirmed' | 'refuted' | 'unavailable'
  readonly release: boolean
  settlement: 'due' | 'claimed' | 'unattributed' | 'uninsured' | 'no_loss'
}

export interface Proposal {
  readonly person: number
  readonly action: 'approve' | 'adjust' | 'resolve'
  readonly outcome: string | null
  readonly amount: bigint
}

export interface Payout {
  readonly sequence: 1 | 2
  readonly amount: bigint
  paid: boolean
}

export interface ClaimModel {
  /** Once the database has told it. */
  id: string
  readonly policy: Policy
  readonly incident: Incident
  readonly requested: bigint
  readonly reasons: readonly string[]
  readonly filedAt: number
  readonly payouts: Payout[]
  status: ClaimStatus
  reserved: bigint
  approved: bigint
  paid: bigint
  automatic: boolean
  proposal: Proposal | null
  reversals: number
}

export interface BillingEvent {
  readonly id: string
  readonly organisation: string
  readonly kind: 'premium' | 'certificates' | 'credit' | 'debit'
  readonly amount: bigint
  readonly occurredAt: number
  sent: boolean
  invoice: string | null
}

export interface Invoice {
  readonly id: string
  readonly organisation: string
  readonly total: bigint
  readonly credit: bigint
  /** Of the total. */
  readonly premium: bigint
  paid: boolean
}

export interface Breaker {
  state: BreakerState
  cause: string | null
  /** Ten-thousandths. */
  acceptedRatio: number | null
  budget: bigint
  used: bigint
}

/** What should be there, by the document: maps of numbers, and no cleverness. */
export class Model {
  readonly mode: Mode
  readonly openedAt: number
  readonly books = new Books()
  readonly policies = new Map<string, Policy>()
  readonly incidents: Incident[] = []
  readonly deployments: Deployment[] = []
  readonly claims: ClaimModel[] = []
  readonly events: BillingEvent[] = []
  readonly invoices: Invoice[] = []
  /** Certificates that were issued, for their fees. */
  readonly issued: { readonly organisation: string; readonly at: number }[] = []
  /** `YYYY-MM-DD` whose certificates are billed. */
  readonly metered = new Set<string>()
  /** `organisation/YYYY-MM` that are billed. */
  readonly billed = new Set<string>()
  readonly boundOn = new Map<string, bigint>()
  /** What the database calls a claim, by `policy incident`. */
  readonly claimIds = new Map<string, string>()
  readonly breaker: Breaker

  constructor(options: { mode: Mode; openedAt: number; capital: bigint; budget: bigint }) {
    this.mode = options.mode
    this.openedAt = options.openedAt
    this.breaker = { state: 'open', cause: null, acceptedRatio: null, budget: options.budget, used: 0n }
    this.books.move(['cash_reserve'], ['capital'], options.capital)
  }

  onRisk(organisation: string): bigint {
    let sum = 0n
    for (const policy of this.policies.values())
      if (policy.organisation === organisation && isOnRisk(policy)) sum += policy.coverage
    return sum
  }

  /** What the bill of this month has so far: a refund makes that one smaller, and no other. */
  onBillOfMonth(organisation: string, now: number): bigint {
    const month = new Date(now)
    const start = Date.UTC(month.getUTCFullYear(), month.getUTCMonth())
    return this.events
      .filter((event) => event.organisation === organisation && event.occurredAt >= start)
      .filter(({ kind }) => kind === 'premium' || kind === 'certificates')
      .reduce((sum, { amount }) => sum + amount, 0n)
  }

  credit(organisation: string): bigint {
    return -this.books.of('customer_credit', organisation)
  }
}

export function isOnRisk({ status }: Pick<Policy, 'status'>): boolean {
  return status === 'bound' || status === 'active'
}

export function remaining(policy: Policy): bigint {
  return policy.coverage - policy.used - policy.reserved
}
