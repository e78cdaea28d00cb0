import { PRICING_MODES, type PricingMode } from '../../schema/wire/money.ts'
import { fromCents } from '../money.ts'
import { DEFAULTS } from './defaults.ts'

/** What an operator decides about cover. Amounts are micro-USD. */
export interface InsuranceSettings {
  readonly pricingMode: PricingMode
  /** Posted once, when the books are opened. */
  readonly initialCapital: bigint
  /** What the pilot may add to premiums in all, when the books are opened; reopening may raise it. */
  readonly subsidyBudget: bigint
  /** Of each certificate of a team. */
  readonly certificateFee: bigint
  /** Who holds the licence and bears the risk; null where the operator has named nobody. */
  readonly carrier: string | null
}

/** Variables of the core Worker, each of which may be absent. */
export interface InsuranceVariables {
  readonly PRICING_MODE?: string | undefined
  readonly INITIAL_CAPITAL_CENTS?: string | undefined
  readonly SUBSIDY_BUDGET_CENTS?: string | undefined
  readonly CERTIFICATE_FEE_CENTS?: string | undefined
  readonly CARRIER_NAME?: string | undefined
}

/** @throws {TypeError} when a variable cannot be read */
export function readInsuranceSettings(variables: InsuranceVariables): InsuranceSettings {
  const mode = variables.PRICING_MODE || 'pilot'
  if (!isPricingMode(mode)) throw new TypeError(`PRICING_MODE is ${PRICING_MODES.join(' or ')}`)
  return {
    pricingMode: mode,
    initialCapital: readCents('INITIAL_CAPITAL_CENTS', variables) ?? DEFAULTS.initialCapital,
    subsidyBudget: readCents('SUBSIDY_BUDGET_CENTS', variables) ?? DEFAULTS.subsidyBudget,
    certificateFee: readCents('CERTIFICATE_FEE_CENTS', variables) ?? DEFAULTS.certificateFee,
    carrier: variables.CARRIER_NAME?.trim() || null,
  }
}

function isPricingMode(mode: string): mode is PricingMode {
  return (PRICING_MODES as readonly string[]).includes(mode)
}

function readCents(name: keyof InsuranceVariables, variables: InsuranceVariables): bigint | null {
  const text = variables[name]
  if (!text) return null
  if (!/^\d{1,15}$/.test(text)) throw new TypeError(`${name} is a whole number of cents`)
  return fromCents(Number(text))
}
