import { createServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { callApi } from '../../../cli/api.ts'
import type { Connection } from '../../../cli/configuration.ts'
import { problemDocument } from '../../../schema/wire/problems.ts'
import { type ReceivedRequest, type ScriptedAnswer, startFakeNetwork } from './support.ts'

const REQUEST = {
  method: 'POST',
  path: '/v1/trust/verify',
  body: '{"a":1}',
  idempotencyKey: 'the-key',
  authorised: true,
} as const

async function network(answer: (request: ReceivedRequest, count: number) => ScriptedAnswer) {
  const server = await startFakeNetwork(answer)
  onTestFinished(() => server.close())
  return { server, connection: connectionTo(server.url) }
}

function connectionTo(baseUrl: string): Connection {
  return { baseUrl, apiKey: 'cr_live_secret', origin: 'from a test' }
}

const NOW = { 'retry-after': '0' }

describe('a request is repeated, with the same key and body', () => {
  it.each<[string, ScriptedAnswer]>([
    ['a connection that ends', { status: 0, hangUp: true }],
    ['503', { status: 503, json: problemDocument('database_unavailable', 'r'), headers: NOW }],
    ['502 without a problem', { status: 502, text: 'bad gateway', headers: NOW }],
    ['429', { status: 429, json: problemDocument('rate_limited', 'r'), headers: NOW }],
    ['409 in progress', { status: 409, json: problemDocument('request_in_progress', 'r'), headers: NOW }],
  ])('after %s', async (_name, first) => {
    const { server, connection } = await network((_request, count) =>
      count < 3 ? first : { status: 201, json: { done: true } },
    )
    const reports: string[] = []
    expect(await callApi(connection, REQUEST, (line) => reports.push(line))).toEqual({ done: true })
    expect(server.requests).toHaveLength(3)
    for (const request of server.requests) {
      expect(request.headers['idempotency-key']).toBe('the-key')
      expect(request.body).toBe('{"a":1}')
    }
    expect(reports).toHaveLength(2)
  })

  it('four times at most', async () => {
    const { server, connection } = await network(() => ({
      status: 503,
      json: problemDocument('core_unavailable', 'req_7'),
      headers: NOW,
    }))
    await expect(callApi(connection, REQUEST, () => {})).rejects.toMatchObject({
      exitCode: 3,
      code: 'core_unavailable',
      message: 'The core is not answering',
    })
    expect(server.requests).toHaveLength(4)
  })

  it('after as long as Retry-After says', async () => {
    const { connection } = await network((_request, count) =>
      count === 1 ? { status: 503, headers: { 'retry-after': '1' } } : { status: 200 },
    )
    const reports: string[] = []
    await callApi(connection, REQUEST, (line) => reports.push(line))
    expect(reports).toEqual(['the network answered 503 Service Unavailable; asking again in 1.0 s'])
  })
})

it('reports a failure without the control characters that an answer may have', async () => {
  const { connection } = await network((_request, count) =>
    count === 1
      ? { status: 503, headers: NOW, json: { title: '\u001b]0;x\u0007\u009b2Ja' } }
      : { status: 200 },
  )
  const reports: string[] = []
  await callApi(connection, REQUEST, (line) => reports.push(line))
  expect(reports).toEqual([']0;x2Ja; asking again in 0.0 s'])
})

describe('a request is not repeated', () => {
  it.each<[string, ScriptedAnswer]>([
    ['when the answer is a refusal', { status: 422, json: problemDocument('invalid_input', 'r') }],
    ['after another conflict', { status: 409, json: problemDocument('certificate_already_revoked', 'r') }],
    ['after 500', { status: 500, json: problemDocument('internal_error', 'r') }],
    ['when the wait would be long', { status: 503, headers: { 'retry-after': '3600' } }],
  ])('%s', async (_name, answer) => {
    const { server, connection } = await network(() => answer)
    await expect(callApi(connection, REQUEST, () => {})).rejects.toMatchObject({ exitCode: 3 })
    expect(server.requests).toHaveLength(1)
  })
})

it('sends the API key only where it is asked to', async () => {
  const { server, connection } = await network(() => ({ status: 200 }))
  await callApi(connection, { method: 'GET', path: '/a' }, () => {})
  await callApi(connection, { method: 'GET', path: '/b', authorised: true }, () => {})
  expect(server.requests.map((request) => request.headers.authorization)).toEqual([
    undefined,
    'Bearer cr_live_secret',
  ])
})

it('says which URL did not answer, and where that URL is from', async () => {
  const closed = createServer()
  const port = await new Promise<number>((resolve) => {
    closed.listen(0, '127.0.0.1', () => resolve((closed.address() as { port: number }).port))
  })
  await new Promise((resolve) => closed.close(resolve))
  const connection = connectionTo(`http://127.0.0.1:${port}`)
  await expect(callApi(connection, REQUEST, () => {})).rejects.toMatchObject({
    exitCode: 3,
    message: `http://127.0.0.1:${port} cannot be reached (ECONNREFUSED)`,
    details: ['This URL is from a test'],
  })
})

it('reads no answer without end', async () => {
  const { connection } = await network(() => ({ status: 200, text: ' '.repeat(9 * 1024 * 1024) }))
  await expect(callApi(connection, REQUEST, () => {})).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringContaining('larger than'),
  })
})
