import { type Address, isLoopbackAddress, isPublicAddress, parseAddress } from './addresses.ts'

/** Where webhooks may go, as far as the URL alone can tell: what its name resolves to is asked at each delivery. */
export interface Target {
  readonly url: URL
  /** To be resolved; null when the host is an address, or this very machine. */
  readonly name: string | null
}

export interface TargetRules {
  /** Development: `localhost` and loopback addresses, over http too. */
  readonly allowLoopback: boolean
}

export const MAX_WEBHOOK_URL_CHARACTERS = 2_048
const MAX_NAME_CHARACTERS = 253
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/
/** Names that no public resolver answers for, but a private one may (RFC 6761, RFC 6762, RFC 8375, ICANN SAC113). */
const PRIVATE_SUFFIXES = [
  'localhost',
  'localdomain',
  'local',
  'internal',
  'intranet',
  'private',
  'corp',
  'home',
  'lan',
  'arpa',
]

/** @returns why nothing is ever sent there, as the end of a sentence that begins with the URL; or where to */
export function readTarget(text: string, rules: TargetRules): Target | string {
  if (text.length > MAX_WEBHOOK_URL_CHARACTERS)
    return `is longer than ${MAX_WEBHOOK_URL_CHARACTERS} characters`
  // Decimal, octal and hexadecimal forms of IPv4 and full-width letters are undone by URL.
  if (!URL.canParse(text)) return 'is no URL'
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') return 'has a user name or a password'
  if (url.href.includes('#')) return 'has a fragment'
  const name = url.hostname.replace(/\.$/, '')
  const address = parseAddress(name.replace(/^\[|\]$/g, ''))
  const loopback = rules.allowLoopback && isLoopback(name, address)
  if (url.protocol !== 'https:' && !(loopback && url.protocol === 'http:')) return 'does not begin with https'
  if (loopback) return { url, name: null }
  if (address !== null) return isPublicAddress(address) ? { url, name: null } : 'is not a public address'
  if (!isPublicName(name)) return 'is not a public host name'
  url.hostname = name
  return { url, name }
}

function isLoopback(name: string, address: Address | null): boolean {
  return address === null ? /(?:^|\.)localhost$/.test(name) : isLoopbackAddress(address)
}

function isPublicName(name: string): boolean {
  const labels = name.split('.')
  return (
    name.length <= MAX_NAME_CHARACTERS &&
    labels.length > 1 &&
    labels.every((label) => LABEL.test(label)) &&
    !PRIVATE_SUFFIXES.includes(labels.at(-1)!)
  )
}
