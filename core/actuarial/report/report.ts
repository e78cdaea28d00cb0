import type { Context } from '../../context.ts'
import { readMonths, readReview } from '../read.ts'
import { renderReport } from './render.ts'

/** The printable report of a month's review. @throws {Refusal} `review_not_found` */
export async function readReport(ctx: Context, month: string): Promise<string> {
  const review = await readReview(ctx, month)
  const months = await readMonths(ctx, month)
  return renderReport(
    review,
    months.map(({ month, total }) => ({ month, loss_ratio: total.loss_ratio })),
    { network: ctx.settings.publicBaseUrl, carrier: ctx.settings.insurance.carrier },
  )
}
