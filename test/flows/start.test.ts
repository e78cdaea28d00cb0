import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { freePort, LOOPBACK } from '../../stack/ports.ts'
import { leftOver, type StartedNetwork, startCommand } from '../support/started-network.ts'

vi.setConfig({ testTimeout: 120_000 })

let scratch: string
let data: string
const started: StartedNetwork[] = []
beforeEach(() => {
  scratch = mkdtempSync(path.join(tmpdir(), 'coderisk-start-'))
  data = path.join(scratch, 'data')
})
afterEach(async () => {
  for (const network of started.splice(0)) {
    network.process.kill('SIGTERM')
    await network.ended
  }
  rmSync(scratch, { recursive: true, force: true })
})

async function start(args: readonly string[] = [], env: Record<string, string> = {}) {
  const network = await startCommand(['--port', String(await freePort()), '--data', data, ...args], env)
  started.push(network)
  return network
}

function readStackFile(): Record<string, unknown> {
  return JSON.parse(readFileSync(path.join(data, 'stack.json'), 'utf8'))
}

async function refusal(args: readonly string[] = [], env: Record<string, string> = {}): Promise<string> {
  const network = await start(args, env)
  expect(await network.ended).toBe(1)
  const lines = network.complaints().trim().split('\n')
  expect(lines, network.complaints()).toHaveLength(1)
  expect(leftOver(network.tree)).toEqual([])
  return lines[0]!
}

// Which processes are left is read from /proc.
describe.runIf(process.platform === 'linux')('npm start', () => {
  it('certifies the last commit, says where, keeps all for the next start, and leaves no process', async () => {
    const first = await start()
    const file = readStackFile()
    expect(Object.keys(file)).toEqual(
      expect.arrayContaining([
        'base_url',
        'api_key',
        'operator_key',
        'database_url',
        'organisation_id',
        'pid',
      ]),
    )
    expect(statSync(path.join(data, 'stack.json')).mode & 0o777).toBe(0o600)
    expect(statSync(path.join(data, 'secrets.json')).mode & 0o777).toBe(0o600)
    const verification = /curl -s (\S+)/.exec(first.output())![1]!
    expect(await (await fetch(verification)).json()).toMatchObject({ verdict: 'valid' })
    const page = /Certificate +(\S+)/.exec(first.output())![1]!
    expect((await fetch(page)).status).toBe(200)

    first.process.kill('SIGINT')
    expect(await first.ended).toBe(0)
    expect(existsSync(path.join(data, 'stack.json'))).toBe(false)
    expect(leftOver(first.tree)).toEqual([])

    const second = await start()
    const { api_key, operator_key, organisation_id } = readStackFile()
    expect({ api_key, operator_key, organisation_id }).toEqual({
      api_key: file.api_key,
      operator_key: file.operator_key,
      organisation_id: file.organisation_id,
    })
    const id = path.basename(page)
    expect(second.output()).toContain(id)
    const lookup = await fetch(`${readStackFile().base_url}/v1/trust/certs/${id}`)
    expect(await lookup.json()).toMatchObject({ certificate_id: id })
  })

  it.each(['SIGTERM', 'SIGHUP', 'SIGKILL'] as const)('ends with its parent on %s', async (signal) => {
    const network = await start(['--no-demo'])
    expect(network.tree.size).toBeGreaterThan(5)
    network.process.kill(signal)
    await network.ended
    await vi.waitFor(() => expect(leftOver(network.tree)).toEqual([]), { timeout: 20_000 })
  })

  it('leaves neither PostgreSQL nor workerd when it is killed outright, and starts again', async () => {
    const network = await start(['--no-demo'])
    process.kill(readStackFile().pid as number, 'SIGKILL')
    await network.ended
    await vi.waitFor(() => expect(leftOver(network.tree)).toEqual([]), { timeout: 20_000 })
    const again = await start(['--no-demo'])
    expect(again.output(), again.complaints()).toContain('Ready.')
  })

  it('undoes a start that is interrupted', async () => {
    const port = await freePort()
    const starting = startCommand(['--port', String(port), '--data', data])
    await vi.waitFor(() => expect(existsSync(path.join(data, 'postgresql'))).toBe(true), { timeout: 60_000 })
    const lock = JSON.parse(readFileSync(path.join(data, 'lock'), 'utf8'))
    process.kill(lock.pid, 'SIGINT')
    const network = await starting
    expect(await network.ended).toBe(130)
    expect(existsSync(path.join(data, 'lock'))).toBe(false)
    expect(existsSync(path.join(data, 'stack.json'))).toBe(false)
  })
})

describe('npm start refuses in one line, and leaves nothing behind', () => {
  let occupant: Server | undefined
  afterEach(() => {
    occupant?.close()
    occupant = undefined
  })

  async function occupy(): Promise<number> {
    const server = createServer(() => {})
    occupant = server
    await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve))
    return (server.address() as { port: number }).port
  }

  it('a port in use', async () => {
    const port = await occupy()
    expect(await refusal(['--port', String(port)])).toMatch(/Port \d+ is in use.*--port/)
    expect(existsSync(data)).toBe(false)
  })

  it('a data directory that another start holds', async () => {
    const running = await start(['--no-demo'])
    expect(await refusal()).toMatch(/already runs.*--data/)
    expect(running.process.exitCode).toBeNull()
    expect(existsSync(path.join(data, 'stack.json'))).toBe(true)
  })

  it('a data directory of another version', async () => {
    data = scratch
    writeFileSync(path.join(data, 'version'), JSON.stringify({ format: 99, postgres_major: 18 }))
    expect(await refusal()).toMatch(/made by another version.*--data/)
  })

  it('a folder that holds something else', async () => {
    data = scratch
    writeFileSync(path.join(data, 'thesis.txt'), 'do not touch')
    expect(await refusal()).toMatch(/holds other things.*--data/)
  })

  it('a PostgreSQL that is not there', async () => {
    const url = `postgres://owner:secret@${LOOPBACK}:${await freePort()}/coderisk`
    const line = await refusal([], { DATABASE_URL: url })
    expect(line).toMatch(/PostgreSQL at .* does not answer.*DATABASE_URL/)
    expect(line).not.toContain('secret')
    expect(existsSync(data)).toBe(false)
  })

  it('a PostgreSQL that takes the connection and says nothing', async () => {
    const url = `postgres://owner:secret@${LOOPBACK}:${await occupy()}/coderisk`
    expect(await refusal([], { DATABASE_URL: url })).toMatch(/does not answer.*DATABASE_URL/)
  })

  it.each([
    [['--port', 'eighty'], /--port/],
    [['--prot', '80'], /--prot/],
  ])('%j', async (args, message) => {
    expect(await refusal(args)).toMatch(message)
  })
})
