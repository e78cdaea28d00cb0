import type { Tier } from '../../schema/wire/money.ts'
import { fromCents } from '../money.ts'

/** The terms of a tier. Amounts are micro-USD. */
export interface TierTerms {
  readonly listPremium: bigint
  readonly coverage: bigint
  readonly days: number
  /** Hundredths: the certified score must be below it. Null: any. */
  readonly riskScoreBelow: number | null
  /** The most that a minute of downtime may be declared to cost. */
  readonly slaCostPerMinuteCap: bigint
}

const usd = (dollars: number) => fromCents(dollars * 100)

/** Every number of the product, in one place. Custom tiers are rows of `insurance_tiers`. */
export const DEFAULTS = {
  tiers: {
    basic: {
      listPremium: fromCents(10),
      coverage: usd(5_000),
      days: 30,
      riskScoreBelow: 500,
      slaCostPerMinuteCap: usd(500),
    },
    pro: {
      listPremium: fromCents(25),
      coverage: usd(25_000),
      days: 60,
      riskScoreBelow: 700,
      slaCostPerMinuteCap: usd(2_500),
    },
    enterprise: {
      listPremium: fromCents(50),
      coverage: usd(100_000),
      days: 90,
      riskScoreBelow: null,
      slaCostPerMinuteCap: usd(10_000),
    },
  } satisfies Record<Tier, TierTerms>,

  /** Incidents per policy, before anything is known: 2 %. Parts per billion. */
  baseFrequencyPpb: 20_000_000n,
  /** What an incident costs, before anything is known. */
  priorSeverity: usd(2_000),
  /** Premium over expected cost: 3/2, of which 30 % is margin and 20 % reserve. */
  loadNumerator: 3n,
  loadDenominator: 2n,
  minimumPremium: fromCents(5),

  initialCapital: usd(250_000),
  subsidyBudget: usd(50_000),
  /** Of each premium that is paid, what goes into the reserve: half. */
  reserveShareBp: 5_000n,
  certificateFee: fromCents(5),
  badgeProgramme: { price: usd(10_000), days: 365 },

  customerCap: usd(500_000),
  /** Of one organisation on one commit, on risk at a time: a deployment activates them in one transaction. */
  policiesPerCommit: 250,
  dayCap: usd(5_000_000),
  /** Of one claim, what is above this is the reinsurer's. */
  reinsuranceThreshold: usd(50_000),

  /** Ten-thousandths of earned premium and subsidy. */
  breaker: {
    minimumEarned: usd(10_000),
    restrictAtBp: 9_000,
    haltAtBp: 12_000,
    /** Restriction ends by itself only below this. */
    releaseBelowBp: 8_000,
    /** After a reopening the ratio must rise by this before it trips again. */
    reopenedMarginBp: 1_000,
  },

  claims: {
    automaticLimit: usd(1_000),
    /** Ten-thousandths; it must be above. */
    automaticConfidenceBp: 8_500,
    /** Of one customer in {@link automaticWindowDays}. */
    automaticCustomerLimit: usd(1_000),
    automaticWindowDays: 30,
    /** Above this two people decide. */
    twoPeopleAbove: usd(10_000),
  },
} as const
