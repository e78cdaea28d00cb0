import { startVitest, type TestModule, type Vitest } from 'vitest/node'

interface Tally {
  passed: number
  failed: number
  skipped: number
}

interface Run {
  /** Parts of the paths of the test files to run; all when empty. */
  readonly filters: string[]
  /** `vitest.config.ts` if none is named. */
  readonly config?: string
  prepare?(): Promise<unknown>
}

/** Runs tests and exits, with 1 unless some ran and none failed. The last line is `N passed, N failed[, N skipped]`. */
export async function runAndExit(run: Run): Promise<never> {
  const tally = await runTests(run)
  const ran = tally.passed + tally.failed > 0
  if (!ran) console.error('No test ran.')
  console.log(summary(tally))
  process.exit(ran && tally.failed === 0 ? 0 : 1)
}

async function runTests({ filters, config, prepare }: Run): Promise<Tally> {
  try {
    await prepare?.()
    const vitest = await startVitest(filters, {
      run: true,
      watch: false,
      passWithNoTests: true,
      ...(config === undefined ? {} : { config }),
    })
    const tally = count(vitest)
    await vitest.close()
    return tally
  } catch (error) {
    console.error(error)
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

/** A file that did not load, a failed hook and an error outside any test count as one failure each. */
function count(vitest: Vitest): Tally {
  const tally: Tally = { passed: 0, failed: vitest.state.getUnhandledErrors().length, skipped: 0 }
  for (const module of vitest.state.getTestModules()) {
    countModule(module, tally)
  }
  return tally
}

function countModule(module: TestModule, tally: Tally): void {
  let failedHere = 0
  for (const test of module.children.allTests()) {
    const { state } = test.result()
    if (state === 'passed') tally.passed++
    else if (state === 'skipped') tally.skipped++
    else failedHere++
  }
  const suites = [...module.children.allSuites()]
  const errors = module.errors().length + suites.reduce((sum, suite) => sum + suite.errors().length, 0)
  const broken = failedHere === 0 && !module.ok()
  tally.failed += failedHere + errors + (broken && errors === 0 ? 1 : 0)
}

function summary({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
