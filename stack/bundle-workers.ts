import { readFileSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import path from 'node:path'
import { type BuildOptions, build, type Plugin } from 'esbuild'

const ROOT = path.resolve(import.meta.dirname, '..')

/** What wrangler bundles with, for both Workers. */
const COMMON: BuildOptions = {
  absWorkingDir: ROOT,
  bundle: true,
  write: false,
  format: 'esm',
  target: 'es2024',
  platform: 'node',
  mainFields: ['browser', 'module', 'main'],
  conditions: ['workerd', 'worker', 'browser'],
  external: ['cloudflare:*', 'node:*'],
  // As `[alias]` of wrangler.toml has it.
  alias: { anafanafo: path.join(ROOT, 'workers/edge/badge-widths.ts') },
  define: { 'process.env.NODE_ENV': '"production"' },
  logLevel: 'silent',
}

/** One Worker as wrangler would upload it: a single ES module, and the WebAssembly that it imports. */
export interface WorkerBundle {
  readonly script: string
  /** Bytes of each module, by the name under which the script imports it. */
  readonly wasm: Readonly<Record<string, Uint8Array>>
}

export async function bundleWorker(entryPoint: string): Promise<WorkerBundle> {
  const wasm: Record<string, Uint8Array> = {}
  const plugins = [requiredBuiltins, collectWebAssembly(wasm)]
  const result = await build({ ...COMMON, entryPoints: [entryPoint], plugins })
  return { script: result.outputFiles![0]!.text, wasm }
}

const require = createRequire(import.meta.url)

function collectWebAssembly(found: Record<string, Uint8Array>): Plugin {
  return {
    name: 'web-assembly',
    setup(build) {
      build.onResolve({ filter: /\.wasm$/ }, ({ path: specifier }) => {
        const name = path.basename(specifier)
        found[name] ??= readFileSync(require.resolve(specifier))
        return { path: `./${name}`, external: true }
      })
    },
  }
}

/** A module of a Worker cannot `require`: what CommonJS packages require of Node becomes an import. */
const requiredBuiltins: Plugin = {
  name: 'required-builtins',
  setup(build) {
    build.onResolve({ filter: /^[a-z_:/0-9]+$/ }, ({ kind, path: name }) => {
      if (!isBuiltin(name)) return undefined
      const builtin = name.startsWith('node:') ? name : `node:${name}`
      return kind === 'require-call'
        ? { path: builtin, namespace: 'required-builtin' }
        : { path: builtin, external: true }
    })
    build.onLoad({ filter: /.*/, namespace: 'required-builtin' }, (args) => ({
      contents: `import builtin from '${args.path}'\nmodule.exports = builtin`,
      loader: 'js',
    }))
  },
}
