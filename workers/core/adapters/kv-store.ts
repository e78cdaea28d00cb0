import type { PublicStore } from '../../../core/publication/store.ts'

/** Workers KV as the public store. */
export function createKvStore(kv: KVNamespace): PublicStore {
  return { put: (key, value) => kv.put(key, value) }
}
