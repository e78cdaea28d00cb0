import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { idioms } from '../../core/analysis/catalogue/idioms.ts'
import { MIN_SHARED } from '../../core/analysis/similarity/match.ts'
import { FINGERPRINT_VERSION, fingerprint } from '../../core/analysis/similarity/winnow.ts'
import { tokenise } from '../../core/analysis/source/tokens.ts'
import { readSamples, type Sample } from './samples.ts'

export const FINGERPRINTS = path.resolve(
  import.meta.dirname,
  '../../core/analysis/catalogue/fingerprints.json',
)
/** Entries that have one fingerprint in common; one in more of them tells none of them apart. */
export const MAX_ENTRIES_PER_FINGERPRINT = 3
/** A sample with fewer is left out: a few grams that happen to stand together would make a match. */
export const MIN_FINGERPRINTS = MIN_SHARED

if (import.meta.main) {
  const samples = readSamples()
  const { text, weak } = buildFingerprints(samples, idioms())
  writeFileSync(FINGERPRINTS, text)
  console.log(`Fingerprints of ${samples.length - weak.length} samples`)
  for (const sample of weak) console.log(`Left out, as too little of it is not ordinary code: ${sample}`)
}

/**
 * The text of `fingerprints.json`: for each slug and sample its fingerprints in base 36, in the order of its code,
 * without idioms and without those that many entries share. Samples that this leaves with too little are named apart.
 */
export function buildFingerprints(
  samples: readonly Sample[],
  common: ReadonlySet<number>,
): { readonly text: string; readonly weak: readonly string[] } {
  const found = samples.map((sample) => ({ ...sample, hashes: tellingFingerprints(sample, common) }))
  const slugsOf = new Map<number, Set<string>>()
  for (const { slug, hashes } of found) {
    for (const hash of hashes) slugsOf.set(hash, (slugsOf.get(hash) ?? new Set()).add(slug))
  }
  const bySlug: Record<string, Record<string, string>> = {}
  const weak: string[] = []
  for (const { slug, file, hashes } of found) {
    const own = hashes.filter((hash) => slugsOf.get(hash)!.size <= MAX_ENTRIES_PER_FINGERPRINT)
    if (own.length < MIN_FINGERPRINTS) weak.push(`${slug}/${file} (${own.length})`)
    else bySlug[slug] = { ...bySlug[slug], [file]: own.map((hash) => hash.toString(36)).join(' ') }
  }
  return { text: `${JSON.stringify({ version: FINGERPRINT_VERSION, samples: bySlug }, null, 2)}\n`, weak }
}

function tellingFingerprints({ code, language }: Sample, common: ReadonlySet<number>): number[] {
  const hashes = fingerprint(tokenise(code, language), code).map(({ hash }) => hash)
  return [...new Set(hashes)].filter((hash) => !common.has(hash))
}
