import type { PaymentRailName } from '../../schema/wire/money.ts'
import type { Context } from '../context.ts'

/** A customer, as a rail knows it. */
export interface RailCustomer {
  readonly organisationId: string
  /** The rail's id. */
  readonly customer: string
}

/** What a customer's balance at the rail gains, or loses. */
export interface BalanceChange extends RailCustomer {
  /** The same at every attempt: a payout's id, or a billing event's. */
  readonly key: string
  /** Whole cents: a credit is positive, what is taken back negative. */
  readonly cents: number
  readonly description: string
  /** No attempt was made before. */
  readonly since: Date
}

export interface Usage extends RailCustomer {
  readonly key: string
  readonly kind: 'premium' | 'certificates'
  /** Whole cents; negative where a premium goes back. */
  readonly cents: number
  readonly at: Date
}

/**
 * How money moves. Implementations: Stripe, and the embedded one that keeps everything in the database. Called outside of any
 * transaction. Every call may have happened although it failed, so each takes a key that is the same at every attempt.
 *
 * Each call throws {@link RailUnavailable} or {@link RailRefused}.
 */
export interface PaymentRail {
  readonly name: PaymentRailName
  /** Makes the customer, or finds the one that was made with this organisation's id. */
  ensureCustomer(ctx: Context, organisation: { id: string; name: string }): Promise<string>
  /** Tells of usage to be billed (Stripe: a meter event, `identifier` = key). A rail may forget the key after a day. */
  reportUsage(ctx: Context, usage: Usage): Promise<void>
  /** Changes the customer's balance. A rail may forget the key after a day. @returns the rail's id of the change */
  credit(ctx: Context, change: BalanceChange): Promise<string>
  /** The rail's id of the change that was made with this key, however long ago; null if there is none. */
  findCredit(ctx: Context, change: BalanceChange): Promise<string | null>
  /** A link to where the customer sees and pays bills; null where the rail has no such place. */
  portalLink(ctx: Context, customer: RailCustomer & { readonly returnUrl: string }): Promise<string | null>
}

/** What a rail throws when it is not known whether the call happened, or when it may go well later. */
export class RailUnavailable extends Error {
  override readonly name = 'RailUnavailable'
  /** Whether it may have happened all the same. */
  readonly uncertain: boolean
  constructor(message: string, options: { cause?: unknown; uncertain?: boolean } = {}) {
    super(message, { cause: options.cause })
    this.uncertain = options.uncertain ?? true
  }
}

/** What a rail throws when the call did not happen and never will as it is. `code` is the rail's own. */
export class RailRefused extends Error {
  override readonly name = 'RailRefused'
  readonly code: string
  constructor(code: string, options: { cause?: unknown } = {}) {
    super(code, options)
    this.code = code
  }
}
