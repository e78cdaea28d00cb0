import { TIERS } from '../../schema/wire/money.ts'
import { DEFAULTS, type TierTerms } from './defaults.ts'
import type { InsuranceTierRow } from './rows.ts'

/** A tier that an organisation can buy. */
export interface TierOffer extends TierTerms {
  readonly name: string
  /** Whether the terms are the organisation's own. */
  readonly own: boolean
}

export const GENERAL_TIERS: readonly TierOffer[] = TIERS.map((name) => ({
  name,
  own: false,
  ...DEFAULTS.tiers[name],
}))

type OwnTerms = Omit<InsuranceTierRow, 'organisationId' | 'updatedAt'>

/** The general tiers and the organisation's own, cheapest first; its own terms of a general tier replace those. */
export function offeredTiers(own: readonly OwnTerms[]): TierOffer[] {
  const names = new Set(own.map(({ name }) => name))
  return [
    ...GENERAL_TIERS.filter(({ name }) => !names.has(name)),
    ...own.map((terms) => ({ ...terms, own: true })),
  ].sort(byPremium)
}

function byPremium(a: TierOffer, b: TierOffer): number {
  if (a.listPremium !== b.listPremium) return a.listPremium < b.listPremium ? -1 : 1
  return a.name < b.name ? -1 : 1
}
