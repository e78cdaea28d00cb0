import { learnHourly } from '../actuarial/learn.ts'
import { reviewDueMonth } from '../actuarial/review.ts'
import { issueInvoices } from '../billing/issue-invoices.ts'
import { meterCertificates } from '../billing/meter-certificates.ts'
import type { Context } from '../context.ts'
import { expireDeliveries } from '../incidents/expire-deliveries.ts'
import { evaluateBreaker } from '../insurance/breaker.ts'
import { closeDuePolicies } from '../insurance/close-due.ts'
import { earnPremiums } from '../insurance/earn.ts'
import { openBooks } from '../insurance/open-books.ts'
import { expireWebhookEvents } from '../notifications/expire.ts'
import { reconcile } from '../reconciliation/reconcile.ts'
import type { Outside } from './outside.ts'

/** Work that the clock asks for. Each can be run at any time and any number of times. */
export interface Job {
  readonly name: string
  run(ctx: Context, outside: Outside): Promise<unknown>
}

/** In the order in which one needs the other. */
export const HOURLY: readonly Job[] = [
  { name: 'open books', run: openBooks },
  { name: 'close due policies', run: closeDuePolicies },
  { name: 'meter certificates', run: meterCertificates },
  { name: 'issue invoices', run: issueInvoices },
  { name: 'learn outcomes', run: learnHourly },
  { name: 'evaluate breaker', run: evaluateBreaker },
  { name: 'expire deliveries', run: expireDeliveries },
  { name: 'expire webhook events', run: expireWebhookEvents },
]

/** Earning is one journal for each policy on risk: of one a day the books can be checked for years. */
export const NIGHTLY: readonly Job[] = [
  { name: 'earn premiums', run: earnPremiums },
  { name: 'review month', run: reviewDueMonth },
  { name: 'reconcile', run: reconcile },
]

/** Runs them all; one that fails holds no other back. @param failed is told of each that did */
export async function runJobs(
  jobs: readonly Job[],
  clock: () => Context,
  outside: Outside,
  failed: (job: string, error: unknown) => void,
): Promise<void> {
  for (const job of jobs) {
    try {
      await job.run(clock(), outside)
    } catch (error) {
      failed(job.name, error)
    }
  }
}
