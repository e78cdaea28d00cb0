import { within } from '../../../core/deadline.ts'
import type { ObjectStore } from '../../../core/publication/store.ts'

/** A call that takes longer has failed, as far as we know: nobody waits for ever, and what is put is put again. */
export const CALL_LIMIT_MS = 10_000

/** R2 as the store of public objects. A call that R2 does not answer in time is rejected; it may have been done. */
export function createR2Store(bucket: R2Bucket): ObjectStore {
  return {
    get: (key) => within(CALL_LIMIT_MS, read(bucket, key), 'R2'),
    async put(key, bytes, { contentType, ifMatch }) {
      const put = bucket.put(key, bytes, {
        httpMetadata: { contentType },
        ...(ifMatch === undefined ? {} : { onlyIf: condition(ifMatch) }),
      })
      return (await within(CALL_LIMIT_MS, put, 'R2')) !== null
    },
  }
}

async function read(bucket: R2Bucket, key: string) {
  const object = await bucket.get(key)
  return object === null ? null : { bytes: new Uint8Array(await object.arrayBuffer()), etag: object.etag }
}

function condition(ifMatch: string | null): R2Conditional {
  return ifMatch === null ? { etagDoesNotMatch: '*' } : { etagMatches: ifMatch }
}
