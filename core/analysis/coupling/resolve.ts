import { PathEnds } from '../coverage/path-ends.ts'
import type { Language } from '../source/language.ts'
import type { Import } from './imports.ts'
import { folderOf, type Place } from './places.ts'
import { goModule, goPackage, goPlaces } from './places-go.ts'
import { javaModule, javaPlaces } from './places-java.ts'
import { javaScriptModule, javaScriptPlaces, scriptStem } from './places-javascript.ts'
import { pythonModule, pythonPlaces } from './places-python.ts'

/** Known files that one name may lead to; with more of them it is not looked which is the nearest. */
export const MAX_CANDIDATES = 16
/** Characters of all paths that names are looked for under, and of the importing path for each name. */
export const MAX_CHARACTERS_TRIED = 8_000_000
/** Edges of a graph: a package of Go leads to all of its files. */
export const MAX_EDGES = 200_000

/** A file whose imports are known by name. */
export interface Source {
  readonly path: string
  readonly language: Language
  readonly imports: readonly Import[]
}

/** What the imports of a file lead to. */
export interface Resolved {
  /** Known files, never itself, by path, with whether each is imported for its types alone. */
  readonly files: ReadonlyMap<string, boolean>
  /** What none of the known files is: packages, and files that nobody told of. */
  readonly modules: ReadonlySet<string>
}

/**
 * Finds out which of the known files are imported. What is not certain leads to none: a name that two equally near
 * files have, all of a package in Java (`a.b.*`), and paths that only a build configuration explains, but for the
 * customary `@/` and `~/`. A package of Go leads to all of its known files but the tests.
 *
 * @param known paths of files: those that were submitted, and those that the caller told of
 * @returns for each source, in their order; null when it is more than is looked at
 */
export function resolveImports(sources: readonly Source[], known: ReadonlySet<string>): Resolved[] | null {
  try {
    return new Resolver(sources, known).resolveAll()
  } catch (error) {
    if (error instanceof BudgetSpent) return null
    throw error
  }
}

class BudgetSpent extends Error {}

const PLACES: Readonly<Record<Language, (importer: string, specifier: string) => Iterable<Place>>> = {
  javascript: javaScriptPlaces,
  typescript: javaScriptPlaces,
  tsx: javaScriptPlaces,
  python: pythonPlaces,
  go: goPlaces,
  java: javaPlaces,
}

const MODULES: Readonly<Record<Language, (importer: string, specifier: string) => string>> = {
  javascript: javaScriptModule,
  typescript: javaScriptModule,
  tsx: javaScriptModule,
  python: pythonModule,
  go: goModule,
  java: javaModule,
}

class Resolver {
  private readonly sources: readonly Source[]
  /** Known files, but for those of Go what stands for their folder. */
  private readonly paths = new Set<string>()
  /** Files of Go by what stands for their folder, without tests, which nothing can import. */
  private readonly packages = new Map<string, string[]>()
  /** The script of each stem. */
  private readonly stems = new Map<string, string>()
  /** Paths by an end of theirs that some import asks for, at most one more than `MAX_CANDIDATES`. */
  private readonly ends = new Map<string, string[]>()
  private charactersLeft = MAX_CHARACTERS_TRIED
  private edgesLeft = MAX_EDGES

  constructor(sources: readonly Source[], known: ReadonlySet<string>) {
    this.sources = sources
    for (const path of known) this.addPath(path)
    for (const name of this.packages.keys()) this.paths.add(name)
    const wanted = new PathEnds(this.wantedEnds())
    for (const path of this.paths) this.addEnds(wanted.of(path), path)
    for (const [stem, path] of this.stems) this.addEnds(wanted.of(stem), path)
  }

  resolveAll(): Resolved[] {
    return this.sources.map((source) => {
      const files = new Map<string, boolean>()
      const modules = new Set<string>()
      for (const { name, typeOnly } of source.imports) {
        const found = this.findFiles(source, name)
        if (found.length === 0) modules.add(MODULES[source.language](source.path, name))
        this.edgesLeft -= found.length
        if (this.edgesLeft < 0) throw new BudgetSpent()
        for (const path of found) {
          if (path !== source.path) files.set(path, typeOnly && (files.get(path) ?? true))
        }
      }
      return { files, modules }
    })
  }

  private addPath(path: string): void {
    if (path.endsWith('.go')) {
      if (!path.endsWith('_test.go')) append(this.packages, goPackage(folderOf(path)), path)
      return
    }
    this.paths.add(path)
    const script = scriptStem(path)
    if (script === null) return
    const other = this.stems.get(script.stem)
    if (other === undefined || script.rank < scriptStem(other)!.rank) this.stems.set(script.stem, path)
  }

  /** Of the many ends of the many known paths only those are kept that are asked for. */
  private *wantedEnds(): Generator<string> {
    for (const source of this.sources) {
      for (const { name } of source.imports) {
        // What is relative is looked for where it says.
        if (name.startsWith('.')) continue
        for (const { kind, path } of this.placesOf(source, name)) {
          if (kind === 'end' || kind === 'above') yield path
        }
      }
    }
  }

  private addEnds(ends: readonly string[], path: string): void {
    for (const end of ends) {
      if ((this.ends.get(end)?.length ?? 0) <= MAX_CANDIDATES) append(this.ends, end, path)
    }
  }

  private *placesOf({ path, language }: Source, name: string): Generator<Place> {
    this.spend(path.length)
    for (const place of PLACES[language](path, name)) {
      this.spend(place.path.length)
      yield place
    }
  }

  private spend(characters: number): void {
    this.charactersLeft -= characters
    if (this.charactersLeft < 0) throw new BudgetSpent()
  }

  private findFiles(source: Source, name: string): readonly string[] {
    for (const place of this.placesOf(source, name)) {
      const candidates = this.candidatesAt(place, source.path)
      if (candidates.length === 0) continue
      const found = candidates.length > MAX_CANDIDATES ? null : nearest(source.path, candidates)
      return found === null ? [] : (this.packages.get(found) ?? [found])
    }
    return []
  }

  private candidatesAt({ kind, path }: Place, importer: string): readonly string[] {
    if (kind === 'exact') return this.paths.has(path) ? [path] : []
    if (kind === 'stem') return this.stems.has(path) ? [this.stems.get(path)!] : []
    const candidates = this.ends.get(path) ?? []
    if (kind === 'end' || candidates.length > MAX_CANDIDATES) return candidates
    return candidates.filter((candidate) => isAbove(candidate, path, importer))
  }
}

/** Whether what is before `end` in the candidate is a folder above the importing file, or `src/` in one. */
function isAbove(candidate: string, end: string, importer: string): boolean {
  const at = `/${candidate}`.lastIndexOf(`/${end}`)
  const folder = candidate.slice(0, at)
  return (
    importer.startsWith(folder) || (/(?:^|\/)src\/$/.test(folder) && importer.startsWith(folder.slice(0, -4)))
  )
}

/** The one in the folder that most segments lead to in common; null when two are. */
function nearest(importer: string, candidates: readonly string[]): string | null {
  let best: string | null = null
  let most = -1
  for (const candidate of candidates) {
    const common = commonSegments(importer, candidate)
    if (common > most) {
      best = candidate
      most = common
    } else if (common === most) best = null
  }
  return best
}

function commonSegments(a: string, b: string): number {
  let segments = 0
  for (let i = 0; i < a.length && a[i] === b[i]; i++) if (a[i] === '/') segments++
  return segments
}

function append(map: Map<string, string[]>, key: string, value: string): void {
  const values = map.get(key)
  if (values === undefined) map.set(key, [value])
  else values.push(value)
}
