import { spawnSync } from 'node:child_process'
import path from 'node:path'

const ROOT = path.resolve(import.meta.dirname, '..')
const arguments_ = ['check', '--write', ...process.argv.slice(2)]
const result = spawnSync(path.join(ROOT, 'node_modules', '.bin', 'biome'), arguments_, {
  cwd: ROOT,
  stdio: 'inherit',
})
process.exitCode = result.status ?? 1
