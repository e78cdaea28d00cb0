import type { FileChange } from '../analysis/change.ts'
import { fingerprint } from '../analysis/similarity/winnow.ts'
import { languageOf } from '../analysis/source/language.ts'
import { tokenise } from '../analysis/source/tokens.ts'

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
