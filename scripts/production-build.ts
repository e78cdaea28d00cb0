import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { buildAssets } from './build.ts'

const ROOT = path.resolve(import.meta.dirname, '..')
const EDGE_LIMIT_BYTES = 400 * 1024
/** Words that only PostgreSQL's client and the query builder say. */
const DATABASE_CODE = /pg_catalog|postgres:\/\/|SASLInitialResponse|drizzle:Table|unsafe_prepared/

await buildAssets()
const edge = dryRun('wrangler.toml', 'edge')
dryRun('workers/core/wrangler.toml', 'core')

const size = gzipSync(readFileSync(edge)).length
const summary = `edge bundle: ${(size / 1024).toFixed(1)} KB gzip`
if (size >= EDGE_LIMIT_BYTES) fail(`${summary}; ${EDGE_LIMIT_BYTES / 1024} KB is the limit`)
const trace = DATABASE_CODE.exec(readFileSync(edge, 'utf8'))
if (trace !== null) fail(`the edge bundle contains database code (“${trace[0]}”)`)
console.log(`${summary}, core bundle: ${(statSync(bundle('core')).size / 1024).toFixed(0)} KB`)

/** Builds as for production, without uploading. @returns the bundle */
function dryRun(config: string, name: string): string {
  const args = ['deploy', '--dry-run', '--config', config, '--outdir', path.dirname(bundle(name))]
  const result = spawnSync(path.join(ROOT, 'node_modules', '.bin', 'wrangler'), args, {
    cwd: ROOT,
    encoding: 'utf8',
    env: {
      ...process.env,
      WRANGLER_SEND_METRICS: 'false',
      CI: '1',
      WRANGLER_LOG_PATH: path.join(ROOT, 'dist', 'logs'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (result.status !== 0) fail(`wrangler deploy --dry-run of ${config}:\n${result.stdout}${result.stderr}`)
  return bundle(name)
}

function bundle(name: string): string {
  return path.join(ROOT, 'dist', name, 'index.js')
}

function fail(message: string): never {
  console.error(message)
  process.exit(1)
}
