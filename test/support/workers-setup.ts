import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import type { TestProject } from 'vitest/node'
import type { CoreForWorkers } from './core-for-workers.ts'

declare module 'vitest' {
  interface ProvidedContext {
    core: CoreForWorkers
  }
}

/**
 * Global set-up of the `workers` project. It runs in Node, but Vite would resolve its imports as for workerd; hence
 * Node's own import.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const require = createRequire(import.meta.url)
  const nativeImport: (url: string) => Promise<typeof import('./core-for-workers.ts')> =
    require('./native-import.cjs')
  const file = require.resolve('./core-for-workers.ts')
  const { startCoreForWorkers } = await nativeImport(pathToFileURL(file).href)
  const { core, stop } = await startCoreForWorkers()
  project.provide('core', core)
  return stop
}
