/** An IP address as its bits. */
export interface Address {
  readonly version: 4 | 6
  readonly bits: bigint
}

/**
 * What is not the public internet, or leads around it (IANA's special-purpose registries, RFC 6890). Everything that is
 * IPv6 and not global unicast (2000::/3) is refused without being listed: `::`, `::1`, IPv4-mapped ones, NAT64
 * (64:ff9b::/96), fc00::/7, fe80::/10, ff00::/8 among them.
 */
const NOT_PUBLIC: Readonly<Record<Address['version'], readonly Range[]>> = {
  4: ranges(
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.0.0.0/24',
    '192.0.2.0/24',
    '192.31.196.0/24',
    '192.52.193.0/24',
    '192.88.99.0/24',
    '192.168.0.0/16',
    '192.175.48.0/24',
    '198.18.0.0/15',
    '198.51.100.0/24',
    '203.0.113.0/24',
    '224.0.0.0/4',
    '240.0.0.0/4',
  ),
  // Teredo and other protocol assignments, documentation, 6to4, AS112, documentation.
  6: ranges('2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'),
}
const GLOBAL_UNICAST = range('2000::/3')
const LOOPBACK: Readonly<Record<Address['version'], Range>> = { 4: range('127.0.0.0/8'), 6: range('::1/128') }

/** Whether the address is on the public internet. */
export function isPublicAddress(address: Address): boolean {
  if (address.version === 6 && !contains(GLOBAL_UNICAST, address)) return false
  return !NOT_PUBLIC[address.version].some((one) => contains(one, address))
}

export function isLoopbackAddress(address: Address): boolean {
  return contains(LOOPBACK[address.version], address)
}

/** @returns null for what is no address: four decimal numbers without leading zeros, or IPv6 without zone and brackets */
export function parseAddress(text: string): Address | null {
  return /^[0-9.]{7,15}$/.test(text) ? parseIpv4(text) : parseIpv6(text)
}

function parseIpv4(text: string): Address | null {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return null
  return { version: 4, bits: parts.reduce((bits, part) => (bits << 8n) | BigInt(part), 0n) }
}

/** `URL` has the parser (RFC 4291 §2.2) and writes every address in one way: groups in hex, at most one `::`. */
function parseIpv6(text: string): Address | null {
  const url = `http://[${text}]/`
  if (!/^[0-9a-f:.]{2,45}$/i.test(text) || !URL.canParse(url)) return null
  const [before, after] = new URL(url).hostname.slice(1, -1).split('::')
  const head = groups(before)
  const tail = groups(after)
  const all = [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail]
  return { version: 6, bits: all.reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n) }
}

function groups(text: string | undefined): string[] {
  return text ? text.split(':') : []
}

interface Range {
  readonly first: bigint
  /** How many bits after the prefix. */
  readonly free: bigint
}

function contains(one: Range, address: Address): boolean {
  return address.bits >> one.free === one.first >> one.free
}

function ranges(...texts: readonly string[]): Range[] {
  return texts.map(range)
}

/** @param text as `10.0.0.0/8` */
function range(text: string): Range {
  const [base, prefix] = text.split('/')
  const address = parseAddress(base!)!
  return { first: address.bits, free: BigInt((address.version === 4 ? 32 : 128) - Number(prefix)) }
}
