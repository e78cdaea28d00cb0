import { within } from './deadline.ts'
import type { EdgeEnv } from './env.ts'

export type ReadObject =
  | { readonly ok: true; readonly bytes: Uint8Array<ArrayBuffer>; readonly etag: string }
  | { readonly ok: false; readonly reason: 'not_found' | 'too_large' | 'unavailable' }

const R2_WAIT_MS = 2_500

/**
 * An object of R2, as untrusted as a value of KV. Never throws.
 *
 * @param maximum bytes; of a larger one nothing is read
 */
export async function readObject(env: EdgeEnv, key: string, maximum: number): Promise<ReadObject> {
  try {
    return await within(R2_WAIT_MS, read(env, key, maximum))
  } catch {
    return { ok: false, reason: 'unavailable' }
  }
}

async function read(env: EdgeEnv, key: string, maximum: number): Promise<ReadObject> {
  const object = await env.TRUST_R2.get(key)
  if (object === null) return { ok: false, reason: 'not_found' }
  if (object.size > maximum) {
    await object.body.cancel()
    return { ok: false, reason: 'too_large' }
  }
  return { ok: true, bytes: new Uint8Array(await object.arrayBuffer()), etag: object.etag }
}
