import { isRecord } from '../../../../../core/verify/reading.ts'
import { parse } from './network.ts'

/** The network root key that this browser saw here first: when another one comes, a person is to hear of it. */
export interface RememberedKey {
  readonly thumbprint: string
  /** RFC 3339. */
  readonly since: string
  /** The highest version of a trust root that it accepted. */
  readonly version: number
}

const NAME = 'coderisk-root-key'

/** @returns null when there is none, or this browser keeps nothing */
export function rememberedKey(): RememberedKey | null {
  const value = parse(attempt(() => localStorage.getItem(NAME)) ?? null)
  if (!isRecord(value)) return null
  const { thumbprint, since, version } = value
  if (typeof thumbprint !== 'string' || typeof since !== 'string' || !Number.isSafeInteger(version))
    return null
  return { thumbprint, since, version: Number(version) }
}

export function rememberKey(key: RememberedKey): void {
  attempt(() => localStorage.setItem(NAME, JSON.stringify(key)))
}

function attempt<T>(use: () => T): T | undefined {
  try {
    return use()
  } catch {
    return undefined
  }
}
