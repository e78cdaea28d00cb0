/** What the network had published: public, untrusted, and perhaps newer than the database that was restored. */
export interface PublishedSource {
  /** An object by its R2 key (`schema/kv.ts`); null when there is none. @throws when it cannot be read */
  object(key: string): Promise<Uint8Array | null>
  /** The published trust root, JSON text; null when there is none. */
  trustRoot(): Promise<string | null>
  /** A checkpoint of the log that somebody has kept (a signed note): what is published must reach at least that far. */
  readonly keptCheckpoint?: Uint8Array | undefined
}

/** Recovery cannot go on without somebody's decision; nothing has been changed. */
export class RecoveryFailed extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'RecoveryFailed'
  }
}
