/**
 * The rate-limiting binding, as a workerd extension: counts per key and window in the memory of the isolate, as
 * production counts in the memory of the machine. Every call is made and counted; only the limit is out of reach.
 */
export default function wrap(_env: unknown): RateLimit {
  const counts = new Map<string, number>()
  let windowEnds = 0
  return {
    async limit({ key }) {
      const now = Date.now()
      if (now >= windowEnds) {
        counts.clear()
        windowEnds = now + WINDOW_MS
      }
      const count = (counts.get(key) ?? 0) + 1
      counts.set(key, count)
      return { success: count <= LIMIT }
    },
  }
}

const WINDOW_MS = 60_000
const LIMIT = 1_000_000_000
