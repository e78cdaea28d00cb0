import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { httpReader } from '../../../../cli/log/http.ts'
import { ReadFailure } from '../../../../cli/log/objects.ts'
import { utf8 } from '../../../../core/verify/index.ts'
import { type Intervention, serveLog } from './log-server.ts'

const OBJECTS = new Map([
  ['tile/0/000', new Uint8Array(8192).fill(7)],
  ['checkpoint', utf8('text')],
])

async function open(intervene?: Intervention) {
  const server = await serveLog(OBJECTS, intervene)
  onTestFinished(() => server.close())
  const lines: string[] = []
  return { server, lines, read: httpReader(server.url, (line) => lines.push(line)) }
}

it('reads an object, and null where there is none', async () => {
  const { read, server } = await open()
  expect(await read('tile/0/000', 8192)).toEqual(OBJECTS.get('tile/0/000'))
  expect(await read('tile/0/001', 8192)).toBeNull()
  expect(server.requests).toEqual(['tile/0/000', 'tile/0/001'])
})

it('takes what is gone for what is not there', async () => {
  const { read } = await open((_path, response) => Boolean(response.writeHead(410).end()))
  expect(await read('tile/0/000', 8192)).toBeNull()
})

it('undoes compression', async () => {
  const { read } = await open((_path, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('hello'))
    return true
  })
  expect(await read('tile/entries/000', 100)).toEqual(utf8('hello'))
})

it.each([
  ['as it is', (bytes: Uint8Array) => bytes, {}],
  ['compressed', gzipSync, { 'content-encoding': 'gzip' }],
])('stops reading what is larger than it may be, %s', async (_name, encode, headers) => {
  let [sent, ended] = [0, false]
  const { read } = await open((_path, response) => {
    response.writeHead(200, headers)
    response.on('close', () => {
      ended = true
    })
    const chunk = encode(new Uint8Array(1_000_000))
    const write = () => {
      if (ended || sent >= 10_000) return
      sent++
      if (response.write(chunk)) setImmediate(write)
      else response.once('drain', write)
    }
    write()
    return true
  })
  expect(await read('tile/0/000', 8192)).toHaveLength(8193)
})

describe('tries again', () => {
  it.each([500, 502, 503, 504, 429, 408])('after HTTP %i', async (status) => {
    let asked = 0
    const { read, lines } = await open((_path, response) => {
      if (++asked > 2) return false
      response.writeHead(status, { 'retry-after': '0' }).end()
      return true
    })
    expect(await read('checkpoint', 100)).toEqual(utf8('text'))
    expect(lines).toHaveLength(2)
    expect(lines[0]).toContain(`HTTP ${status}`)
  })

  it('after a connection that ended in the middle', async () => {
    let asked = 0
    const { read } = await open((_path, response) => {
      if (++asked > 1) return false
      response.writeHead(200, { 'content-length': '8192' })
      response.write('x')
      setTimeout(() => response.destroy(), 20)
      return true
    })
    expect(await read('checkpoint', 8192)).toEqual(utf8('text'))
  })

  it('but not for ever', async () => {
    const { read, server } = await open((_path, response) => {
      response.writeHead(503, { 'retry-after': '0' }).end()
      return true
    })
    await expect(read('checkpoint', 100)).rejects.toThrow(ReadFailure)
    expect(server.requests).toHaveLength(5)
  })

  it.each([
    [403, {}, 'HTTP 403'],
    [301, { location: 'https://elsewhere.example/log' }, 'redirects to https://elsewhere.example/log'],
    [503, { 'retry-after': '3600' }, 'HTTP 503'],
  ])('and not at all after HTTP %i with %j', async (status, headers, words) => {
    const { read, server } = await open((_path, response) =>
      Boolean(response.writeHead(status, headers).end()),
    )
    await expect(read('checkpoint', 100)).rejects.toThrow(words)
    expect(server.requests).toHaveLength(1)
  })
})

it('cannot read from where nobody listens', async () => {
  const { read, server } = await open()
  await server.close()
  await expect(read('checkpoint', 100)).rejects.toThrow(ReadFailure)
})
