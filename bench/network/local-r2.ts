import { copyFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

/** Where Miniflare has the Workers that its local R2 is made of, and the files that the configuration embeds them from. */
const WORKERS = {
  'r2-entry.js': 'shared/object-entry.worker.js',
  'r2-bucket.js': 'r2/bucket.worker.js',
  'r2-shared.js': 'shared/index.worker.js',
  'r2-zod.js': 'shared/zod.worker.js',
} as const

/** Miniflare runs its own Workers under this date, and the bucket with these flags. */
const COMPATIBILITY = 'compatibilityDate = "2023-07-24"'
const BUCKET_FLAGS = 'compatibilityFlags = ["nodejs_compat", "experimental"]'
const BUCKET_CLASS = 'R2BucketObject'

/**
 * R2's local store as `wrangler dev` and `npm start` have it, without the proxy in front: Miniflare's Workers, which keep
 * objects in files and their names in SQLite. Parts of the configuration of workerd, which must allow experimental flags.
 */
export interface LocalR2 {
  /** The service `r2` speaks the protocol of the `r2Bucket` binding. */
  readonly services: readonly string[]
  readonly constants: readonly string[]
  readonly extension: string
}

/** @param directory where the objects are */
export function describeLocalR2(directory: string): LocalR2 {
  return {
    services: [
      '(name = "r2", worker = .r2Entry)',
      '(name = "r2-bucket", worker = .r2Bucket)',
      `(name = "r2-disk", disk = (path = ${JSON.stringify(directory)}, writable = true))`,
    ],
    constants: [
      `const r2Entry :Workerd.Worker = (
  modules = [(name = "r2-entry.js", esModule = embed "r2-entry.js")],
  ${COMPATIBILITY},
  bindings = [
    (name = "MINIFLARE_NAMESPACE", text = "coderisk-trust"),
    (name = "MINIFLARE_OBJECT", durableObjectNamespace = (className = "${BUCKET_CLASS}", serviceName = "r2-bucket"))
  ]
);`,
      `const r2Bucket :Workerd.Worker = (
  modules = [(name = "r2-bucket.js", esModule = embed "r2-bucket.js")],
  ${COMPATIBILITY},
  ${BUCKET_FLAGS},
  durableObjectNamespaces = [(className = "${BUCKET_CLASS}", uniqueKey = "miniflare-${BUCKET_CLASS}")],
  durableObjectStorage = (localDisk = "r2-disk"),
  bindings = [(name = "MINIFLARE_BLOBS", service = "r2-disk")]
);`,
    ],
    extension:
      '(modules = [(name = "miniflare:shared", esModule = embed "r2-shared.js"), (name = "miniflare:zod", esModule = embed "r2-zod.js")])',
  }
}

/** Puts what the configuration embeds beside it. */
export function copyLocalR2(directory: string): void {
  const miniflare = path.dirname(createRequire(import.meta.url).resolve('miniflare'))
  for (const [name, worker] of Object.entries(WORKERS)) {
    copyFileSync(path.join(miniflare, 'workers', worker), path.join(directory, name))
  }
}
