/** Where published values go. They are untrusted there and can be rebuilt, so a lost write is only a slow read. */
export interface PublicStore {
  put(key: string, value: string): Promise<void>
}

export interface StoredObject {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Names this version of the object. */
  readonly etag: string
}

export interface PutOptions {
  readonly contentType: string
  /** `null`: only if there is none; else only if it still is this version. */
  readonly ifMatch?: string | null
}

/** Objects that are read over HTTP: tiles, checkpoints, status lists. As untrusted as {@link PublicStore}. */
export interface ObjectStore {
  get(key: string): Promise<StoredObject | null>
  /** @returns whether it was written; false only where `ifMatch` did not hold */
  put(key: string, bytes: Uint8Array<ArrayBuffer>, options: PutOptions): Promise<boolean>
}

/** Everywhere that published values go. */
export interface Stores {
  readonly values: PublicStore
  readonly objects: ObjectStore
}
