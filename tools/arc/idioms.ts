import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { FINGERPRINT_VERSION, gramsOf } from '../../core/analysis/similarity/winnow.ts'
import { tokenise } from '../../core/analysis/source/tokens.ts'
import { type CorpusFile, type Family, familyOf, readCorpus } from './corpus.ts'

/** Of a language's files: a gram in as many of them is an idiom. */
export const IDIOM_SHARE = 0.01
const FILE = path.resolve(import.meta.dirname, '../../core/analysis/catalogue/idioms.json')

if (import.meta.main) {
  if (process.argv.length < 3) {
    console.error('Usage: node tools/arc/idioms.ts DIRECTORY...')
    console.error('Learns the idioms of JavaScript, Python, Go and Java from the code in the directories.')
    process.exit(2)
  }
  const files = readCorpus(process.argv.slice(2)).filter((file) => file.half === 'learn')
  const hashes = findIdioms(files)
  writeFileSync(
    FILE,
    `${JSON.stringify({ version: FINGERPRINT_VERSION, hashes: encode(hashes) }, null, 2)}\n`,
  )
  console.log(`${hashes.length} idioms of ${files.length} files`)
}

/** The grams in at least `IDIOM_SHARE` of the files of a family of languages, ascending. */
export function findIdioms(files: readonly CorpusFile[]): number[] {
  const totals = new Map<Family, number>()
  const counts = new Map<Family, Map<number, number>>()
  for (const { content, language } of files) {
    const family = familyOf(language)
    totals.set(family, (totals.get(family) ?? 0) + 1)
    const ofFamily = counts.get(family) ?? new Map<number, number>()
    counts.set(family, ofFamily)
    for (const hash of new Set(gramsOf(tokenise(content, language), content).hash)) {
      ofFamily.set(hash, (ofFamily.get(hash) ?? 0) + 1)
    }
  }
  const idioms = new Set<number>()
  for (const [family, ofFamily] of counts) {
    const least = Math.max(2, IDIOM_SHARE * totals.get(family)!)
    for (const [hash, count] of ofFamily) if (count >= least) idioms.add(hash)
  }
  return [...idioms].sort((a, b) => a - b)
}

/** Each as four bytes, the most significant first, in base64. */
export function encode(hashes: readonly number[]): string {
  const bytes = Buffer.alloc(hashes.length * 4)
  for (const [index, hash] of hashes.entries()) bytes.writeUInt32BE(hash, index * 4)
  return bytes.toString('base64')
}
