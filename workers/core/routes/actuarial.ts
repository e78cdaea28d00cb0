import { Hono } from 'hono'
import { readBordereau } from '../../../core/actuarial/bordereau.ts'
import {
  listReviews,
  readLossRatio,
  readPricing,
  readSummary,
  readTriangle,
} from '../../../core/actuarial/read.ts'
import { readReport } from '../../../core/actuarial/report/report.ts'
import { STYLE } from '../../../core/actuarial/report/style.ts'
import { runReview } from '../../../core/actuarial/review.ts'
import { sha256, toBase64, utf8 } from '../../../core/verify/encoding.ts'
import {
  monthQuerySchema,
  reportQuerySchema,
  runReviewRequestSchema,
  triangleQuerySchema,
} from '../../../schema/wire/actuarial.ts'
import { answerOnce } from '../answer.ts'
import type { App } from '../app.ts'
import { authorised } from '../authorised.ts'
import { readBody, validate } from '../read-body.ts'

/** What cover costs and will cost: for operators. */
export function actuarialRoutes(): App {
  const app: App = new Hono()

  app.get('/v1/actuarial/summary', authorised('operator'), async (c) => {
    return c.json(await readSummary(c.var.ctx))
  })

  app.get('/v1/actuarial/triangle', authorised('operator'), async (c) => {
    const { kind, month } = validate(triangleQuerySchema, c.req.query())
    return c.json(await readTriangle(c.var.ctx, kind, month))
  })

  app.get('/v1/actuarial/loss-ratio', authorised('operator'), async (c) => {
    const { month } = validate(monthQuerySchema, c.req.query())
    return c.json(await readLossRatio(c.var.ctx, month))
  })

  app.get('/v1/actuarial/pricing', authorised('operator'), async (c) => {
    return c.json(await readPricing(c.var.ctx))
  })

  app.post('/v1/actuarial/reviews', authorised('operator'), async (c) => {
    const { value, raw } = await readBody(c, runReviewRequestSchema, { optional: true })
    return answerOnce(c, raw, (claim) => runReview(c.var.ctx, value.month, claim))
  })

  app.get('/v1/actuarial/reviews', authorised('operator'), async (c) => {
    return c.json(await listReviews(c.var.ctx))
  })

  app.get('/v1/actuarial/report', authorised('operator'), async (c) => {
    const { month } = validate(reportQuerySchema, c.req.query())
    return document(await readReport(c.var.ctx, month))
  })

  app.get('/v1/reinsurance/bordereau', authorised('operator'), async (c) => {
    const { month } = validate(reportQuerySchema, c.req.query())
    return new Response(await readBordereau(c.var.ctx, month), {
      headers: {
        'content-type': 'text/csv; charset=utf-8; header=present',
        'content-disposition': `attachment; filename="bordereau-${month}.csv"`,
        'x-content-type-options': 'nosniff',
      },
    })
  })

  return app
}

/** Where a browser shows it, it loads nothing, runs nothing and takes no styles but its own. */
async function document(html: string): Promise<Response> {
  const style = toBase64(await sha256(utf8(STYLE)))
  return new Response(html, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src 'sha256-${style}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    },
  })
}
