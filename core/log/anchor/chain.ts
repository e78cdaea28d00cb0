/** An Ethereum-compatible chain that checkpoints are written to. */
export interface AnchorChain {
  /**
   * Signs a transaction that carries `data` and nothing else; it is not sent. Its hash is known from here on, so that
   * it can be recorded before anything irreversible happens.
   */
  prepare(data: Uint8Array): Promise<PreparedTransaction>
  /** Sends it. Sending it again has the effect of once. @throws when the chain cannot be reached or refuses it */
  send(rawTransaction: string): Promise<void>
  /** The block that it is in, once that has enough blocks behind it; null before. */
  confirmation(transactionHash: string): Promise<{ readonly blockNumber: number } | null>
}

export interface PreparedTransaction {
  readonly chainId: number
  /** `0x` and 64 hex digits. */
  readonly hash: string
  /** The signed transaction, `0x` and hex. */
  readonly raw: string
}
