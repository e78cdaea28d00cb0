/**
 * Amounts of money: `bigint` micro-USD inside, whole cents on the wire. A cent is 10,000 micro-USD. Never a float.
 */

export const MICROS_PER_CENT = 10_000n

/** @param cents whole cents, as the wire has them @throws {RangeError} for what is no safe integer */
export function fromCents(cents: number): bigint {
  if (!Number.isSafeInteger(cents)) throw new RangeError('not a whole number of cents')
  return BigInt(cents) * MICROS_PER_CENT
}

/** Whole cents, rounded half-even: for the edge of the ledger and nowhere else. @throws {RangeError} beyond 2^53 cents */
export function toCents(amount: bigint): number {
  const cents = Number(divideHalfEven(amount, MICROS_PER_CENT))
  if (!Number.isSafeInteger(cents)) throw new RangeError('too much money')
  return cents
}

/** The amount in micro-USD, rounded half-even to a whole cent. */
export function roundToCents(amount: bigint): bigint {
  return divideHalfEven(amount, MICROS_PER_CENT) * MICROS_PER_CENT
}

/** `dividend / divisor` to the nearest integer, ties to the even one (IEEE 754 roundTiesToEven). @param divisor positive */
export function divideHalfEven(dividend: bigint, divisor: bigint): bigint {
  const quotient = floorDivide(dividend, divisor)
  const twice = 2n * (dividend - quotient * divisor)
  if (twice > divisor || (twice === divisor && quotient % 2n !== 0n)) return quotient + 1n
  return quotient
}

/** ⌊dividend / divisor⌋, for negative dividends too. @param divisor positive */
export function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor
  return dividend % divisor < 0n ? quotient - 1n : quotient
}

export function minimum(first: bigint, ...rest: readonly bigint[]): bigint {
  return rest.reduce((least, amount) => (amount < least ? amount : least), first)
}

export function maximum(first: bigint, ...rest: readonly bigint[]): bigint {
  return rest.reduce((most, amount) => (amount > most ? amount : most), first)
}

/** `$1,234.50`, for texts that people read; a fraction of a cent is rounded half-even. */
export function formatUsd(amount: bigint): string {
  const cents = divideHalfEven(amount < 0n ? -amount : amount, MICROS_PER_CENT)
  const dollars = (cents / 100n).toString().replace(/\B(?=(\d{3})+$)/g, ',')
  return `${amount < 0n && cents > 0n ? '-' : ''}$${dollars}.${(cents % 100n).toString().padStart(2, '0')}`
}
