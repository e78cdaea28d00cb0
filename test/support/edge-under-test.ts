import type { cloudflareTest } from '@cloudflare/vitest-plugin'
import { configureCore, edgeVariables } from '../../stack/worker-configuration.ts'
import type { CoreForWorkers } from './core-for-workers.ts'

type PoolOptions = Extract<Parameters<typeof cloudflareTest>[0], (context: never) => unknown>

/** The `workers` project: tests run inside the edge Worker, beside a real core Worker on a real database. */
export const edgeUnderTest: PoolOptions = ({ inject }) => {
  const core = inject<CoreForWorkers>('core')
  return {
    wrangler: { configPath: './wrangler.toml' },
    miniflare: {
      cf: false,
      // The core's log lines; what matters of them is in the answers.
      handleStructuredLogs: () => {},
      bindings: edgeVariables(core),
      workers: [configureCore(core, core.bundle).worker],
    },
  }
}
