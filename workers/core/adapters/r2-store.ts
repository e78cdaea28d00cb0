import type { ObjectStore } from '../../../core/publication/store.ts'

/** R2 as the store of public objects. */
export function createR2Store(bucket: R2Bucket): ObjectStore {
  return {
    async get(key) {
      const object = await bucket.get(key)
      return object === null ? null : { bytes: new Uint8Array(await object.arrayBuffer()), etag: object.etag }
    },
    async put(key, bytes, { contentType, ifMatch }) {
      const written = await bucket.put(key, bytes, {
        httpMetadata: { contentType },
        ...(ifMatch === undefined ? {} : { onlyIf: condition(ifMatch) }),
      })
      return written !== null
    },
  }
}

function condition(ifMatch: string | null): R2Conditional {
  return ifMatch === null ? { etagDoesNotMatch: '*' } : { etagMatches: ifMatch }
}
