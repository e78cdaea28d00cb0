import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openCheckpoint, parseVerifierKey } from '../../core/verify/log/index.ts'
import type { Certificate } from '../../schema/wire/certificate.ts'
import { freePort } from '../../stack/ports.ts'
import { type Call, call } from '../support/client.ts'
import { SMALL_CHANGE } from '../support/issue.ts'
import { type StartedNetwork, startCommand } from '../support/started-network.ts'

vi.setConfig({ testTimeout: 180_000 })

const ROOT = path.resolve(import.meta.dirname, '..', '..')

let scratch: string
let data: string
/** The same for both starts: another address would be another trust root. */
let port: number
let network: StartedNetwork
beforeEach(async () => {
  port = await freePort()
  scratch = mkdtempSync(path.join(tmpdir(), 'coderisk-restore-'))
  data = path.join(scratch, 'data')
})
afterEach(async () => {
  await stop()
  rmSync(scratch, { recursive: true, force: true })
})

async function start(): Promise<{ baseUrl: string; key: string }> {
  network = await startCommand(['--port', String(port), '--data', data, '--no-demo'])
  const file = JSON.parse(readFileSync(path.join(data, 'stack.json'), 'utf8'))
  return { baseUrl: file.base_url, key: file.api_key }
}

async function stop(): Promise<void> {
  network?.process.kill('SIGTERM')
  await network?.ended
}

function run(script: 'backup' | 'restore', ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    'node',
    ['scripts/bootstrap.mjs', `scripts/${script}.ts`, '--data', data, ...args],
    { cwd: ROOT, encoding: 'utf8', env: { ...process.env, DATABASE_URL: '', INIT_CWD: ROOT } },
  )
  return { status, output: `${stdout}${stderr}` }
}

async function checkpointSize(baseUrl: string): Promise<number> {
  const root = await call(baseUrl, '/.well-known/coderisk/trust-root.json')
  const { log } = JSON.parse(Buffer.from(root.json.payload, 'base64url').toString())
  const note = await call(baseUrl, '/log/checkpoint')
  return (await openCheckpoint(note.text, parseVerifierKey(log.verifier_key)!))!.size
}

it('a network that is restored to an older state knows what was revoked since, and gives no index twice', async () => {
  const first = await start()
  const issueLogged = async (at: { baseUrl: string; key: string }): Promise<Certificate> => {
    const request: Call = {
      method: 'POST',
      key: at.key,
      body: SMALL_CHANGE,
      headers: { prefer: 'wait=10' },
    }
    return (await call(at.baseUrl, '/v1/trust/verify', request)).json
  }
  const { certificate_id: id } = await issueLogged(first)
  const folder = path.join(scratch, 'backup')
  expect(run('backup', '--out', folder)).toMatchObject({ status: 0 })
  expect(run('backup', '--out', folder)).toMatchObject({ status: 1 })

  const lost = await issueLogged(first)
  const revocation = { method: 'POST', key: first.key, body: { reason: 'superseded' } } as const
  await call(first.baseUrl, `/v1/trust/certs/${id}/revoke`, revocation)
  const logged = (lost.log as { index: number }).index
  await expect.poll(() => checkpointSize(first.baseUrl), { timeout: 10_000 }).toBe(logged + 2)

  expect(run('restore', '--from', folder).output).toContain('already runs')
  await stop()
  const restored = run('restore', '--from', folder)
  expect(restored.output).toContain('Revoked again: 1 certificates')
  expect(restored.status).toBe(0)

  const second = await start()
  expect((await call(second.baseUrl, `/v1/trust/certs/${id}/verify`)).json).toMatchObject({
    verdict: 'invalid',
    reasons: ['revoked'],
  })
  const next = await issueLogged(second)
  // The restore itself is an entry, too.
  expect((next.log as { index: number }).index).toBe(logged + 3)
  expect(next.status_list.uri).not.toBe(lost.status_list.uri)
})
