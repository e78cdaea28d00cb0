import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { childrenNamed } from '../../stack/processes.ts'
import { incident } from '../support/arc.ts'
import { type Answer, call } from '../support/client.ts'
import { type Crash, type Crasher, startCrasher } from '../support/crashing.ts'
import { expectNoHalfRow, expectNothingForgotten, expectPublished } from '../support/invariants.ts'
import { issue, issueId, SMALL_CHANGE, withoutLog } from '../support/issue.ts'
import { type Network, startNetwork } from '../support/network.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 })
const KILLS = 100
const AT_ONCE = 2
const WORKERD_KILLS = 5
const CLIENTS = 6

let network: Network
let crasher: Crasher
beforeAll(async () => {
  network = await startNetwork()
  crasher = await startCrasher(network)
})
afterAll(async () => {
  crasher?.stop()
  await network?.stop()
})

const BODY = JSON.stringify(SMALL_CHANGE)
const headers = (idempotencyKey: string) => ({
  authorization: `Bearer ${network.tenants.api_key}`,
  'content-type': 'application/json',
  'idempotency-key': idempotencyKey,
})

/** Kills at the first step, the second, … until a request comes through whole, or so many are dead. */
async function killAtEveryStep(
  run: (step: number) => Promise<Crash>,
  most = Number.POSITIVE_INFINITY,
): Promise<Crash[]> {
  const crashes: Crash[] = []
  for (let step = 1; crashes.length < most && crashes.every((crash) => crash.killed); step += AT_ONCE) {
    const batch = Array.from({ length: AT_ONCE }, (_, i) => run(step + i))
    crashes.push(...(await Promise.all(batch)))
  }
  return crashes
}

describe('the core killed between every two steps', () => {
  it('of issuing: nothing half done, nothing lost, the same bytes on a retry', async () => {
    const crashes: (Crash & { key: string })[] = []
    const killed = () => crashes.filter((crash) => crash.killed).length
    for (let pass = 0; killed() < KILLS; pass++) {
      const key = (step: number) => `issue-${pass}-${step}`
      const runs = await killAtEveryStep(
        (step) => crasher.crash({ path: '/v1/trust/verify', headers: headers(key(step)), body: BODY }, step),
        pass === 0 ? undefined : KILLS - killed(),
      )
      crashes.push(...runs.map((run) => ({ ...run, key: key(run.step) })))
    }
    const answered = crashes.filter((crash) => crash.answer !== undefined)
    console.log(`issuing: ${killed()} kills, ${answered.length} clients had their answer`)
    expect(
      answered.some((crash) => crash.killed),
      'some died after the answer',
    ).toBe(true)
    expect(
      crashes.some((crash) => crash.answer === undefined),
      'some died before it',
    ).toBe(true)
    for (const { answer } of answered) expect(answer!.status).toBe(201)

    await expectNoHalfRow(network)
    await expectNothingForgotten(network)
    for (const crash of answered) {
      const { certificate_id: id } = JSON.parse(crash.answer!.body)
      const served = await call(network.baseUrl, `/v1/trust/certs/${id}`)
      expect(withoutLog(served.text)).toBe(withoutLog(crash.answer!.body))
    }
    for (const crash of crashes) await expectRetryHolds('/v1/trust/verify', crash)
    await expectNoHalfRow(network)
    const [counts] = await network.sql`
      SELECT (SELECT count(*)::int FROM certificates) AS certificates, (SELECT count(*)::int FROM idempotency_records) AS answers`
    expect(counts).toEqual({ certificates: crashes.length, answers: crashes.length })
    await expectPublished(network)
  })

  it('of revoking: revoked everywhere or nowhere', async () => {
    const ids: string[] = []
    const path = (id: string) => `/v1/trust/certs/${id}/revoke`
    const crashes = await killAtEveryStep(async (step) => {
      ids[step] = await issueId(network)
      return crasher.crash(
        { path: path(ids[step]), headers: headers('revoke'), body: '{"reason":"superseded"}' },
        step,
      )
    })
    console.log(`revoking: ${crashes.filter((crash) => crash.killed).length} kills`)
    await expectNoHalfRow(network)
    for (const crash of crashes) {
      await expectRetryHolds(path(ids[crash.step]!), { ...crash, key: 'revoke' }, '{"reason":"superseded"}')
    }
    await expectNoHalfRow(network)
    await expectPublished(network)
  })
})

describe('the core killed between every two steps of what is told of an incident', () => {
  const ARC = '/v1/arc/recorded'

  it('of recording its cause: it is recorded once, or not at all', async () => {
    const body = JSON.stringify(incident())
    const key = (step: number) => `incident-${step}`
    const crashes = await killAtEveryStep((step) =>
      crasher.crash({ path: ARC, headers: headers(key(step)), body }, step),
    )
    console.log(`recording: ${crashes.filter((crash) => crash.killed).length} kills`)
    await expectNoHalfRow(network)
    for (const crash of crashes) await expectRetryHolds(ARC, { ...crash, key: key(crash.step) }, body)
    await expectNoHalfRow(network)
    const [counts] = await network.sql`SELECT count(*)::int AS entries FROM arc_entries`
    expect(counts).toEqual({ entries: crashes.length })
  })

  it('of telling an outcome: it counts once, or not at all', async () => {
    const ids: string[] = []
    const body = '{"caused_incident":true}'
    const path = (id: string) => `/v1/trust/certs/${id}/outcome`
    const crashes = await killAtEveryStep(async (step) => {
      ids[step] = await issueId(network)
      return crasher.crash({ path: path(ids[step]), headers: headers('outcome'), body }, step)
    })
    console.log(`telling: ${crashes.filter((crash) => crash.killed).length} kills`)
    await expectNoHalfRow(network)
    for (const crash of crashes) {
      await expectRetryHolds(path(ids[crash.step]!), { ...crash, key: 'outcome' }, body)
    }
    await expectNoHalfRow(network)
    const [counts] = await network.sql`SELECT count(*)::int AS outcomes FROM change_outcomes`
    expect(counts).toEqual({ outcomes: crashes.length })
  })
})

describe('workerd killed under load', () => {
  it('comes back on the same data and has lost nothing that a client was told', async () => {
    const told = new Map<string, string>()
    let cut = 0
    for (let round = 0; round < WORKERD_KILLS; round++) {
      let running = true
      const clients = Array.from({ length: CLIENTS }, async (_, client) => {
        for (let i = 0; running; i++) {
          const key = `load-${round}-${client}-${i}`
          const answer = await issue(network, SMALL_CHANGE, { headers: { 'idempotency-key': key } }).catch(
            () => null,
          )
          if (answer?.status === 201) told.set(key, answer.text)
          else {
            cut++
            told.set(key, '')
            return
          }
        }
      })
      const enough = told.size + 15 * (round + 1)
      await vi.waitUntil(() => told.size >= enough, { timeout: 30_000 })
      const pids = childrenNamed('workerd')
      expect(pids.length).toBeGreaterThan(0)
      for (const pid of pids) process.kill(pid, 'SIGKILL')
      running = false
      await Promise.all(clients)
      await network.restartWorkers()
      expect((await call(network.baseUrl, '/readyz')).json.status).toBe('ready')
      expect((await issue(network)).status).toBe(201)
    }
    console.log(`workerd: ${WORKERD_KILLS} kills, ${told.size} requests, ${cut} cut off`)
    expect(cut).toBeGreaterThan(0)
    await expectNoHalfRow(network)
    await expectNothingForgotten(network)
    for (const [key, text] of told) {
      const retry = await issue(network, SMALL_CHANGE, { headers: { 'idempotency-key': key } })
      expect(retry.status, retry.text).toBe(201)
      if (text !== '') expect(retry.text).toBe(text)
    }
    await expectNoHalfRow(network)
    await expectPublished(network)
  })
})

/** The client asks again, of the network, with the key of the request whose core died. */
async function expectRetryHolds(
  path: string,
  { key, answer }: Crash & { key: string },
  body = BODY,
): Promise<void> {
  const send = (): Promise<Answer> =>
    call(network.baseUrl, path, { method: 'POST', body, headers: headers(key) })
  const [first, second] = [await send(), await send()]
  expect(first.status, first.text).toBeLessThan(300)
  if (answer !== undefined) expect(first.text).toBe(answer.body)
  expect([second.text, second.headers['idempotency-replayed']]).toEqual([first.text, 'true'])
}
