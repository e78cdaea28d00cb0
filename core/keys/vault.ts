/** Signs bytes with one key. Implementations: keys sealed in PostgreSQL, and AWS KMS. */
export interface Signer {
  readonly kid: string
  /**
   * RSASSA-PKCS1-v1_5 with SHA-256, RSA-4096: 512 bytes.
   *
   * @throws {Refusal} `signing_unavailable` when the key is kept elsewhere and cannot be had there
   */
  sign(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>
}

/** A public signing key as RFC 7517 writes it. */
export interface PublicRsaJwk {
  readonly kty: 'RSA'
  readonly n: string
  readonly e: string
}

export interface GeneratedKey {
  readonly publicJwk: PublicRsaJwk
  /** Seals the private half, or a reference to it, for `kid`; what comes back is what `signer` takes. */
  seal(kid: string): Promise<Uint8Array<ArrayBuffer>>
}

/** An Ed25519 key of the transparency log. */
export interface GeneratedLogKey {
  /** c2sp.org/signed-note: `name+hash+base64`. */
  readonly verifierKey: string
  readonly sealedPrivateKey: Uint8Array<ArrayBuffer>
}

/** Signs the text of notes: 64 bytes, Ed25519. */
export interface LogSigner {
  sign(text: string): Promise<Uint8Array<ArrayBuffer>>
}

/** Where private keys live: it makes them, and signs with them, and never gives one out. */
export interface KeyVault {
  generate(): Promise<GeneratedKey>
  /** The signer for a sealed key; opened keys are kept in memory, at most a few. */
  signer(kid: string, sealed: Uint8Array): Promise<Signer>
  /** Makes the key that signs the log's checkpoints. @param name the log's origin */
  generateLogKey(name: string): Promise<GeneratedLogKey>
  /** The signer of a log's checkpoints. @param verifierKey as it was made, c2sp.org/signed-note */
  logSigner(verifierKey: string, sealed: Uint8Array): Promise<LogSigner>
  /** Seals a secret of a customer's, such as what its webhooks are signed with. @param name additional data: the id of its row */
  sealSecret(name: string, secret: string): Promise<Uint8Array<ArrayBuffer>>
  /** @throws when it was not sealed under this name, or with another key */
  openSecret(name: string, sealed: Uint8Array): Promise<string>
  /** Whether the network root key is here; it is not where that key is kept offline. */
  readonly signsTrustRoot: boolean
  /** Signs the trust root with the network root key, or null where that key is kept offline. */
  signTrustRoot(payload: Uint8Array<ArrayBuffer>): Promise<FlattenedJws | null>
}

/** RFC 7515 §7.2.2. */
export interface FlattenedJws {
  readonly protected: string
  readonly payload: string
  readonly signature: string
}
