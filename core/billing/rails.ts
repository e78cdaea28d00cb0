import type { PaymentRailName } from '../../schema/wire/money.ts'
import type { Outside } from '../back-office/outside.ts'
import { embeddedRail } from './embedded-rail.ts'
import { type PaymentRail, RailUnavailable } from './rail.ts'

/**
 * The rail that `begun` names: what was begun on one rail ends there, since nothing else knows whether it happened. The
 * embedded one is always here.
 *
 * @throws {RailUnavailable} when it is one that the network has no key for any more
 */
export function railOf(outside: Outside, begun: PaymentRailName | null): PaymentRail {
  if (begun === null || begun === outside.rail.name) return outside.rail
  if (begun === embeddedRail.name) return embeddedRail
  throw new RailUnavailable(`${begun} is not set up`)
}
