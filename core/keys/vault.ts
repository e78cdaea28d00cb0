/** Signs bytes with one key. Implementations: sealed keys in PostgreSQL (AWS KMS is to follow). */
export interface Signer {
  readonly kid: string
  /** RSASSA-PKCS1-v1_5 with SHA-256, RSA-4096: 512 bytes. */
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
  /** Seals the private half for `kid`; what comes back is what `signer` takes. */
  seal(kid: string): Promise<Uint8Array<ArrayBuffer>>
}

/** Where private keys live: it makes them, and signs with them, and never gives one out. */
export interface KeyVault {
  generate(): Promise<GeneratedKey>
  /** The signer for a sealed key; opened keys are kept in memory, at most a few. */
  signer(kid: string, sealed: Uint8Array): Promise<Signer>
  /** Signs the trust root with the network root key, or null where that key is kept offline. */
  signTrustRoot(payload: Uint8Array<ArrayBuffer>): Promise<FlattenedJws | null>
}

/** RFC 7515 §7.2.2. */
export interface FlattenedJws {
  readonly protected: string
  readonly payload: string
  readonly signature: string
}
