import data from './idioms.json' with { type: 'json' }

/**
 * The grams of ordinary code: those in at least 1 % of the files of public projects and standard libraries, by language
 * (`tools/arc/idioms.ts`). A likeness of these alone says nothing.
 */
export function idioms(): ReadonlySet<number> {
  const bytes = atob(data.hashes)
  const hashes = new Set<number>()
  for (let at = 0; at < bytes.length; at += 4) {
    const high = (bytes.charCodeAt(at) << 8) | bytes.charCodeAt(at + 1)
    const low = (bytes.charCodeAt(at + 2) << 8) | bytes.charCodeAt(at + 3)
    hashes.add(high * 0x10000 + low)
  }
  return hashes
}
