import { BlockList } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isLoopbackAddress, isPublicAddress, parseAddress } from '../../../../core/notifications/addresses.ts'

const isPublic = (text: string) => isPublicAddress(parseAddress(text)!)

describe('public', () => {
  test.each([
    '1.1.1.1',
    '9.255.255.255',
    '11.0.0.0',
    '93.184.215.14',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.0',
    '169.253.255.255',
    '169.255.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.0.1.0',
    '192.167.255.255',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '2001:200::1',
    '2606:4700:4700::1111',
    '2a00:1450:4001:81b::200e',
  ])('%s', (text) => {
    expect(isPublic(text)).toBe(true)
  })
})

describe('not public', () => {
  test.each([
    ['this host', '0.0.0.0'],
    ['this network', '0.255.255.255'],
    ['private', '10.0.0.0'],
    ['private', '10.255.255.255'],
    ['carrier-grade NAT', '100.64.0.0'],
    ['carrier-grade NAT', '100.127.255.255'],
    ['loopback', '127.0.0.1'],
    ['loopback', '127.255.255.255'],
    ['cloud metadata', '169.254.169.254'],
    ['private', '172.16.0.0'],
    ['private', '172.31.255.255'],
    ['protocol assignments', '192.0.0.8'],
    ['documentation', '192.0.2.1'],
    ['6to4 relays', '192.88.99.1'],
    ['private', '192.168.255.255'],
    ['benchmarks', '198.18.0.0'],
    ['benchmarks', '198.19.255.255'],
    ['documentation', '198.51.100.1'],
    ['documentation', '203.0.113.1'],
    ['multicast', '224.0.0.1'],
    ['multicast', '239.255.255.255'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['unspecified', '::'],
    ['loopback', '::1'],
    ['IPv4-compatible', '::10.0.0.1'],
    ['IPv4-mapped', '::ffff:10.0.0.1'],
    ['IPv4-mapped, of a public one', '::ffff:1.1.1.1'],
    ['IPv4-mapped, in hex', '::ffff:7f00:1'],
    ['NAT64', '64:ff9b::a00:1'],
    ['NAT64', '64:ff9b::169.254.169.254'],
    ['local NAT64', '64:ff9b:1::1'],
    ['discard-only', '100::1'],
    ['Teredo', '2001::1'],
    ['ORCHID', '2001:20::1'],
    ['documentation', '2001:db8::1'],
    ['6to4', '2002:a00:1::1'],
    ['documentation', '3fff::1'],
    ['segment routing', '5f00::1'],
    ['unique local', 'fc00::1'],
    ['unique local', 'fd12:3456:789a::1'],
    ['link-local', 'fe80::1'],
    ['site-local', 'fec0::1'],
    ['multicast', 'ff02::1'],
  ])('%s: %s', (_, text) => {
    expect(isPublic(text)).toBe(false)
  })
})

test.each([
  ['127.0.0.1', true],
  ['127.200.0.1', true],
  ['::1', true],
  ['126.0.0.1', false],
  ['::2', false],
  ['::ffff:127.0.0.1', false],
])('%s is loopback: %s', (text, loopback) => {
  expect(isLoopbackAddress(parseAddress(text)!)).toBe(loopback)
})

test.each([
  '',
  ':',
  '1.1.1',
  '1.1.1.1.1',
  '1.1.1.256',
  '01.1.1.1',
  '1.1.1.1 ',
  '0x7f.0.0.1',
  '2130706433',
  '1:2:3:4:5:6:7',
  '1::2::3',
  '::g',
  '[::1]',
  'fe80::1%eth0',
  'fe80::1%25eth0',
  '::1/128',
  'example.com',
  'a.b',
  '１.1.1.1',
])('%j is no address', (text) => {
  expect(parseAddress(text)).toBeNull()
})

/** Node's own reading of addresses and ranges, to compare with. */
const refused = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  refused.addSubnet(network, prefix, 'ipv4')
const refused6 = new BlockList()
for (const [network, prefix] of [
  ['::', 3],
  ['4000::', 2],
  ['8000::', 1],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
] as const)
  refused6.addSubnet(network, prefix, 'ipv6')

/** Half of them near a border. */
const bytes = (borders: readonly number[]) => fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 255, ...borders))

test('IPv4 is judged as another implementation judges it', () => {
  const first = bytes([9, 10, 11, 100, 126, 127, 128, 169, 172, 192, 198, 203, 223, 224, 239, 240])
  const second = bytes([0, 2, 15, 16, 17, 18, 19, 20, 31, 32, 51, 63, 64, 88, 127, 128, 168, 175, 254])
  const third = bytes([2, 48, 99, 100, 113, 193, 196])
  fc.assert(
    fc.property(first, second, third, fc.nat(255), (...parts) => {
      const text = parts.join('.')
      expect(isPublic(text), text).toBe(!refused.check(text, 'ipv4'))
    }),
    { numRuns: 5_000 },
  )
})

test('IPv6 is judged as another implementation judges it, however it is written', () => {
  const group = fc.oneof(fc.nat(0xffff), fc.constantFrom(0, 1, 0xffff))
  const head = fc.constantFrom(
    0,
    0x64,
    0x100,
    0x1fff,
    0x2000,
    0x2001,
    0x2002,
    0x2620,
    0x3ffe,
    0x3fff,
    0x4000,
    0xfc00,
    0xfe80,
  )
  const second = fc.constantFrom(0, 1, 0x1ff, 0x200, 0xdb7, 0xdb8, 0xdb9, 0xfff, 0x1000, 0x4f, 0xff9b)
  const all = fc.tuple(
    fc.oneof(head, group),
    fc.oneof(second, group),
    ...Array.from({ length: 6 }, () => group),
  )
  fc.assert(
    fc.property(all, fc.boolean(), (parts, upper) => {
      const long = parts.map((part) => part.toString(16).padStart(4, '0')).join(':')
      const text = upper ? long.toUpperCase() : long
      const short = new URL(`http://[${long}]/`).hostname.slice(1, -1)
      expect(isPublic(text), text).toBe(!refused6.check(long, 'ipv6'))
      expect(parseAddress(short)).toEqual(parseAddress(text))
    }),
    { numRuns: 5_000 },
  )
})

test('no text makes the parser throw, and what it takes is within its bits', () => {
  const text = fc.oneof(
    fc.string(),
    fc.ipV4Extended(),
    fc.ipV4(),
    fc.ipV6(),
    fc.stringMatching(/^[0-9a-f:.]{0,48}$/),
  )
  fc.assert(
    fc.property(text, (one) => {
      const address = parseAddress(one)
      if (address === null) return
      expect(address.bits).toBeGreaterThanOrEqual(0n)
      expect(address.bits).toBeLessThan(1n << (address.version === 4 ? 32n : 128n))
    }),
    { numRuns: 2_000 },
  )
})
