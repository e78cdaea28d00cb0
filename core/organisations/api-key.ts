import type { Random } from '../context.ts'
import { sha256, utf8 } from '../verify/encoding.ts'

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const SECRET_CHARACTERS = 30
const CHECKSUM_CHARACTERS = 6
const PATTERN = new RegExp(
  `^cr_(live|test)_([0-9A-Za-z]{${SECRET_CHARACTERS}})([0-9A-Za-z]{${CHECKSUM_CHARACTERS}})$`,
)
/** Bytes from here up would favour some characters: 256 is no multiple of 62. */
const UNBIASED_BELOW = 248
export const HINT_CHARACTERS = 12

/** `cr_live_` or `cr_test_`, 30 characters of base62 (178 bits), and the checksum that secret scanners need. */
export function generateApiKey(random: Random, livemode: boolean): string {
  let secret = ''
  while (secret.length < SECRET_CHARACTERS) {
    for (const byte of random.bytes(SECRET_CHARACTERS)) {
      if (byte < UNBIASED_BELOW && secret.length < SECRET_CHARACTERS) secret += BASE62[byte % 62]
    }
  }
  return `cr_${livemode ? 'live' : 'test'}_${secret}${checksum(secret)}`
}

/** Whether `text` has the form of a key and its checksum holds; tells typing errors without asking the database. */
export function isWellFormedApiKey(text: string): boolean {
  const match = PATTERN.exec(text)
  return match !== null && checksum(match[2]!) === match[3]
}

/** What is stored and looked up instead of the key. Keys are random, so a plain hash is enough. */
export function hashApiKey(key: string): Promise<Uint8Array<ArrayBuffer>> {
  return sha256(utf8(key))
}

/** CRC-32 (IEEE 802.3) of the secret, in base62. */
function checksum(secret: string): string {
  let crc = 0xffffffff
  for (const byte of utf8(secret)) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  let rest = (crc ^ 0xffffffff) >>> 0
  let text = ''
  for (let i = 0; i < CHECKSUM_CHARACTERS; i++) {
    text = BASE62[rest % 62] + text
    rest = Math.floor(rest / 62)
  }
  return text
}
