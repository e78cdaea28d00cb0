import { defineConfig } from 'vitest/config'

/** Tests with tools that are not ours, one file after the other: docs/peers.md. */
export default defineConfig({
  test: {
    name: 'peers',
    include: ['test/peers/**/*.test.ts'],
    globalSetup: 'test/peers/support/setup.ts',
    setupFiles: ['test/support/property-seed.ts'],
    environment: 'node',
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
})
