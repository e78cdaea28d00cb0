/** The closed vocabularies of insurance and its books, free of any library. */

/** The chart of accounts; `core/ledger/accounts.ts` says of each what it is. */
export const ACCOUNTS = [
  'cash_operating',
  'cash_reserve',
  'premium_receivable',
  'reinsurance_recoverable',
  'claim_clawback',
  'unearned_premium',
  'case_reserve',
  'ibnr',
  'claims_payable',
  'customer_credit',
  'reinsurance_payable',
  'deferred_revenue',
  'capital',
  'earned_premium',
  'certificate_revenue',
  'badge_revenue',
  'claims_incurred',
  'reinsurers_share',
  'subsidy_budget',
] as const
export type Account = (typeof ACCOUNTS)[number]

const crockford16 = '[0-9a-hjkmnp-tv-z]{16}'
/** `INS-YYYY-` and 16 characters of Crockford base32, as certificates have them. */
export const POLICY_ID_PATTERN = new RegExp(`^INS-\\d{4}-${crockford16}$`)
export const CLAIM_ID_PATTERN = new RegExp(`^CLM-\\d{4}-${crockford16}$`)
export const INCIDENT_ID_PATTERN = new RegExp(`^INC-\\d{4}-${crockford16}$`)
/** Where a provider's webhooks arrive. */
export const INTEGRATION_ID_PATTERN = new RegExp(`^int_${crockford16}$`)
/** Where the network's webhooks go. */
export const WEBHOOK_ENDPOINT_ID_PATTERN = new RegExp(`^whe_${crockford16}$`)
export const WEBHOOK_DELIVERY_ID_PATTERN = new RegExp(`^dlv_${crockford16}$`)
export const INVOICE_ID_PATTERN = new RegExp(`^inv_${crockford16}$`)

export const CURRENCY = 'usd'

/** The tiers that everyone can buy; an organisation may have others of its own. */
export const TIERS = ['basic', 'pro', 'enterprise'] as const
export type Tier = (typeof TIERS)[number]

/**
 * `technical` charges the greater of list and technical premium; `pilot` charges the list premium and posts the
 * difference, per policy, to a subsidy budget.
 */
export const PRICING_MODES = ['pilot', 'technical'] as const
export type PricingMode = (typeof PRICING_MODES)[number]

/** `quoted` is never stored; `bound` and `active` are on risk; the rest are final. */
export const POLICY_STATUSES = [
  'quoted',
  'bound',
  'active',
  'expired',
  'exhausted',
  'cancelled',
  'voided',
] as const
export type PolicyStatus = (typeof POLICY_STATUSES)[number]

export const CLAIM_STATUSES = [
  'filed',
  'auto_approved',
  'in_review',
  'withdrawn',
  'approved',
  'denied',
  'payout_pending',
  'paid',
  'disputed',
  'upheld',
  'adjusted',
  'reversed',
  'closed',
] as const
export type ClaimStatus = (typeof CLAIM_STATUSES)[number]

/** Why a claim was not approved by itself. */
export const REVIEW_REASONS = [
  'amount_above_automatic_limit',
  'confidence_too_low',
  'no_fact_from_provider',
  'fact_refuted',
  'signals_do_not_agree',
  'commit_not_bound_by_ci',
  'customer_automatic_limit_reached',
  'filed_by_customer',
  'loss_shared_with_another_policy',
  'overlaps_another_incident',
] as const
export type ReviewReason = (typeof REVIEW_REASONS)[number]

/** `open` binds all; `restricted` binds low risk only; `halted` binds nothing. Valid claims are always paid. */
export const BREAKER_STATES = ['open', 'restricted', 'halted'] as const
export type BreakerState = (typeof BREAKER_STATES)[number]
export const BREAKER_CAUSES = ['loss_ratio', 'reserve_short', 'subsidy_spent', 'operator'] as const
export type BreakerCause = (typeof BREAKER_CAUSES)[number]

/** Whose webhooks come in, by the path under `/webhooks/`. `deploy` and `incident` are the generic ones. */
export const PROVIDERS = ['github', 'sentry', 'datadog', 'pagerduty', 'deploy', 'incident'] as const
export type Provider = (typeof PROVIDERS)[number]

/**
 * What the provider's own API said of what its webhook told: not asked yet; as told; otherwise; the API could not be
 * asked, for want of a token or an answer.
 */
export const FACT_STATES = ['pending', 'confirmed', 'refuted', 'unavailable'] as const
export type FactState = (typeof FACT_STATES)[number]

/** What points from an incident to a commit. */
export const SIGNAL_KINDS = ['deploy_window', 'release_sha', 'stack_frames', 'revert'] as const
export type SignalKind = (typeof SIGNAL_KINDS)[number]

/** What outgoing webhooks tell. */
export const WEBHOOK_EVENT_TYPES = [
  'policy.bound',
  'policy.activated',
  'policy.expired',
  'policy.exhausted',
  'policy.cancelled',
  'policy.voided',
  'incident.opened',
  'incident.resolved',
  'claim.filed',
  'claim.in_review',
  'claim.approved',
  'claim.denied',
  'claim.withdrawn',
  'claim.paid',
  'claim.disputed',
  'claim.resolved',
  'webhook.test',
] as const
export type WebhookEventType = (typeof WEBHOOK_EVENT_TYPES)[number]

export const PAYMENT_RAILS = ['ledger', 'stripe'] as const
export type PaymentRailName = (typeof PAYMENT_RAILS)[number]

/** What every page, quote and report says of the cover. @param carrier `CARRIER_NAME`, null where it names nobody */
export function coverNotice(carrier: string | null): string {
  return carrier === null
    ? 'Cover on this network is not licensed insurance. Its operator needs an insurance licence or a licensed carrier, and has named none (CARRIER_NAME).'
    : `The carrier of cover on this network is ${carrier}. The network itself is no licensed insurer; its operator needs a licence or that carrier.`
}
