import { readFileSync } from 'node:fs'
import path from 'node:path'
import { idioms } from '../../core/analysis/catalogue/idioms.ts'
import { MATCH_THRESHOLD } from '../../core/analysis/similarity/check.ts'
import { Catalogue, type Match, matchCatalogue } from '../../core/analysis/similarity/match.ts'
import { fingerprint, gramsOf } from '../../core/analysis/similarity/winnow.ts'
import type { Language } from '../../core/analysis/source/language.ts'
import { tokenise } from '../../core/analysis/source/tokens.ts'
import { FINGERPRINTS } from './build.ts'
import { type CorpusFile, familyOf, readCorpus } from './corpus.ts'
import { MUTATIONS } from './mutate.ts'
import { readSamples } from './samples.ts'

const THRESHOLDS = [0.2, 0.25, 0.3, MATCH_THRESHOLD, 0.4, 0.5]
/** Files taken as the root cause of an incident, to see how many others of their project are like it. */
const MAX_INCIDENTS = 300

interface HeldOut {
  readonly slug: string
  readonly language: Language
  readonly code: readonly string[]
}

if (import.meta.main) {
  if (process.argv.length < 3) {
    console.error('Usage: node tools/arc/measure.ts DIRECTORY...')
    console.error(
      'Prints how well patterns are found, and how often code in the directories is taken for one.',
    )
    process.exit(2)
  }
  const catalogue = readCatalogue()
  const header = THRESHOLDS.map((threshold) => threshold.toFixed(2)).join(' | ')
  console.log(`| similarity at least | of | ${header} |\n|---|---|${THRESHOLDS.map(() => '---|').join('')}`)
  measureMutations(catalogue)
  measureHeldOut(catalogue)
  const files = readCorpus(process.argv.slice(2)).filter((file) => file.half === 'measure')
  measureCorpus(catalogue, files)
  measureIncidents(files)
}

/** By slug: what is measured is the samples, and not the texts of the entries. */
function readCatalogue(): Catalogue {
  const { samples } = JSON.parse(readFileSync(FINGERPRINTS, 'utf8')) as {
    samples: Record<string, Record<string, string>>
  }
  const patterns = Object.entries(samples).map(([slug, bySample]) => ({
    id: slug,
    private: false,
    samples: Object.values(bySample).map((words) =>
      words.split(' ').map((word) => Number.parseInt(word, 36)),
    ),
  }))
  return new Catalogue(patterns, idioms())
}

/** Samples that were changed as another author may have written them, found again as what they are. */
function measureMutations(catalogue: Catalogue): void {
  const samples = readSamples()
  for (const [name, mutate] of Object.entries(MUTATIONS)) {
    const found = samples.flatMap((sample) => {
      const code = mutate(sample)
      return code === null || code === sample.code
        ? []
        : [similarityTo(sample.slug, catalogue, code, sample.language)]
    })
    report(`samples: ${name}`, found)
  }
}

/** Code that shows the patterns and was written without looking at the samples. */
function measureHeldOut(catalogue: Catalogue): void {
  const heldOut = JSON.parse(
    readFileSync(path.join(import.meta.dirname, 'held-out.json'), 'utf8'),
  ) as readonly HeldOut[]
  const codes = heldOut.map(({ slug, language, code }) => ({ slug, language, code: code.join('\n') }))
  report(
    'written by another: found as what it is',
    codes.map(({ slug, language, code }) => similarityTo(slug, catalogue, code, language)),
  )
  report(
    'written by another: found as something else',
    codes.map(({ slug, language, code }) =>
      Math.max(0, ...compare(catalogue, code, language).flatMap((m) => (m.id === slug ? [] : m.similarity))),
    ),
  )
}

function measureCorpus(catalogue: Catalogue, files: readonly CorpusFile[]): void {
  const matches = files.map((file) => ({ file, match: compare(catalogue, file.content, file.language)[0] }))
  for (const family of new Set(files.map((file) => familyOf(file.language)))) {
    const ofFamily = matches.filter(({ file }) => familyOf(file.language) === family)
    report(
      `ordinary files: ${family}`,
      ofFamily.map(({ match }) => match?.similarity ?? 0),
    )
  }
  report(
    'ordinary files: all',
    matches.map(({ match }) => match?.similarity ?? 0),
  )
  if (!process.argv.includes('--list')) return
  for (const { file, match } of matches) {
    if ((match?.similarity ?? 0) >= MATCH_THRESHOLD) console.log(file.path, match)
  }
}

/** Files near to one in other directories, and so mostly of its project, that are taken for an incident in it. */
function measureIncidents(files: readonly CorpusFile[]): void {
  const common = new Catalogue([], idioms())
  const step = Math.max(1, Math.floor(files.length / MAX_INCIDENTS))
  const found: number[] = []
  for (let at = 0; at < files.length; at += step) {
    const { content, language, path: from } = files[at]!
    const fingerprints = fingerprint(tokenise(content, language), content).map(({ hash }) => hash)
    const incidents = [{ id: from, private: true, fingerprints }]
    for (const other of files.slice(Math.max(0, at - 20), at + 21)) {
      if (path.dirname(other.path) === path.dirname(from) || other.language !== language) continue
      const grams = gramsOf(tokenise(other.content, other.language), other.content)
      found.push(matchCatalogue([grams], common, incidents)[0]?.similarity ?? 0)
    }
  }
  report('files of a project that had an incident', found)
}

function compare(catalogue: Catalogue, code: string, language: Language): Match[] {
  return matchCatalogue([gramsOf(tokenise(code, language), code)], catalogue)
}

function similarityTo(slug: string, catalogue: Catalogue, code: string, language: Language): number {
  return compare(catalogue, code, language).find((match) => match.id === slug)?.similarity ?? 0
}

function report(name: string, similarities: readonly number[]): void {
  const shares = THRESHOLDS.map((threshold) => {
    const reached = similarities.filter((similarity) => similarity >= threshold).length
    return `${((100 * reached) / similarities.length).toFixed(2)} %`
  })
  console.log(`| ${name} | ${similarities.length} | ${shares.join(' | ')} |`)
}
