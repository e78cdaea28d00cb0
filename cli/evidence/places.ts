/**
 * Where tools leave their reports, below a project's folder. Of each group the first that can be sent is: the
 * others are the same run in other formats.
 */
export const COVERAGE_PLACES: readonly (readonly string[])[] = [
  // Istanbul, nyc, c8, Jest, Vitest
  ['coverage/lcov.info', 'coverage/coverage-final.json', 'coverage/cobertura-coverage.xml'],
  ['lcov.info'],
  // coverage.py
  ['coverage.xml', 'coverage.lcov'],
  // coverlet, PHPUnit, cargo-tarpaulin
  ['coverage/cobertura.xml', 'coverage/coverage.xml'],
  ['cobertura.xml'],
  // Maven, Gradle
  ['target/site/jacoco/jacoco.xml'],
  ['target/site/jacoco-aggregate/jacoco.xml'],
  ['build/reports/jacoco/test/jacocoTestReport.xml'],
  // go test -coverprofile
  ['coverage.out', 'cover.out', 'cover/coverage.out', 'c.out', 'coverage.txt'],
]

/** Folders in which every `*.sarif` and `*.sarif.json` is taken; the empty one is the project's own. */
export const SARIF_FOLDERS: readonly string[] = [
  '',
  'sarif',
  '.sarif',
  'results',
  'reports',
  'build/reports',
  'build/reports/detekt',
  'build/reports/spotbugs',
  'target',
]

export const SARIF_NAME = /\.sarif(\.json)?$/i

/** Folders of which each folder is a project of its own. */
export const WORKSPACES: readonly string[] = ['packages', 'apps', 'libs', 'services', 'modules', 'crates']

/** Folders that hold no project: what was installed, what was built, and what the places above name. */
export const NO_PROJECTS: ReadonlySet<string> = new Set([
  ...['node_modules', 'vendor', 'dist', 'build', 'target', 'out', 'bin', 'obj'],
  ...['coverage', 'cover', 'sarif', 'results', 'reports', ...WORKSPACES],
])
