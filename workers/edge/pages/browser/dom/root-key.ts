import { formatTime } from '../../format.ts'
import type { RootKey } from '../../proof/root-key.ts'
import { element, find } from './element.ts'
import { rememberedKey, rememberKey } from './remembered-key.ts'

/** Shows by which root key bundles are judged, and remembers it when it is the first one seen here. */
export function showRootKey(rootKey: RootKey | null): void {
  const line = find<HTMLElement>('[data-root-key]')
  if (rootKey === null) return
  find('#root-key').textContent = rootKey.thumbprint
  line.hidden = false
  const known = rememberedKey()
  if (known === null) {
    rememberKey({ thumbprint: rootKey.thumbprint, since: new Date().toISOString(), version: 0 })
  } else if (known.thumbprint === rootKey.thumbprint) {
    line.append(` This browser has seen it here since ${formatTime(known.since)}.`)
  } else {
    const warning = `It is not the key that this browser has seen here since ${formatTime(known.since)} (${known.thumbprint}). Rely on it only if the network has announced a new one.`
    line.append(' ', element('strong', 'tone--bad warning', warning))
  }
}

/** The highest version of a trust root by this key that was accepted here; none older counts. */
export function acceptedVersion({ thumbprint }: RootKey): number {
  const known = rememberedKey()
  return known?.thumbprint === thumbprint ? known.version : 0
}

export function rememberVersion({ thumbprint }: RootKey, version: number): void {
  const known = rememberedKey()
  if (known?.thumbprint === thumbprint && version > known.version) rememberKey({ ...known, version })
}
