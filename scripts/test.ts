import { buildAssets } from './build.ts'
import { runAndExit } from './tally.ts'

// Runs the tests whose file's path contains one of the arguments, or all; `vitest.config.ts` says which there are.
await runAndExit({ filters: process.argv.slice(2), prepare: buildAssets })
