import { randomUUID } from 'node:crypto'
import type { Database } from '../../core/context.ts'
import { trialBalance } from '../../core/ledger/balances.ts'
import {
  approveJournals,
  bindJournals,
  claimFiledJournal,
  earnJournal,
  invoicePaidJournals,
  payoutJournal,
} from '../../core/ledger/journals.ts'
import { type Journal, postJournals } from '../../core/ledger/post.ts'
import { verifyBalances } from '../../core/ledger/verify.ts'
import { fromCents } from '../../core/money.ts'
import { withContext } from '../../stack/provision.ts'
import { openDatabase } from '../../workers/core/adapters/postgres.ts'
import type { Environment } from '../environment.ts'
import { storePostings } from '../network/ledger.ts'
import { PUBLIC_BASE_URL } from '../network/network.ts'
import { median } from '../statistics.ts'
import type { Finding, Measure } from './measure.ts'

const JOURNALS_PER_S = 2_000
/** Of one transaction, as in `core/insurance/earn.ts`. */
const BATCH = 500
const BATCHES = 40
const ROUNDS = 5
const CONNECTIONS = 8
const SINGLE_S = 2
const CUSTOMERS = 200
const POSTINGS = 1_000_000
const TRIAL_BALANCE_MS = 1_000
const READINGS = 30
const SUMMATIONS = 3

/** The books: how fast they take journals, and how fast they say where they stand. */
export function ledgerMeasures(environment: Environment): Measure[] {
  return [
    { name: 'ledger_journals', unit: 'journals/s', good: 'high', bar: 1, run: () => posting(environment) },
    { name: 'ledger_trial_balance', unit: 'ms', good: 'low', bar: 1, run: () => reading(environment) },
  ]
}

/** In batches, as the jobs post, on one connection; and beside it one journal per transaction on eight. */
async function posting(environment: Environment): Promise<Finding> {
  const network = await environment.network('bench')
  const database = openDatabase(network.appDatabaseUrl, { connections: CONNECTIONS })
  try {
    const [batched, single]: [number[], number[]] = [[], []]
    await postBatches(database, 1)
    for (let round = 0; round < environment.count(ROUNDS); round++) {
      batched.push(await postBatches(database, environment.count(BATCHES)))
      single.push(await postSingly(database, SINGLE_S * environment.share))
    }
    const note = `${rates(batched)} in batches of ${BATCH}; one per transaction on ${CONNECTIONS} connections: ${rates(single)}`
    return { ours: median(batched), limit: JOURNALS_PER_S, note }
  } finally {
    await database.close()
  }
}

/** @returns journals per second */
async function postBatches(database: Database, batches: number): Promise<number> {
  const journals = makeJournals(batches * BATCH)
  const started = performance.now()
  for (let from = 0; from < journals.length; from += BATCH)
    await post(database, journals.slice(from, from + BATCH))
  return perSecond(journals.length, started)
}

async function postSingly(database: Database, seconds: number): Promise<number> {
  const waiting = makeJournals(Math.ceil(seconds * 10 * JOURNALS_PER_S)).values()
  const started = performance.now()
  const end = started + seconds * 1000
  const posted = await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      let count = 0
      for (const journal of waiting) {
        await post(database, [journal])
        count++
        if (performance.now() > end) return count
      }
      throw new Error('more journals were needed')
    }),
  )
  return perSecond(
    posted.reduce((sum, count) => sum + count, 0),
    started,
  )
}

async function post(database: Database, journals: readonly Journal[]): Promise<void> {
  const posted = await database.asSystem((tx) => postJournals(tx, journals, new Date()))
  if (posted !== journals.length) throw new Error(`${posted} of ${journals.length} journals were new`)
}

const perSecond = (count: number, started: number) => (count / (performance.now() - started)) * 1000
const rates = (found: readonly number[]) => found.map((rate) => rate.toFixed(0)).join(', ')

/** Of policies in the pilot: bound, earned in ten steps, billed; every fiftieth has a claim that is paid. */
function makeJournals(count: number): Journal[] {
  const journals: Journal[] = []
  while (journals.length < count) {
    const id = randomUUID()
    const organisationId = `org_${journals.length % CUSTOMERS}`
    const policy = { id: `INS-${id}`, organisationId }
    const [premium, subsidy] = [fromCents(10), fromCents(5_990)]
    journals.push(...bindJournals({ ...policy, premium, subsidy }))
    for (let step = 1n; step <= 10n; step++)
      journals.push(earnJournal(policy, (premium + subsidy) / 10n, step))
    journals.push(...invoicePaidJournals({ id: `inv_${id}`, organisationId, cash: premium, premium }))
    if (journals.length % 50 < 14) journals.push(...claimJournals(`CLM-${id}`, organisationId))
  }
  return journals.slice(0, count)
}

function claimJournals(id: string, organisationId: string): Journal[] {
  const [claim, amount] = [{ id, organisationId }, fromCents(50_000)]
  return [
    claimFiledJournal(claim, amount),
    ...approveJournals(claim, 1, { estimate: amount, amount, approvedBefore: 0n }),
    payoutJournal({ id: `pay_${id}`, claimId: id, organisationId, amount }),
  ].filter(({ postings }) => postings.some((posting) => posting.amount !== 0n))
}

/** From the running balances; and beside it the same from the sum of all postings, which must agree. */
async function reading(environment: Environment): Promise<Finding> {
  const network = await environment.network('large-ledger')
  await storePostings(network.sql, 2 * environment.count(POSTINGS / 2))
  const [{ postings, held }] = await network.sql<[Record<'postings' | 'held', number>]>`
    SELECT (SELECT count(*)::int FROM ledger_postings) AS postings, (SELECT count(*)::int FROM ledger_balances) AS held`
  const { appDatabaseUrl, secrets } = network
  return withContext({ appDatabaseUrl, secrets, publicBaseUrl: PUBLIC_BASE_URL }, async (ctx) => {
    const [balances, sums]: [number[], number[]] = [[], []]
    for (let turn = 0; turn < environment.count(READINGS); turn++) {
      const read = await timed(() => ctx.database.asSystem(trialBalance))
      if (read.result.reduce((sum, { balance }) => sum + balance, 0n) !== 0n) throw new Error('not balanced')
      balances.push(read.ms)
    }
    for (let turn = 0; turn < environment.count(SUMMATIONS); turn++) {
      const { result, ms } = await timed(() => verifyBalances({ ...ctx, now: new Date() }))
      if (Number(result.postings) !== postings || result.differences.length > 0)
        throw new Error('the balances are not the sums')
      sums.push(ms)
    }
    const note = `${postings} postings in ${held} balances, max ${Math.max(...balances).toFixed(0)} ms; all postings summed up: ${median(sums).toFixed(0)} ms`
    return { ours: median(balances), limit: TRIAL_BALANCE_MS, note }
  })
}

async function timed<Result>(work: () => Promise<Result>): Promise<{ result: Result; ms: number }> {
  const started = performance.now()
  return { result: await work(), ms: performance.now() - started }
}
