import type { FileChange } from '../analysis/change.ts'
import { FINGERPRINT_VERSION, fingerprint, type Grams, winnow } from '../analysis/similarity/winnow.ts'
import { languageOf } from '../analysis/source/language.ts'
import { tokenise } from '../analysis/source/tokens.ts'
import { fromBase64, toBase64 } from '../verify/encoding.ts'
import { pack, unpack } from './packed.ts'

/** The distinct fingerprints of the added lines of files whose language is known. */
export function fingerprintFiles(files: readonly FileChange[]): number[] {
  const hashes = new Set<number>()
  for (const { path, content, addedLines } of files) {
    const language = languageOf(path)
    if (language === null) continue
    for (const { hash } of fingerprint(tokenise(content, language), content, { lines: addedLines }))
      hashes.add(hash)
  }
  return [...hashes]
}

/** Of one change: more is too much to tell which part of it caused an incident. */
const MAX_KEPT_FINGERPRINTS = 2_000

/** What is kept of a certified change, so that an incident that it causes can be recognised. It is no code. */
export interface KeptFingerprints {
  readonly version: number
  /** By file, in the order of the change: packed hashes in Base64. */
  readonly files: readonly { readonly path: string; readonly hashes: string }[]
}

/**
 * Fingerprints of the grams that a change was compared by: nothing is tokenised again. Where the lines of a change touch old
 * code, windows may choose other grams than {@link fingerprintFiles} does; those too are grams of the change.
 */
export function keepFingerprints(grams: readonly Grams[], paths: readonly string[]): KeptFingerprints {
  const seen = new Set<number>()
  const files: { path: string; hashes: string }[] = []
  for (const [file, { hash }] of grams.entries()) {
    const own: number[] = []
    for (const place of winnow(hash)) {
      const fingerprint = hash[place]!
      if (seen.has(fingerprint) || seen.size === MAX_KEPT_FINGERPRINTS) continue
      seen.add(fingerprint)
      own.push(fingerprint)
    }
    if (own.length > 0) files.push({ path: paths[file]!, hashes: toBase64(pack(own)) })
    if (seen.size === MAX_KEPT_FINGERPRINTS) break
  }
  return { version: FINGERPRINT_VERSION, files }
}

export function unpackKept(hashes: string): number[] {
  const bytes = fromBase64(hashes)
  return bytes === null ? [] : unpack(bytes)
}
