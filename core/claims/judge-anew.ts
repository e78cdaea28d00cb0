import type { Context } from '../context.ts'
import { evaluateBreaker } from '../insurance/breaker.ts'

/**
 * Has the circuit breaker look at the books after claims changed them. The change is committed by then, whatever becomes of
 * this; the breaker looks again every hour.
 */
export async function judgeAnew(ctx: Context): Promise<void> {
  await evaluateBreaker(ctx).catch(() => {})
}
