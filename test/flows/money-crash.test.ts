import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { settlementTask } from '../../core/claims/settle-incidents.ts'
import type { Context } from '../../core/context.ts'
import { randomIdentifier } from '../../core/identifiers.ts'
import { activatePolicies } from '../../core/insurance/activate.ts'
import { deployments, incidents } from '../../schema/tables/index.ts'
import { withContext } from '../../stack/provision.ts'
import { call } from '../support/client.ts'
import { type Crash, type Crasher, startCrasher } from '../support/crashing.ts'
import { issueId, SMALL_CHANGE } from '../support/issue.ts'
import { expectBooksHold } from '../support/money-invariants.ts'
import { type Network, startNetwork } from '../support/network.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 })
const AT_ONCE = 2
/** Every so many steps of a decision, which has many, one is the last. */
const STRIDE = 4
const COMMIT = 'c0ffee'.padEnd(40, '0')
const SERVICE = 'checkout'

let network: Network
let crasher: Crasher
let certificate: string
beforeAll(async () => {
  network = await startNetwork()
  crasher = await startCrasher(network)
  certificate = await issueId(network, { ...SMALL_CHANGE, commit_sha: COMMIT })
})
afterAll(async () => {
  crasher?.stop()
  await network?.stop()
})

interface Request {
  readonly path: string
  readonly body: string
  readonly headers: Record<string, string>
}

function request(path: string, body: object, apiKey: string, key: string): Request {
  const headers = {
    authorization: `Bearer ${apiKey}`,
    'content-type': 'application/json',
    'idempotency-key': key,
  }
  return { path, body: JSON.stringify(body), headers }
}

interface Killed extends Crash {
  readonly request: Request
}

/** Kills at the first step and those behind it until a request comes through whole. */
async function killAll(stride: number, make: (step: number) => Promise<Request>): Promise<Killed[]> {
  const crashes: Killed[] = []
  for (let step = 1; crashes.every((crash) => crash.killed); step += AT_ONCE * stride) {
    const batch = Array.from({ length: AT_ONCE }, async (_, i) => {
      const made = await make(step + i * stride)
      return { ...(await crasher.crash(made, step + i * stride)), request: made }
    })
    crashes.push(...(await Promise.all(batch)))
  }
  return crashes
}

/** The client, which cannot know how far it came, asks the network again with the same key. */
async function expectRetryHolds({ request: { path, ...init }, answer }: Killed): Promise<unknown> {
  const send = () => call(network.baseUrl, path, { method: 'POST', ...init })
  const [first, second] = [await send(), await send()]
  expect(first.status, first.text).toBeLessThan(300)
  if (answer !== undefined) expect(first.text).toBe(answer.body)
  expect([second.text, second.headers['idempotency-replayed']]).toEqual([first.text, 'true'])
  return JSON.parse(first.text)
}

const told = (crashes: readonly Crash[]) => crashes.filter(({ answer }) => answer !== undefined).length
const killed = (crashes: readonly Crash[]) => crashes.filter((crash) => crash.killed).length

describe('the core killed with SIGKILL', () => {
  it('while cover is bought: bought once, charged once, or not at all', async () => {
    const order = {
      certificate_id: certificate,
      tier: 'basic',
      service: SERVICE,
      sla_cost_per_minute_cents: 10_000,
      coverage: 10_000,
    }
    const crashes = await killAll(1, async (step) =>
      request('/v1/trust/insure', order, network.tenants.api_key, `buy-${step}`),
    )
    console.log(`buying: ${killed(crashes)} kills, ${told(crashes)} clients had their answer`)
    expect(killed(crashes)).toBeGreaterThan(20)
    await expectBooksHold(network.sql)
    const bought = new Set<string>()
    for (const crash of crashes) bought.add(((await expectRetryHolds(crash)) as { id: string }).id)
    expect(bought.size).toBe(crashes.length)
    const [counts] = await network.sql`SELECT (SELECT count(*)::int FROM insurance_policies) AS policies,
      (SELECT count(*)::int FROM billing_events WHERE kind = 'premium') AS charges,
      (SELECT count(*)::int FROM log_entries WHERE convert_from(entry, 'UTF8') LIKE '%"policy.bound"%') AS entries,
      (SELECT (on_risk_micros / 100000000)::int FROM exposure_customers) AS on_risk`
    const all = crashes.length
    expect(counts).toEqual({ policies: all, charges: all, entries: all, on_risk: all })
    await untilNothingWaits('billing_events')
    const rail = await network.sql`SELECT key FROM rail_transactions WHERE kind = 'usage'`
    expect(new Set(rail.map(({ key }) => key))).toEqual(bought)
    await expectBooksHold(network.sql)
  })

  it('while a claim is approved: approved once, paid once', async () => {
    const claims = await withContext(network.provisioning, (ctx) => fileClaims(ctx, 60))
    const spare = claims.values()
    const crashes = await killAll(STRIDE, async (step) => {
      const id = spare.next().value!
      const path = `/v1/review/claims/${id}/approve`
      return request(path, { reason: 'as it was found' }, network.tenants.operator_key, `approve-${step}`)
    })
    console.log(`approving: ${killed(crashes)} kills, ${told(crashes)} clients had their answer`)
    expect(killed(crashes)).toBeGreaterThan(20)
    await expectBooksHold(network.sql)
    for (const crash of crashes) await expectRetryHolds(crash)
    await untilNothingWaits('payouts')
    const decided = crashes.map(({ request: { path } }) => path.split('/')[4]!)
    const paid = await network.sql`
      SELECT c.id, c.status, count(p.id)::int AS payouts, sum(r.amount_cents)::int AS credited FROM insurance_claims c
      LEFT JOIN payouts p ON p.claim_id = c.id LEFT JOIN rail_transactions r ON r.key = p.id AND r.kind = 'credit'
      WHERE c.id = ANY(${decided}) GROUP BY c.id`
    expect(paid).toHaveLength(crashes.length)
    for (const claim of paid) expect(claim).toMatchObject({ status: 'paid', payouts: 1, credited: 10_000 })
    const [credits] =
      await network.sql`SELECT count(*)::int AS n FROM rail_transactions WHERE kind = 'credit'`
    expect(credits).toEqual({ n: crashes.length })
    await expectBooksHold(network.sql)
  })
})

/** The back office comes back for what those who died have left. */
async function untilNothingWaits(table: 'payouts' | 'billing_events'): Promise<void> {
  await network.sql.unsafe(`UPDATE ${table} SET next_attempt_at = now() WHERE state = 'pending'`)
  await vi.waitFor(
    async () => {
      await network.workers().runCron('* * * * *')
      expect(
        await network.sql.unsafe(`SELECT id FROM ${table} WHERE state <> 'sent' AND state <> 'paid'`),
      ).toEqual([])
    },
    { timeout: 30_000, interval: 200 },
  )
}

const MINUTE = 60_000

/** So many outages of a minute each, on one policy; nobody but the claimant says that there were any, so all are reviewed. */
async function fileClaims(ctx: Context, count: number): Promise<string[]> {
  const { organisation_id: organisationId, api_key } = network.tenants
  const order = {
    certificate_id: certificate,
    tier: 'pro',
    service: 'cart',
    sla_cost_per_minute_cents: 10_000,
  }
  const bought = await call(network.baseUrl, '/v1/trust/insure', { key: api_key, body: order })
  expect(bought.status, bought.text).toBe(201)
  const start = Date.now()
  const known = {
    organisationId,
    integrationId: 'int_test',
    service: 'cart',
    factState: 'unavailable' as const,
  }
  await ctx.database.asSystem(async (tx) => {
    const deployedAt = new Date(start)
    const deployment = { ...known, provider: 'deploy' as const, commitSha: COMMIT, environment: 'production' }
    const [row] = await tx
      .insert(deployments)
      .values({ ...deployment, id: 'dep_test', providerId: 'test', deployedAt, receivedAt: deployedAt })
      .returning()
    expect(await activatePolicies(ctx, tx, row!)).toBe(1)
    for (let i = 0; i < count; i++) {
      const openedAt = new Date(start + (2 * i + 1) * MINUTE)
      const long = new Date(start - MINUTE)
      await tx.insert(incidents).values({
        ...known,
        id: `INC-2026-${randomIdentifier(ctx.random)}`,
        provider: 'incident',
        providerId: String(i),
        title: 'It is down',
        openedAt,
        resolvedAt: new Date(openedAt.getTime() + MINUTE),
        receivedAt: long,
        resolutionReceivedAt: long,
        settlement: 'due',
        nextSettlementAt: long,
        updatedAt: long,
      })
    }
  })
  const later = { ...ctx, now: new Date(start + MINUTE) }
  for (let done = 1; done > 0; ) ({ done } = await settlementTask.run(later, {} as never))
  const rows = await network.sql`SELECT id FROM insurance_claims WHERE status = 'in_review' ORDER BY position`
  expect(rows).toHaveLength(count)
  return rows.map(({ id }) => id)
}
