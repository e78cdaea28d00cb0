import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isPublicAddress, parseAddress } from '../../../../core/notifications/addresses.ts'
import { readTarget } from '../../../../core/notifications/target.ts'

const strict = { allowLoopback: false }
const development = { allowLoopback: true }

describe('may be sent to', () => {
  test.each([
    ['https://hooks.example.com/coderisk?a=1', 'https://hooks.example.com/coderisk?a=1', 'hooks.example.com'],
    ['https://hooks.example.com:8443/', 'https://hooks.example.com:8443/', 'hooks.example.com'],
    ['https://HOOKS.Example.com.', 'https://hooks.example.com/', 'hooks.example.com'],
    ['https://bücher.example/', 'https://xn--bcher-kva.example/', 'xn--bcher-kva.example'],
    ['https://localhost.example.com/', 'https://localhost.example.com/', 'localhost.example.com'],
    ['https://127.0.0.1.example.com/', 'https://127.0.0.1.example.com/', '127.0.0.1.example.com'],
    ['https://1.1.1.1/', 'https://1.1.1.1/', null],
    ['https://[2606:4700:4700::1111]/', 'https://[2606:4700:4700::1111]/', null],
    ['https://@hooks.example.com/', 'https://hooks.example.com/', 'hooks.example.com'],
  ])('%s', (text, href, name) => {
    const target = readTarget(text, strict)
    if (typeof target === 'string') throw new Error(target)
    expect([target.url.href, target.name]).toEqual([href, name])
  })
})

describe('is refused', () => {
  test.each([
    ['nonsense', 'is no URL'],
    ['', 'is no URL'],
    ['//hooks.example.com/', 'is no URL'],
    ['https://', 'is no URL'],
    ['https://[fe80::1%25eth0]/', 'is no URL'],
    ['https://1.2.3.4.5/', 'is no URL'],
    ['https://256.1.1.1/', 'is no URL'],
    [`https://hooks.example.com/${'a'.repeat(2_048)}`, 'is longer than 2048 characters'],
    ['http://hooks.example.com/', 'does not begin with https'],
    ['ftp://hooks.example.com/', 'does not begin with https'],
    ['javascript:alert(1)', 'does not begin with https'],
    ['https://user@hooks.example.com/', 'has a user name or a password'],
    ['https://user:secret@hooks.example.com/', 'has a user name or a password'],
    ['https://hooks.example.com@10.0.0.1/', 'has a user name or a password'],
    ['https://hooks.example.com/#a', 'has a fragment'],
    ['https://hooks.example.com/#', 'has a fragment'],
    ['https://localhost/', 'is not a public host name'],
    ['https://localhost./', 'is not a public host name'],
    ['https://LOCALHOST/', 'is not a public host name'],
    ['https://a.localhost/', 'is not a public host name'],
    ['https://printer.local/', 'is not a public host name'],
    ['https://metadata.google.internal/', 'is not a public host name'],
    ['https://router.home.arpa/', 'is not a public host name'],
    ['https://intranet/', 'is not a public host name'],
    ['https://a..example.com/', 'is not a public host name'],
    ['https://-a.example.com/', 'is not a public host name'],
    [`https://${'a'.repeat(64)}.example.com/`, 'is not a public host name'],
    [`https://${'a.'.repeat(127)}example.com/`, 'is not a public host name'],
    ['https://10.0.0.1/', 'is not a public address'],
    ['https://10.0.0.1./', 'is not a public address'],
    ['https://127.1/', 'is not a public address'],
    ['https://2130706433/', 'is not a public address'],
    ['https://0x7f000001/', 'is not a public address'],
    ['https://0177.0.0.1/', 'is not a public address'],
    ['https://0/', 'is not a public address'],
    ['https://１２７.0.0.1/', 'is not a public address'],
    ['https://127。0。0。1/', 'is not a public address'],
    ['https://%31%30.0.0.1/', 'is not a public address'],
    ['https://169.254.169.254/latest/meta-data/', 'is not a public address'],
    ['https://[::1]/', 'is not a public address'],
    ['https://[::]/', 'is not a public address'],
    ['https://[::ffff:10.0.0.1]/', 'is not a public address'],
    ['https://[0:0:0:0:0:ffff:7f00:1]/', 'is not a public address'],
    ['https://[fd00::1]/', 'is not a public address'],
  ])('%s, which %s', (text, reason) => {
    expect(readTarget(text, strict)).toBe(reason)
  })
})

describe('in development', () => {
  test.each([
    'http://localhost:3000/',
    'http://localhost./',
    'https://localhost/',
    'http://a.localhost/',
    'http://127.0.0.1:8080/hooks',
    'http://127.9.9.9/',
    'http://2130706433/',
    'http://[::1]:8080/',
  ])('%s may be sent to without being resolved', (text) => {
    expect(readTarget(text, development)).toMatchObject({ name: null })
  })

  test.each([
    ['http://hooks.example.com/', 'does not begin with https'],
    ['http://10.0.0.1/', 'does not begin with https'],
    ['https://10.0.0.1/', 'is not a public address'],
    ['https://[::ffff:127.0.0.1]/', 'is not a public address'],
    ['https://printer.local/', 'is not a public host name'],
    ['ftp://localhost/', 'does not begin with https'],
    ['http://user@localhost/', 'has a user name or a password'],
  ])('%s still %s', (text, reason) => {
    expect(readTarget(text, development)).toBe(reason)
  })
})

test('an IPv4 address is judged alike in every form that a URL may write it in', () => {
  const forms = (bits: number) => [
    String(bits),
    `0x${bits.toString(16)}`,
    `0${bits.toString(8)}`,
    `${bits >>> 24}.${bits & 0xffffff}`,
    `${bits >>> 24}.${(bits >>> 16) & 0xff}.0x${(bits & 0xffff).toString(16)}`,
    [24, 16, 8, 0].map((shift) => (bits >>> shift) & 0xff).join('.'),
    `${[24, 16, 8, 0].map((shift) => `0${((bits >>> shift) & 0xff).toString(8)}`).join('.')}.`,
  ]
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffffff }), (bits) => {
      const plain = forms(bits)[5]!
      const wanted = isPublicAddress(parseAddress(plain)!) ? null : 'is not a public address'
      for (const form of forms(bits)) {
        const target = readTarget(`https://${form}/`, strict)
        expect(typeof target === 'string' ? target : target.name, form).toBe(wanted)
      }
    }),
    { numRuns: 1_000 },
  )
})

test('no text makes it throw; what passes is https, without credentials, with a name to resolve or a public address', () => {
  const text = fc.oneof(
    fc.string(),
    fc.webUrl({ withFragments: true, withQueryParameters: true }),
    fc
      .tuple(fc.constantFrom('https://', 'http://', 'https:', ''), fc.string(), fc.string())
      .map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(text, (one) => {
      const target = readTarget(one, strict)
      if (typeof target === 'string') return
      const { url, name } = target
      expect(url.protocol + url.username + url.password + url.hash).toBe('https:')
      if (name === null) expect(isPublicAddress(parseAddress(url.hostname.replace(/[[\]]/g, ''))!)).toBe(true)
      else expect(url.hostname).toBe(name)
    }),
    { numRuns: 2_000 },
  )
})
