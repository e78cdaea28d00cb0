import type { Random } from './context.ts'
import { sha256, utf8 } from './verify/encoding.ts'

/** Crockford's base32 alphabet, lower case: no i, l, o, u. */
const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz'
const RANDOM_CHARACTERS = 16

/** The first 80 bits of a SHA-256, in the same form: the same text always has the same one. */
export async function derivedIdentifier(text: string): Promise<string> {
  const hash = await sha256(utf8(text))
  return identifierOf(hash.subarray(0, RANDOM_CHARACTERS))
}

/** 80 random bits in 16 characters: cannot be guessed or enumerated. */
export function randomIdentifier(random: Random): string {
  return identifierOf(random.bytes(RANDOM_CHARACTERS))
}

/** Five bits of each byte. */
function identifierOf(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += CROCKFORD[byte & 31]
  return text
}
