import { spawnSync } from 'node:child_process'
import { cpSync, globSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'

const ROOT = path.resolve(import.meta.dirname, '..')
/** Drizzle takes only a path below the folder it runs in. */
const SCRATCH = path.join('dist', `migrations-${process.pid}`)

const committed = listMigrations(path.join('schema', 'migrations'))
try {
  rmSync(path.join(ROOT, SCRATCH), { recursive: true, force: true })
  cpSync(path.join(ROOT, 'schema', 'migrations'), path.join(ROOT, SCRATCH), { recursive: true })
  generate()
  const missing = listMigrations(SCRATCH).filter((file) => !committed.includes(file))
  for (const file of missing) console.error(readFileSync(path.join(ROOT, SCRATCH, file), 'utf8'))
  if (missing.length > 0) {
    console.error('schema/migrations lacks the above: run `npx drizzle-kit generate --name WHAT_IT_DOES`.')
    process.exitCode = 1
  }
} finally {
  rmSync(path.join(ROOT, SCRATCH), { recursive: true, force: true })
}

function generate(): void {
  const args = ['generate', '--dialect', 'postgresql', '--schema', './schema/tables/*.ts', '--out', SCRATCH]
  const result = spawnSync(path.join(ROOT, 'node_modules', '.bin', 'drizzle-kit'), args, {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (result.status !== 0) throw new Error(`drizzle-kit failed: ${result.stdout}${result.stderr}`)
}

function listMigrations(folder: string): string[] {
  return globSync('*.sql', { cwd: path.join(ROOT, folder) })
}
