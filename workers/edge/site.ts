import type { EdgeEnv } from './env.ts'
import type { Site } from './pages/page.ts'

/** What the pages say of the place where they are served. */
export function siteOf(env: EdgeEnv): Site {
  return { baseUrl: env.PUBLIC_BASE_URL, carrier: env.CARRIER_NAME?.trim() || null }
}
