import { gzipSync } from 'node:zlib'
import type { Environment } from '../environment.ts'
import type { Measure } from './measure.ts'

const LIMIT_BYTES = 400 * 1024
/** The comment with which esbuild begins each module that talks to PostgreSQL. */
const POSTGRES_MODULE = /^\s*\/\/ node_modules\/(?:postgres|pg|pg-[\w-]+|drizzle-orm)\//gm

/** The edge Worker's script as it is uploaded. */
export function bundleMeasures(environment: Environment): Measure[] {
  return [
    {
      name: 'edge_bundle_gzip_bytes',
      unit: 'bytes',
      good: 'low',
      bar: 1,
      run: async () => {
        const script = (await environment.scripts())['edge.js'].script
        return {
          ours: gzipSync(script).length,
          limit: LIMIT_BYTES,
          note: `${Buffer.byteLength(script)} bytes unpacked`,
        }
      },
    },
    {
      name: 'edge_bundle_postgres_modules',
      unit: 'modules',
      good: 'low',
      bar: 0,
      run: async () => {
        const scripts = await environment.scripts()
        const count = (script: string) => script.match(POSTGRES_MODULE)?.length ?? 0
        const core = count(scripts['core.js'].script)
        if (core === 0)
          throw new Error('the count finds nothing in the core either: it no longer measures anything')
        return {
          ours: count(scripts['edge.js'].script),
          limit: core,
          note: 'against those of the core Worker',
        }
      },
    },
  ]
}
