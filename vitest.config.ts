import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { edgeUnderTest } from './test/support/edge-under-test.ts'

/** What waits for a database, for keys of 4096 bits or for a browser, on a machine that is doing other work too. */
const SLOW = { testTimeout: 60_000, hookTimeout: 120_000 }

/** Four kinds of tests, run one kind after the other. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          setupFiles: ['test/support/property-seed.ts'],
          environment: 'node',
          pool: 'forks',
          maxWorkers: 2,
          testTimeout: 20_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        plugins: [cloudflareTest(edgeUnderTest)],
        test: {
          name: 'workers',
          include: ['test/workers/**/*.test.ts'],
          globalSetup: 'test/support/workers-setup.ts',
          maxWorkers: 1,
          ...SLOW,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'flows',
          include: ['test/flows/**/*.test.ts'],
          setupFiles: ['test/support/property-seed.ts'],
          environment: 'node',
          pool: 'forks',
          maxWorkers: 2,
          ...SLOW,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          environment: 'node',
          pool: 'forks',
          maxWorkers: 1,
          ...SLOW,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
})
