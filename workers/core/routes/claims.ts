import { Hono, type Context as HonoContext } from 'hono'
import type { ZodType } from 'zod'
import { addEvidence } from '../../../core/claims/add-evidence.ts'
import { disputeClaim } from '../../../core/claims/dispute-claim.ts'
import { fileClaim } from '../../../core/claims/file-claim.ts'
import { listClaims } from '../../../core/claims/list-claims.ts'
import { readClaim } from '../../../core/claims/read-claim.ts'
import {
  adjustClaim,
  approveClaim,
  denyClaim,
  disputePaidClaim,
  withdrawProposal,
} from '../../../core/claims/review/decide.ts'
import { listReviewCases, readReviewCase } from '../../../core/claims/review/queue.ts'
import { recordRecovery } from '../../../core/claims/review/recover.ts'
import { resolveDispute } from '../../../core/claims/review/resolve.ts'
import { withdrawClaim } from '../../../core/claims/withdraw-claim.ts'
import type { Actor, Context } from '../../../core/context.ts'
import type { Answer, Claim } from '../../../core/idempotency/claim.ts'
import { Refusal } from '../../../core/refusal.ts'
import {
  addEvidenceRequestSchema,
  adjustClaimRequestSchema,
  claimListQuerySchema,
  decideClaimRequestSchema,
  disputeClaimRequestSchema,
  fileClaimRequestSchema,
  recoveryRequestSchema,
  resolveDisputeRequestSchema,
  reviewListQuerySchema,
} from '../../../schema/wire/claims.ts'
import { CLAIM_ID_PATTERN } from '../../../schema/wire/money.ts'
import { answerOnce } from '../answer.ts'
import type { App, Variables } from '../app.ts'
import { authorised } from '../authorised.ts'
import { readBody, validate } from '../read-body.ts'

export function claimRoutes(): App {
  const app: App = new Hono()

  app.get('/v1/insurance/claims', authorised('insurance:read'), async (c) => {
    const query = validate(claimListQuerySchema, c.req.query())
    return c.json(await listClaims(c.var.ctx, c.var.actor, query))
  })

  app.get('/v1/insurance/claims/:id', authorised('insurance:read'), async (c) => {
    return c.json(await readClaim(c.var.ctx, c.var.actor, claimId(c)))
  })

  app.post('/v1/insurance/claims', authorised('insurance:write'), async (c) => {
    const { value, raw } = await readBody(c, fileClaimRequestSchema)
    return wakeAfter(c, (claim) => fileClaim(c.var.ctx, c.var.actor, value, claim), raw)
  })

  app.post('/v1/insurance/claims/:id/withdraw', authorised('insurance:write'), async (c) => {
    const id = claimId(c)
    return wakeAfter(c, (claim) => withdrawClaim(c.var.ctx, c.var.actor, id, claim))
  })

  app.post(
    '/v1/insurance/claims/:id/dispute',
    authorised('insurance:write'),
    onClaim(disputeClaimRequestSchema, disputeClaim),
  )
  app.post(
    '/v1/insurance/claims/:id/evidence',
    authorised('insurance:write'),
    onClaim(addEvidenceRequestSchema, addEvidence),
  )

  return app.route('/', reviewRoutes())
}

function reviewRoutes(): App {
  const app: App = new Hono()
  const operator = authorised('operator')

  app.get('/v1/review/claims', operator, async (c) => {
    const query = validate(reviewListQuerySchema, c.req.query())
    return c.json(await listReviewCases(c.var.ctx, c.var.actor, query))
  })

  app.get('/v1/review/claims/:id', operator, async (c) => {
    return c.json(await readReviewCase(c.var.ctx, c.var.actor, claimId(c)))
  })

  app.post('/v1/review/claims/:id/approve', operator, onClaim(decideClaimRequestSchema, approveClaim))
  app.post('/v1/review/claims/:id/deny', operator, onClaim(decideClaimRequestSchema, denyClaim))
  app.post('/v1/review/claims/:id/adjust', operator, onClaim(adjustClaimRequestSchema, adjustClaim))
  app.post('/v1/review/claims/:id/dispute', operator, onClaim(decideClaimRequestSchema, disputePaidClaim))
  app.post('/v1/review/claims/:id/resolve', operator, onClaim(resolveDisputeRequestSchema, resolveDispute))

  app.delete('/v1/review/claims/:id/proposal', operator, async (c) => {
    const id = claimId(c)
    return wakeAfter(c, (claim) => withdrawProposal(c.var.ctx, c.var.actor, id, claim))
  })

  app.post('/v1/reinsurance/claims/:id/recovery', operator, onClaim(recoveryRequestSchema, recordRecovery))

  return app
}

type Request = HonoContext<{ Variables: Variables }>

/** A command on the claim of the path, with a body. */
function onClaim<Body>(
  schema: ZodType<Body>,
  command: (ctx: Context, actor: Actor, claimId: string, body: Body, claim: Claim) => Promise<Answer>,
): (c: Request) => Promise<Response> {
  return async (c) => {
    const id = claimId(c)
    const { value, raw } = await readBody(c, schema)
    return wakeAfter(c, (claim) => command(c.var.ctx, c.var.actor, id, value, claim), raw)
  }
}

/** Payouts and webhooks are queued by what it does. */
async function wakeAfter(
  c: Request,
  work: (claim: Claim) => Promise<Answer>,
  raw: Uint8Array<ArrayBuffer> = new Uint8Array(0),
): Promise<Response> {
  const answer = await answerOnce(c, raw, work)
  c.executionCtx.waitUntil(c.var.service.backOffice.wake())
  return answer
}

/** What is no id names no claim. */
function claimId(c: Request): string {
  const id = c.req.param('id') ?? ''
  if (!CLAIM_ID_PATTERN.test(id)) throw new Refusal('claim_not_found')
  return id
}
