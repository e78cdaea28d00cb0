import type { Context as HonoContext } from 'hono'
import { pendingLeafHash, withInclusion } from '../../core/certificates/included.ts'
import type { Answer } from '../../core/idempotency/claim.ts'
import type { Variables } from './app.ts'
import { preferredWait } from './prefer.ts'

/** Who prefers to wait longer waits this long. */
const MAX_WAIT_S = 10

/**
 * `Prefer: wait=N`: keeps the answer back until a published checkpoint covers the certificate's entry, and puts the proof
 * into it; after N seconds it goes out as it is. What is stored for replays is never the answer with the proof.
 */
export async function awaitLog<A extends Answer>(
  c: HonoContext<{ Variables: Variables }>,
  answer: A,
): Promise<{ answer: A; headers: Record<string, string> }> {
  const preferred = preferredWait(c.req.header('prefer'))
  const leafHash = preferred === null ? null : pendingLeafHash(answer.body)
  const { logWaiter } = c.var.service
  if (preferred === null || leafHash === null || !logWaiter.hasRoom) return { answer, headers: {} }
  const wait = Math.min(preferred, MAX_WAIT_S)
  const proof = await logWaiter.waitFor(leafHash, wait * 1_000)
  const headers = { 'preference-applied': `wait=${wait}` }
  return { answer: proof === null ? answer : { ...answer, body: withInclusion(answer.body, proof) }, headers }
}
