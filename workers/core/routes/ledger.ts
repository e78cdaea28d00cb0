import { Hono, type MiddlewareHandler } from 'hono'
import { requireLive } from '../../../core/insurance/require-live.ts'
import { listJournals } from '../../../core/ledger/list.ts'
import { readTrialBalance } from '../../../core/ledger/trial-balance.ts'
import { listReconciliations } from '../../../core/reconciliation/list.ts'
import { reconcileNow } from '../../../core/reconciliation/reconcile.ts'
import {
  journalsQuerySchema,
  reconciliationsQuerySchema,
  trialBalanceQuerySchema,
} from '../../../schema/wire/ledger.ts'
import { answerOnce } from '../answer.ts'
import type { App, Variables } from '../app.ts'
import { authorised } from '../authorised.ts'
import { validate } from '../read-body.ts'

const NO_BODY = new Uint8Array(0)

/** The books, and whether all that should agree with them does: for operators. */
export function ledgerRoutes(): App {
  const app: App = new Hono()

  app.get('/v1/ledger/journals', authorised('operator'), live, async (c) => {
    return c.json(await listJournals(c.var.ctx, validate(journalsQuerySchema, c.req.query())))
  })

  app.get('/v1/ledger/trial-balance', authorised('operator'), live, async (c) => {
    const { verify } = validate(trialBalanceQuerySchema, c.req.query())
    return c.json(await readTrialBalance(c.var.ctx, verify === 'true'))
  })

  app.get('/v1/reconciliation', authorised('operator'), live, async (c) => {
    return c.json(await listReconciliations(c.var.ctx, validate(reconciliationsQuerySchema, c.req.query())))
  })

  app.post('/v1/reconciliation', authorised('operator'), live, async (c) => {
    return answerOnce(c, NO_BODY, (claim) => reconcileNow(c.var.ctx, c.var.service.outside, claim))
  })

  return app
}

/** The books are of real money. */
const live: MiddlewareHandler<{ Variables: Variables }> = async (c, next) => {
  requireLive(c.var.actor)
  await next()
}
