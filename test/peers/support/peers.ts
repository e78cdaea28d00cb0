import { inject } from 'vitest'

/** What is installed, or why not. */
export type Installed =
  | { readonly found: true; readonly path: string }
  | { readonly found: false; readonly reason: string }

export type PeerName = 'cosign' | 'go libraries' | 'litewitness' | 'moto' | 'openssl' | 'stripe-mock'
export type Peers = Readonly<Record<PeerName, Installed>>

declare module 'vitest' {
  export interface ProvidedContext {
    peers: Peers
  }
}

/**
 * Where a peer is. Give `missing` to `describe.skipIf`: the run then counts its tests as skipped and says why at its
 * end.
 */
export function peer(name: PeerName): { readonly path: string; readonly missing: boolean } {
  const installed = inject('peers')[name]
  return installed.found ? { path: installed.path, missing: false } : { path: '', missing: true }
}
