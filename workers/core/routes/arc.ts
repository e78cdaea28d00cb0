import { Hono } from 'hono'
import { listOffered, listRecorded } from '../../../core/arc/list.ts'
import { offerArcEntry, reviewArcEntry } from '../../../core/arc/publish.ts'
import { recordArcEntry } from '../../../core/arc/record.ts'
import { searchCatalogue } from '../../../core/arc/search.ts'
import { Refusal } from '../../../core/refusal.ts'
import {
  arcSearchRequestSchema,
  MAX_SEARCH_BYTES,
  recordArcRequestSchema,
  reviewArcRequestSchema,
} from '../../../schema/wire/arc.ts'
import { RECORDED_ARC_ID_PATTERN } from '../../../schema/wire/vocabulary.ts'
import { answerOnce } from '../answer.ts'
import type { App } from '../app.ts'
import { authorised } from '../authorised.ts'
import { readBody } from '../read-body.ts'

/** The public entries are served by the edge; here are the private ones, and what compares code with both. */
export function arcRoutes(): App {
  const app: App = new Hono()

  app.post('/v1/arc/search', authorised('certificates:read', 'certificates:write'), async (c) => {
    const { value } = await readBody(c, arcSearchRequestSchema, { maxBytes: MAX_SEARCH_BYTES })
    return c.json(await searchCatalogue(c.var.ctx, c.var.actor, value))
  })

  app.get('/v1/arc/recorded', authorised('certificates:read'), async (c) => {
    return c.json({ data: await listRecorded(c.var.ctx, c.var.actor), next_cursor: null })
  })

  app.post('/v1/arc/recorded', authorised('certificates:write'), async (c) => {
    const { value, raw } = await readBody(c, recordArcRequestSchema, { maxBytes: 2 * MAX_SEARCH_BYTES })
    return answerOnce(c, raw, (claim) => recordArcEntry(c.var.ctx, c.var.actor, value, claim))
  })

  app.post('/v1/arc/recorded/:id/offer', authorised('certificates:write'), async (c) => {
    const id = recordedId(c.req.param('id'))
    return answerOnce(c, new Uint8Array(0), (claim) => offerArcEntry(c.var.ctx, c.var.actor, id, claim))
  })

  app.get('/v1/arc/offered', authorised('operator'), async (c) => {
    return c.json({ data: await listOffered(c.var.ctx), next_cursor: null })
  })

  app.post('/v1/arc/recorded/:id/review', authorised('operator'), async (c) => {
    const id = recordedId(c.req.param('id'))
    const { value, raw } = await readBody(c, reviewArcRequestSchema)
    return answerOnce(c, raw, (claim) => reviewArcEntry(c.var.ctx, id, value.decision, claim))
  })

  return app
}

function recordedId(text: string): string {
  if (!RECORDED_ARC_ID_PATTERN.test(text)) throw new Refusal('arc_entry_not_found')
  return text
}
