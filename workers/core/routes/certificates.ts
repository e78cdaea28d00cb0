import { Hono } from 'hono'
import { issueCertificate } from '../../../core/certificates/issue.ts'
import { listCertificates } from '../../../core/certificates/list.ts'
import { readReport } from '../../../core/certificates/report.ts'
import { revokeCertificate } from '../../../core/certificates/revoke.ts'
import { recordOutcome } from '../../../core/outcomes/record.ts'
import { Refusal } from '../../../core/refusal.ts'
import { listQuerySchema } from '../../../schema/wire/certificate.ts'
import { issueRequestSchema, MAX_FILES, MAX_ISSUE_BODY_BYTES } from '../../../schema/wire/issue.ts'
import { revokeRequestSchema } from '../../../schema/wire/revocation.ts'
import { recordOutcomeRequestSchema } from '../../../schema/wire/settings.ts'
import { CERTIFICATE_ID_PATTERN } from '../../../schema/wire/vocabulary.ts'
import { answerJson, answerOnce, respond, runOnce } from '../answer.ts'
import type { App } from '../app.ts'
import { authorised } from '../authorised.ts'
import { awaitLog } from '../await-log.ts'
import { limitContents, limitFileCount } from '../limits.ts'
import { readBody, validate } from '../read-body.ts'

export function certificateRoutes(): App {
  const app: App = new Hono()

  app.post('/v1/trust/verify', authorised('certificates:write'), async (c) => {
    const { value, raw } = await readBody(c, issueRequestSchema, {
      maxBytes: MAX_ISSUE_BODY_BYTES,
      inspect: (json) => limitFileCount(json, MAX_FILES),
    })
    limitContents(value)
    const settled = await runOnce(c, raw, async (claim) => {
      const issued = await issueCertificate(c.var.ctx, c.var.actor, value, claim)
      return issued.answer
    })
    c.executionCtx.waitUntil(c.var.service.publisher.publish())
    const { answer, headers } = await awaitLog(c, settled)
    return respond(answer, headers)
  })

  app.get('/v1/trust/certs', authorised('certificates:read'), async (c) => {
    const page = validate(listQuerySchema, c.req.query())
    return answerJson(await listCertificates(c.var.ctx, c.var.actor, page))
  })

  app.get('/v1/trust/certs/:id/report', authorised('certificates:read'), async (c) => {
    return c.json(await readReport(c.var.ctx, c.var.actor, certificateId(c.req.param('id'))))
  })

  app.post('/v1/trust/certs/:id/revoke', authorised('certificates:write', 'operator'), async (c) => {
    const id = certificateId(c.req.param('id'))
    const { value, raw } = await readBody(c, revokeRequestSchema, { optional: true })
    const answer = await answerOnce(c, raw, (claim) =>
      revokeCertificate(c.var.ctx, c.var.actor, id, value, claim),
    )
    c.executionCtx.waitUntil(c.var.service.publisher.publish())
    return answer
  })

  app.post('/v1/trust/certs/:id/outcome', authorised('certificates:write'), async (c) => {
    const id = certificateId(c.req.param('id'))
    const { value, raw } = await readBody(c, recordOutcomeRequestSchema)
    return answerOnce(c, raw, (claim) => recordOutcome(c.var.ctx, c.var.actor, id, value, claim))
  })

  return app
}

/** What is no id names no certificate; nothing but an id goes further. */
function certificateId(text: string): string {
  if (!CERTIFICATE_ID_PATTERN.test(text)) throw new Refusal('certificate_not_found')
  return text
}
