import type { Random } from './context.ts'

/** Crockford's base32 alphabet, lower case: no i, l, o, u. */
const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz'
const RANDOM_CHARACTERS = 16

/** 80 random bits in 16 characters: cannot be guessed or enumerated. */
export function randomIdentifier(random: Random): string {
  let text = ''
  for (const byte of random.bytes(RANDOM_CHARACTERS)) text += CROCKFORD[byte & 31]
  return text
}
