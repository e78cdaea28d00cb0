import type { CodeClaim } from './claim.ts'

/** A file that a person chose, before anything of it is read. */
export interface ChosenFile {
  /** From the chosen folder on, which is its first segment; the bare name of a file that was chosen by itself. */
  readonly path: string
}

export interface MatchedFile<File extends ChosenFile> {
  /** As the certificate has it. */
  readonly path: string
  readonly file: File
}

export interface Matched<File extends ChosenFile> {
  readonly files: readonly MatchedFile<File>[]
  /** Of the certificate's paths, those for which no file was chosen. */
  readonly missing: readonly string[]
}

/**
 * Finds a certificate's files among those that were chosen. The folder may be the repository itself, one above it or one
 * within it; of single files only the names are known. A wrong match does no harm: the hash then differs.
 */
export function matchFiles<File extends ChosenFile>(
  claim: CodeClaim,
  chosen: readonly File[],
): Matched<File> {
  const [only] = chosen
  if (claim.method === 'sha256') {
    return { files: chosen.length === 1 ? [{ path: nameOf(only!.path), file: only! }] : [], missing: [] }
  }
  if (claim.hashedPaths) return { files: chosen.map(withoutFolder), missing: [] }
  const found = findByPath(claim.paths, chosen)
  const files = claim.paths.flatMap((path) => {
    const file = found.get(path)
    return file === undefined ? [] : [{ path, file }]
  })
  return { files, missing: claim.paths.filter((path) => !found.has(path)) }
}

/** Every chosen file votes for where its folder lies; the place with the most of the paths wins. */
function findByPath<File extends ChosenFile>(
  paths: readonly string[],
  chosen: readonly File[],
): Map<string, File> {
  const named = Map.groupBy(paths, nameOf)
  const places = new Map<string, Map<string, File>>()
  for (const file of chosen) {
    const path = file.path.normalize('NFC')
    for (const name of named.get(nameOf(path)) ?? []) {
      const place = path.includes('/') ? placeOf(path, name) : BY_NAME
      // Of two paths with one name it cannot be told which a single file is.
      if (place === null || (place === BY_NAME && named.get(path)?.length !== 1)) continue
      const there = places.get(place) ?? new Map<string, File>()
      places.set(place, there.set(name, file))
    }
  }
  const byName = places.get(BY_NAME) ?? []
  places.delete(BY_NAME)
  const [best] = [...places].sort(([a, x], [b, y]) => y.size - x.size || a.length - b.length)
  return new Map([...byName, ...(best?.[1] ?? [])])
}

const BY_NAME = 'by name'

/** Where a chosen path lies from the one that the certificate names: so far above it, or so far below. */
function placeOf(path: string, named: string): string | null {
  if (path === named) return '='
  if (path.endsWith(`/${named}`)) return `-${path.slice(0, -named.length)}`
  return named.endsWith(`/${path}`) ? `+${named.slice(0, -path.length)}` : null
}

function withoutFolder<File extends ChosenFile>(file: File): MatchedFile<File> {
  const path = file.path.normalize('NFC')
  return { path: path.slice(path.indexOf('/') + 1), file }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
