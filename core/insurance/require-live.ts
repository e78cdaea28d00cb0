import type { Actor } from '../context.ts'
import { Refusal } from '../refusal.ts'

/**
 * Money, cover and what tells of them are real: test keys change nothing of it.
 *
 * @throws {Refusal} `live_key_required`
 */
export function requireLive(actor: Actor): void {
  if (!actor.livemode) throw new Refusal('live_key_required')
}
