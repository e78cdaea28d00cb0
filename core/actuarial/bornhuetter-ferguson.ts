/**
 * What will have been incurred in the end: what is there, and of what was expected before anything was known, the share
 * that is still to come (Bornhuetter & Ferguson, "The Actuary and IBNR", PCAS 59, 1972). Little data moves it little, where
 * the chain ladder would multiply it.
 *
 * @param observed cumulative, until now
 * @param expected the whole, before anything was known
 * @param developed 0 to 1: the share that is there by now in other cases
 */
export function bornhuetterFerguson(observed: number, expected: number, developed: number): number {
  return observed + expected * (1 - Math.min(1, Math.max(0, developed)))
}
