import path from 'node:path'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { unstable_getMiniflareWorkerOptions as readWorkerOptions } from 'wrangler'
import type { PublishedSource } from '../core/recovery/source.ts'
import { LOG_SIGNED_CHECKPOINT_OBJECT, TRUST_ROOT_KEY } from '../schema/kv.ts'

const ROOT = path.resolve(import.meta.dirname, '..')
const TIMEOUT_MS = 30_000

/** What a running network serves to everyone. @param baseUrl `https://coderisk.com` */
export function publishedOver(baseUrl: string): PublishedSource {
  const get = async (url: string) => {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) })
    if (response.status === 404) return null
    if (!response.ok) throw new Error(`${url} answered ${response.status}`)
    return new Uint8Array(await response.arrayBuffer())
  }
  return {
    // The log is served under its own name; a checkpoint that only witnesses have seen is not served.
    object: async (key) => {
      if (key === LOG_SIGNED_CHECKPOINT_OBJECT) return null
      return get(`${baseUrl}/${key.startsWith('status-lists/') ? `v1/${key}` : key}`)
    },
    async trustRoot() {
      const bytes = await get(`${baseUrl}/.well-known/coderisk/trust-root.json`)
      return bytes === null ? null : new TextDecoder().decode(bytes)
    },
  }
}

/** What the local stack has published, read from its files while it does not run. */
export async function publishedIn(
  persistDirectory: string,
): Promise<PublishedSource & { close(): Promise<void> }> {
  const { workerOptions } = readWorkerOptions(path.join(ROOT, 'wrangler.toml'))
  const { kvNamespaces, r2Buckets } = workerOptions as unknown as StorageBindings
  const reader = { name: 'published', modules: true, script: 'export default {}', kvNamespaces, r2Buckets }
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({ cf: false, resourcePersistencePath: persistDirectory, workers: [reader] }),
  )
  const [kv, bucket] = await Promise.all([
    miniflare.getKVNamespace('TRUST_KV'),
    miniflare.getR2Bucket('TRUST_R2'),
  ])
  return {
    async object(key) {
      const object = await bucket.get(key)
      return object === null ? null : new Uint8Array(await object.arrayBuffer())
    },
    trustRoot: async () => kv.get(TRUST_ROOT_KEY, 'text'),
    close: () => miniflare.dispose(),
  }
}

interface StorageBindings {
  readonly kvNamespaces: Record<string, string>
  readonly r2Buckets: Record<string, string>
}
