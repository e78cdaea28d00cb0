import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { LANGUAGES, type Language, languageOf } from '../../core/analysis/source/language.ts'

/** A file of ordinary code. */
export interface CorpusFile {
  readonly path: string
  readonly content: string
  readonly language: Language
  /** The files of a directory are all in the same half: idioms are learnt from one and measured on the other. */
  readonly half: 'learn' | 'measure'
}

/** Of each family of languages, spread evenly over all there are. */
const MAX_FILES = 6000
const MIN_CHARS = 200
const MAX_CHARS = 60_000
/** Longer lines on average are generated or minified code. */
const MAX_LINE_CHARS = 300
const NO_SOURCE = /\.d\.[mc]?ts$|\.min\.|[/\\]testdata[/\\]/

export type Family = 'javascript' | 'python' | 'go' | 'java'

export function familyOf(language: Language): Family {
  return language === 'typescript' || language === 'tsx' ? 'javascript' : language
}

/** The files of ordinary code under the directories, equal ones once; in an order that is the same each time. */
export function readCorpus(directories: readonly string[]): CorpusFile[] {
  const paths = directories.flatMap((directory) =>
    globSync('**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx,py,go,java}', { cwd: directory })
      .filter((file) => !NO_SOURCE.test(file))
      .map((file) => ({ directory, file })),
  )
  paths.sort((a, b) => (path.join(a.directory, a.file) < path.join(b.directory, b.file) ? -1 : 1))
  const families = new Set(LANGUAGES.map(familyOf))
  return [...families].flatMap((family) =>
    readFamily(paths.filter(({ file }) => isOf(family, languageOf(file)))),
  )
}

function isOf(family: Family, language: Language | null): boolean {
  return language !== null && familyOf(language) === family
}

function readFamily(paths: readonly { readonly directory: string; readonly file: string }[]): CorpusFile[] {
  const seen = new Set<string>()
  const files: CorpusFile[] = []
  const step = Math.max(1, paths.length / MAX_FILES)
  for (let at = 0; at < paths.length; at += step) {
    const { directory, file } = paths[Math.floor(at)]!
    const content = readSource(path.join(directory, file))
    if (content === null || seen.has(content)) continue
    seen.add(content)
    const half = sum(path.dirname(file)) % 2 === 0 ? 'learn' : 'measure'
    files.push({ path: path.join(directory, file), content, language: languageOf(file)!, half })
  }
  return files
}

function readSource(file: string): string | null {
  let content: string
  try {
    content = readFileSync(file, 'utf8')
  } catch {
    // A directory with such a name, or a link to nothing.
    return null
  }
  if (content.length < MIN_CHARS || content.length > MAX_CHARS) return null
  return content.length / content.split('\n').length > MAX_LINE_CHARS ? null : content
}

function sum(text: string): number {
  let hash = 0
  for (const character of text) hash = (Math.imul(hash, 31) + character.codePointAt(0)!) >>> 0
  return hash ^ (hash >>> 15)
}
