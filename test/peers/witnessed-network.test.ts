import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call } from '../support/client.ts'
import { issueId } from '../support/issue.ts'
import { type Network, startNetwork } from '../support/network.ts'
import { checkPolicy, refusal } from './support/go.ts'
import { type Litewitness, litewitness, startLitewitness } from './support/litewitness.ts'

describe.skipIf(litewitness.missing)("a network with torchwood's litewitness", () => {
  let folder: string
  let policyFile: string
  let witness: Litewitness
  let network: Network
  let vkey: string

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'coderisk-witnessed-'))
    policyFile = path.join(folder, 'policy')
    witness = await startLitewitness('witness.example/one')
    const policy = `witness one ${witness.vkey} ${witness.url}\nquorum one\n`
    network = await startNetwork({ variables: { LOG_WITNESS_POLICY: policy } })
    const [log] = await network.sql`SELECT verifier_key FROM logs`
    vkey = log!['verifier_key']
    writeFileSync(policyFile, `log ${vkey}\n${policy}`)
  })

  afterAll(async () => {
    await network?.stop()
    await witness?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('fails open: a checkpoint that it did not cosign is published, and does not satisfy the policy', async () => {
    await issueId(network)
    await expect.poll(() => failure(network), { timeout: 20_000 }).toBe('log_unknown')
    await refusal(checkPolicy(policyFile, await published()))
  })

  it('publishes a cosigned checkpoint as soon as the witness knows the log', async () => {
    await witness.addLog(vkey)
    await issueId(network)
    const line = `\u2014 ${witness.vkey.split('+')[0]} `
    await expect.poll(published, { timeout: 20_000 }).toContain(line)
    const { origin, size } = await checkPolicy(policyFile, await published())
    expect(await witness.logs()).toMatchObject([{ origin, size }])
    expect(await failure(network)).toBeNull()
  })

  async function published(): Promise<string> {
    const answer = await call(network.baseUrl, '/log/checkpoint')
    expect(answer.status, answer.text).toBe(200)
    return answer.text
  }
})

async function failure(network: Network): Promise<string | null | undefined> {
  const [row] = await network.sql`SELECT failure FROM log_witnesses`
  return row?.['failure']
}
