import type { ObjectStore, PutOptions, StoredObject } from '../../core/publication/store.ts'

export interface PutRecord {
  readonly key: string
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly contentType: string
}

/** An object store in memory that keeps its history. Conditional puts are atomic, as R2's are. */
export class MemoryObjectStore implements ObjectStore {
  readonly objects = new Map<string, StoredObject & { readonly contentType: string }>()
  /** Every put that was written, in order. */
  readonly history: PutRecord[] = []
  #versions = 0

  async get(key: string): Promise<StoredObject | null> {
    await elsewhere()
    const object = this.objects.get(key)
    return object === undefined ? null : { bytes: object.bytes.slice(), etag: object.etag }
  }

  async put(key: string, bytes: Uint8Array<ArrayBuffer>, options: PutOptions): Promise<boolean> {
    const copy = bytes.slice()
    await elsewhere()
    const { ifMatch, contentType } = options
    if (ifMatch !== undefined && (this.objects.get(key)?.etag ?? null) !== ifMatch) return false
    this.tamper(key, copy, contentType)
    this.history.push({ key, bytes: copy, contentType })
    return true
  }

  /** As somebody else might, who has no part in the history. Null takes it away. */
  tamper(key: string, bytes: Uint8Array<ArrayBuffer> | null, contentType = 'application/octet-stream'): void {
    this.#versions++
    if (bytes === null) this.objects.delete(key)
    else this.objects.set(key, { bytes, etag: `v${this.#versions}`, contentType })
  }

  bytes(key: string): Uint8Array<ArrayBuffer> | null {
    return this.objects.get(key)?.bytes ?? null
  }
}

/** Others get their turn within each call, as they do over a network. */
function elsewhere(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
