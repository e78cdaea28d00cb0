import type { NetworkSecrets } from '../../stack/secrets.ts'

/** The file descriptor on which a core that will crash answers its client. */
export const ANSWER_STREAM = 4

export interface CrashOrder {
  readonly appDatabaseUrl: string
  readonly publicBaseUrl: string
  readonly secrets: NetworkSecrets
  /** Takes `PUT /key`: the parent's way into the network's KV. */
  readonly storeUrl: string
  /** Takes `GET` and `PUT /key`, conditional ones too: the parent's way into the network's R2. */
  readonly objectsUrl: string
  readonly request: { readonly path: string; readonly headers: Record<string, string>; readonly body: string }
  /** Which step is the last; past the end, the process ends by itself. */
  readonly lastStep: number
}
