import { isBuiltin } from 'node:module'
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

/** One Worker as a single ES module, as wrangler would upload it. */
export async function bundleWorker(entryPoint: string): Promise<string> {
  const result = await build({ ...COMMON, entryPoints: [entryPoint], plugins: [requiredBuiltins] })
  return result.outputFiles![0]!.text
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
