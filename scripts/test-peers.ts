import { runAndExit } from './tally.ts'

// Has other people's tools check our work: docs/peers.md. Runs the tests whose file's path contains one of the
// arguments, or all of `vitest.peers.config.ts`.
await runAndExit({ filters: process.argv.slice(2), config: 'vitest.peers.config.ts' })
