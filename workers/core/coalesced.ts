import { logLine } from './log.ts'

/**
 * At most one call at a time; what comes meanwhile shares the next one, which starts after it came. Never rejects.
 *
 * @param complaint what the log says when the call fails
 */
export function coalesced(complaint: string, call: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  let again = false
  const run = async () => {
    try {
      while (again) {
        again = false
        await call()
      }
    } catch (error) {
      again = false
      logLine('warn', complaint, { error })
    } finally {
      running = undefined
    }
  }
  return () => {
    again = true
    running ??= run()
    return running
  }
}
