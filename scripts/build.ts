import { createHash } from 'node:crypto'
import {
  copyFileSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'

const ROOT = path.resolve(import.meta.dirname, '..')
const PAGES = path.join(ROOT, 'workers', 'edge', 'pages')
const OUTPUT = path.join(ROOT, 'dist', 'assets')
const STAMP = path.join(ROOT, 'dist', 'assets.stamp')
const API_REFERENCE = path.join(ROOT, 'node_modules/@scalar/api-reference/dist/browser/standalone.js')
const DOCUMENTS = ['openapi.json', 'openapi-3.0.json']
const INPUTS = [
  'workers/edge/pages/**/*',
  'core/verify/**/*.ts',
  'schema/**/*.ts',
  'scripts/build.ts',
  'openapi*.json',
  'package-lock.json',
]

if (import.meta.main) {
  await buildAssets()
  console.log(`Built ${path.relative(process.cwd(), OUTPUT) || OUTPUT}`)
}

/**
 * Builds what the edge serves as files, under `dist/assets/assets/`: the pages' scripts and style sheets, the API
 * documents and the API reference's script. Does nothing when no input has changed since the last time.
 */
export async function buildAssets(): Promise<void> {
  const stamp = fingerprint()
  if (existsSync(OUTPUT) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stamp) return
  const unfinished = `${OUTPUT}.${process.pid}.new`
  const assets = path.join(unfinished, 'assets')
  try {
    mkdirSync(assets, { recursive: true })
    copyFileSync(API_REFERENCE, path.join(assets, 'api-reference.js'))
    for (const name of DOCUMENTS) copyFileSync(path.join(ROOT, name), path.join(assets, name))
    cpSync(path.join(PAGES, 'assets'), assets, { recursive: true })
    await bundlePageScripts(assets)
    await minifyStyles(assets)
    rmSync(OUTPUT, { recursive: true, force: true })
    renameSync(unfinished, OUTPUT)
    writeFileSync(STAMP, stamp)
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
}

async function bundlePageScripts(outdir: string): Promise<void> {
  await build({
    absWorkingDir: ROOT,
    entryPoints: globSync(path.join(PAGES, 'browser', '*.ts')),
    outdir,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    logLevel: 'error',
  })
}

async function minifyStyles(outdir: string): Promise<void> {
  const entryPoints = globSync(path.join(PAGES, 'assets', '*.css'))
  await build({
    absWorkingDir: ROOT,
    entryPoints,
    outdir,
    minify: true,
    allowOverwrite: true,
    logLevel: 'error',
  })
}

/** Names, sizes and times of the inputs: reading them all would cost more than it tells. */
function fingerprint(): string {
  const hash = createHash('sha256')
  for (const file of INPUTS.flatMap((pattern) => globSync(pattern, { cwd: ROOT })).sort()) {
    const { mtimeMs, size } = statSync(path.join(ROOT, file))
    hash.update(`${file}\0${mtimeMs}\0${size}\n`)
  }
  return hash.digest('hex')
}
