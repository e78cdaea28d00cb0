import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { createSender, createWebhookSender } from '../../../../../workers/core/adapters/webhook-sender.ts'
import { startWebhookReceiver, type WebhookReceiver } from '../../../../support/webhook-receiver.ts'

interface DnsRecord {
  readonly name: string
  readonly type: number
  readonly TTL: number
  readonly data: string
}

const NAME = 'hooks.example.com'
const PUBLIC = '93.184.215.14'
const PUBLIC6 = '2606:4700:4700::1111'
const a = (data: string): DnsRecord => ({ name: `${NAME}.`, type: 1, TTL: 60, data })
const aaaa = (data: string): DnsRecord => ({ name: `${NAME}.`, type: 28, TTL: 60, data })
const cname = (data: string): DnsRecord => ({ name: `${NAME}.`, type: 5, TTL: 60, data })

let receiver: WebhookReceiver
let resolver: Server
let doh: string
/** By type of the question. */
let answers: Record<string, (response: ServerResponse) => void>
let questions: URL[]

beforeAll(async () => {
  receiver = await startWebhookReceiver()
  resolver = createServer((request, response) => {
    const url = new URL(request.url!, doh)
    questions.push(url)
    if (request.headers.accept !== 'application/dns-json') response.writeHead(406).end()
    else answers[url.searchParams.get('type')!]!(response)
  })
  await new Promise<void>((resolve) => resolver.listen(0, '127.0.0.1', resolve))
  doh = `http://127.0.0.1:${(resolver.address() as AddressInfo).port}/dns-query?client=coderisk`
})
afterAll(async () => {
  await receiver?.stop()
  resolver?.closeAllConnections()
  await new Promise((resolve) => resolver.close(resolve))
})
beforeEach(() => {
  questions = []
  receiver.behave({ status: 204 })
})
afterEach(() => vi.restoreAllMocks())

const json =
  (body: unknown, status = 200) =>
  (response: ServerResponse) =>
    response.writeHead(status, { 'content-type': 'application/dns-json' }).end(JSON.stringify(body))
const found = (...records: readonly DnsRecord[]) => json({ Status: 0, TC: false, Answer: records })
const nothing = json({ Status: 0, TC: false })

/** As the real one, but that the public internet is the receiver. */
const fetched: string[] = []
const sender = () =>
  createSender({
    allowLoopback: false,
    doh,
    fetcher: (input, init) => {
      const url = String(input)
      if (url.startsWith('http://127.0.0.1')) return fetch(url, init)
      fetched.push(url)
      return fetch(receiver.url, init)
    },
  })

const webhook = {
  headers: { 'content-type': 'application/json', 'webhook-id': 'msg_1' },
  body: '{"type":"x"}',
}
const send = (url = `https://${NAME}/`) => sender().send({ ...webhook, url })
/** An attempt that came to an end before anything was sent. */
const unsent = (error: string) => ({ status: null, error, durationMs: expect.any(Number) })

describe('a name', () => {
  test('is resolved to all of its addresses before each delivery', async () => {
    answers = { A: found(a(PUBLIC), a('1.1.1.1')), AAAA: found(aaaa(PUBLIC6)) }
    const before = receiver.received.length
    expect(await send()).toMatchObject({ status: 204, error: null })
    expect(await send('https://HOOKS.example.com.:8443/a?b')).toMatchObject({ status: 204, error: null })
    expect(fetched.slice(-2)).toEqual([`https://${NAME}/`, `https://${NAME}:8443/a?b`])
    expect(questions.map(({ search }) => search)).toEqual(
      ['A', 'AAAA', 'A', 'AAAA'].map((type) => `?client=coderisk&name=${NAME}&type=${type}`),
    )
    expect(receiver.received).toHaveLength(before + 2)
    expect(receiver.received.at(-1)).toMatchObject({
      id: 'msg_1',
      body: webhook.body,
      headers: { 'content-type': 'application/json' },
    })
  })

  test.each([
    ['only by IPv4', { A: found(a(PUBLIC)), AAAA: nothing }],
    ['only by IPv6', { A: nothing, AAAA: found(aaaa(PUBLIC6)) }],
    [
      'by aliases',
      {
        A: found(cname('a.example.net.'), { ...a(PUBLIC), name: 'a.example.net.' }),
        AAAA: found(cname('a.example.net.')),
      },
    ],
  ])('may be reached %s', async (_, records) => {
    answers = records
    expect(await send()).toMatchObject({ status: 204, error: null })
  })

  test.each([
    ['private', found(a('10.0.0.1')), nothing],
    ['loopback', found(a('127.0.0.1')), nothing],
    ['cloud metadata', found(a('169.254.169.254')), nothing],
    ['private beside a public one', found(a(PUBLIC), a('192.168.1.1')), nothing],
    ['private by IPv6 alone', found(a(PUBLIC)), found(aaaa('fd00::1'))],
    ['IPv4-mapped', found(a(PUBLIC)), found(aaaa('::ffff:10.0.0.1'))],
    ['behind NAT64', nothing, found(aaaa('64:ff9b::a00:1'))],
    ['private behind an alias', found(cname('in.example.net.'), a('172.16.0.1')), nothing],
  ])('that is %s is sent nothing', async (_, A, AAAA) => {
    answers = { A, AAAA }
    const before = receiver.received.length
    expect(await send()).toEqual(unsent('address_refused'))
    expect(receiver.received).toHaveLength(before)
  })

  test.each([
    ['is not there', json({ Status: 3, TC: false })],
    ['has no address', nothing],
    ['has an alias that leads nowhere', found(cname('gone.example.net.'))],
  ])('that %s is sent nothing', async (_, answer) => {
    answers = { A: answer, AAAA: answer }
    expect(await send()).toEqual(unsent('name_not_found'))
  })

  test.each([
    ['fails', json({ Status: 2, TC: false })],
    ['refuses', json({ Status: 5, TC: false, Answer: [a(PUBLIC)] })],
    ['answers 500', json({}, 500)],
    ['answers an error with an answer', json({ Status: 0, TC: false, Answer: [a(PUBLIC)] }, 400)],
    [
      'redirects',
      (response: ServerResponse) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(),
    ],
    ['answers with half of it', json({ Status: 0, TC: true, Answer: [a(PUBLIC)] })],
    ['answers with no JSON', (response: ServerResponse) => response.end('<html>')],
    ['answers with something else', json([PUBLIC])],
    ['answers without a status', json({ TC: false, Answer: [a(PUBLIC)] })],
    ['answers with too much', found(...Array.from({ length: 2_000 }, () => a(PUBLIC)))],
    ['breaks off', (response: ServerResponse) => response.destroy()],
  ])('is sent nothing when the resolver %s', async (_, answer) => {
    const before = receiver.received.length
    answers = { A: answer, AAAA: nothing }
    expect(await send()).toEqual(unsent('resolver_unavailable'))
    answers = { A: found(a(PUBLIC)), AAAA: answer }
    expect(await send()).toEqual(unsent('resolver_unavailable'))
    expect(receiver.received).toHaveLength(before)
  })

  test.each([
    ['answers with a name for an address', found(a('localhost'))],
    ['answers with an address in octal', found(a('0177.0.0.1'))],
    ['answers with an address of the other kind', found(a(PUBLIC6))],
    [
      'answers with a number for an address',
      json({ Status: 0, TC: false, Answer: [{ ...a(PUBLIC), data: 1 }] }),
    ],
  ])('is sent nothing when the resolver %s', async (_, answer) => {
    const before = receiver.received.length
    answers = { A: answer, AAAA: found(aaaa(PUBLIC6)) }
    expect(await send()).toEqual(unsent('resolver_unavailable'))
    expect(receiver.received).toHaveLength(before)
  })
})

/** Time limits are over at once; which ones were asked for is returned. */
function limitsAreOver(): number[] {
  const limits: number[] = []
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((milliseconds) => {
    limits.push(milliseconds)
    const controller = new AbortController()
    setTimeout(() => controller.abort(new DOMException('late', 'TimeoutError')), 50)
    return controller.signal
  })
  return limits
}

test('a resolver that does not answer is given up after 3 s', async () => {
  const limits = limitsAreOver()
  answers = { A: () => {}, AAAA: nothing }
  expect(await send()).toEqual(unsent('resolver_unavailable'))
  expect(limits).toEqual([3_000])
})

test('a receiver that does not answer is given up after 10 s', async () => {
  const limits = limitsAreOver()
  receiver.behave('hang')
  expect(await send(`https://${PUBLIC}/`)).toEqual(unsent('timeout'))
  expect(limits).toEqual([10_000])
})

describe('an address', () => {
  test.each([`https://${PUBLIC}/`, `https://[${PUBLIC6}]/`])('%s needs no resolver', async (url) => {
    expect(await send(url)).toMatchObject({ status: 204, error: null })
    expect(questions).toEqual([])
  })

  test.each([
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://10.0.0.1/',
    'https://localhost/',
    `http://${NAME}/`,
    `https://user:pass@${NAME}/`,
    'nonsense',
  ])('%s is sent nothing, and nobody is asked for it', async (url) => {
    const before = receiver.received.length
    expect(await send(url)).toEqual(unsent('address_refused'))
    expect(questions).toEqual([])
    expect(receiver.received).toHaveLength(before)
  })
})

describe('an answer', () => {
  test.each([
    [200, null],
    [201, null],
    [202, null],
    [204, null],
    [299, null],
    [300, 'redirected'],
    [304, 'redirected'],
    [400, 'refused'],
    [401, 'refused'],
    [404, 'refused'],
    [410, 'refused'],
    [429, 'refused'],
    [500, 'refused'],
    [503, 'refused'],
  ])('of %d comes to %s', async (status, error) => {
    receiver.behave({ status })
    expect(await send(`https://${PUBLIC}/`)).toMatchObject({ status, error })
  })

  test.each([301, 302, 303, 307, 308])('of %d is not followed', async (status) => {
    receiver.behave({ status, headers: { location: receiver.url } })
    const before = receiver.received.length
    expect(await send(`https://${PUBLIC}/`)).toMatchObject({ status, error: 'redirected' })
    expect(receiver.received).toHaveLength(before + 1)
  })

  test('that breaks off is none', async () => {
    receiver.behave('break')
    expect(await send(`https://${PUBLIC}/`)).toEqual(unsent('connection_failed'))
  })

  test('that never ends is not read', async () => {
    let cancelled = false
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(1_024)),
      cancel: () => {
        cancelled = true
      },
    })
    const fetcher = async () => new Response(endless, { status: 200 })
    const { send: sendEndless } = createSender({ allowLoopback: false, doh, fetcher })
    expect(await sendEndless({ ...webhook, url: `https://${PUBLIC}/` })).toMatchObject({
      status: 200,
      error: null,
    })
    expect(cancelled).toBe(true)
  })
})

describe('as the Worker makes it', () => {
  test('it allows loopback only when it is told to', async () => {
    const before = receiver.received.length
    for (const allow of [undefined, '', 'false', 'TRUE', '1']) {
      const strict = createWebhookSender(allow === undefined ? {} : { WEBHOOKS_ALLOW_LOOPBACK: allow })
      expect(strict.refuseUrl(receiver.url)).toBe('does not begin with https')
      expect(await strict.send({ ...webhook, url: receiver.url })).toEqual(unsent('address_refused'))
    }
    expect(receiver.received).toHaveLength(before)
    const development = createWebhookSender({ WEBHOOKS_ALLOW_LOOPBACK: 'true', DOH_URL: doh })
    expect(development.refuseUrl(receiver.url)).toBeNull()
    expect(await development.send({ ...webhook, url: receiver.url })).toMatchObject({
      status: 204,
      error: null,
    })
    expect(questions).toEqual([])
    answers = { A: found(a('127.0.0.1')), AAAA: nothing }
    expect(await development.send({ ...webhook, url: `https://${NAME}/` })).toEqual(unsent('address_refused'))
    expect(questions).toHaveLength(2)
  })

  test('it says of a URL why it is refused', () => {
    const { refuseUrl } = createWebhookSender({})
    expect(refuseUrl('https://hooks.example.com/')).toBeNull()
    expect(refuseUrl('https://10.0.0.1/')).toBe('is not a public address')
  })
})
