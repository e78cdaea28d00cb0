/** Where published values go. They are untrusted there and can be rebuilt, so a lost write is only a slow read. */
export interface PublicStore {
  put(key: string, value: string): Promise<void>
}
