import { PathEnds } from './path-ends.ts'
import type { CoverageReport } from './report.ts'

/** Folders of the repository before a path in a report that is relative to one of them. */
const MAX_FOLDERS_BEFORE = 32

type Report = Pick<CoverageReport, 'format' | 'files' | 'name' | 'packageRelative'>

/** How a report's paths lead to the repository's: by this root put before the one or the other. */
interface Root {
  /** `above`: the report's paths begin outside of the repository. `below`: they are relative to a folder inside of it. */
  readonly kind: 'same' | 'above' | 'below'
  readonly folder: string
  /** Path in the change → path in the report. */
  readonly matches: Map<string, string>
}

/**
 * Finds the files of a change in a report, whose paths may be absolute (`/home/runner/work/x/x/src/a.ts`, `D:/a/x/src/a.ts`),
 * begin with a Go module (`github.com/o/r/pkg/f.go`), be relative to a folder of the repository, or to a Java source root
 * (`com/x/A.java`). A wrong match would let the tests of one file stand for another, so that what is not certain is not matched:
 *
 * - Always whole segments, and the whole of the shorter path.
 * - One root for all files of a report: the one that explains most of the changed ones.
 * - A root outside of the repository must hold most of what the report names. A file in the repository's top folder,
 *   which any path of that name ends with, does not show a root by itself, unless it is known to be one.
 * - A folder inside of the repository must stand in the name of the report (`packages/a/coverage/lcov.info`), except where a format
 *   is relative to source roots by nature (JaCoCo; Cobertura of several sources): there each file counts for itself, with a
 *   folder at least, and one that two changed files could be is neither.
 *
 * @returns path in the change → path in the report
 */
export function matchPaths(
  report: Report,
  changed: readonly string[],
  ends: PathEnds = new PathEnds(changed),
): ReadonlyMap<string, string> {
  if (report.packageRelative) return matchPackages(report, changed)
  const sorted = [...report.files.keys()].sort()
  const roots = findRoots(report, changed, ends).filter((root) => isCredible(root, sorted))
  return chooseRoot(roots)?.matches ?? new Map()
}

function findRoots(report: Report, changed: readonly string[], ends: PathEnds): Root[] {
  const roots = new Map<string, Root>()
  const add = (kind: Root['kind'], folder: string, path: string, reported: string) => {
    const key = `${kind} ${folder}`
    const root = roots.get(key) ?? { kind, folder, matches: new Map<string, string>() }
    root.matches.set(path, reported)
    roots.set(key, root)
  }
  for (const reported of report.files.keys()) {
    for (const path of ends.of(reported)) {
      if (path === reported) add('same', '', path, reported)
      else if (beginsOutside(report, reported)) add('above', folderBefore(reported, path), path, reported)
    }
  }
  for (const path of changed) {
    for (const tail of tails(path).slice(1)) {
      const folder = folderBefore(path, tail)
      if (isNamed(report, folder) && report.files.has(tail)) add('below', folder, path, tail)
    }
  }
  return [...roots.values()]
}

const folderBefore = (path: string, tail: string) => path.slice(0, -tail.length - 1)

/** Absolute, or under the path of a Go module. */
function beginsOutside({ format }: Report, path: string): boolean {
  if (path.startsWith('/') || /^[A-Za-z]:\//.test(path)) return true
  return format === 'go' || (path.endsWith('.go') && /^[^/]*\.[^/]*\//.test(path))
}

/** Whether the report's name speaks of the folder: `coverage/packages/a/lcov.info` of `packages/a`. */
function isNamed({ name }: Report, folder: string): boolean {
  return name !== undefined && `/${name.slice(0, name.lastIndexOf('/') + 1)}`.includes(`/${folder}/`)
}

function isCredible(root: Root, sorted: readonly string[]): boolean {
  if (root.kind !== 'above') return true
  const inFolder = [...root.matches.keys()].some((path) => path.includes('/'))
  return (inFolder || isRepositoryRoot(root.folder)) && holdsMost(sorted, root.folder)
}

/** Where GitHub's runners check out (`…/work/shop/shop`, `D:/a/shop/shop`), and the path of a Go module. */
function isRepositoryRoot(folder: string): boolean {
  const segments = folder.split('/')
  if (folder.startsWith('/') || segments[0]!.endsWith(':')) return segments.at(-1) === segments.at(-2)
  const versionless = /^v\d+$/.test(segments.at(-1)!) ? segments.slice(0, -1) : segments
  // On the well-known forges a module is host, owner and repository; elsewhere it is no longer than that.
  if (/^(?:github|gitlab)\.com$|^bitbucket\.org$/.test(segments[0]!)) return versionless.length === 3
  return versionless.length <= (segments[0]!.includes('.') ? 3 : 1)
}

/** The paths of a folder are next to each other in a sorted list: from `folder/` to before `folder0`, "0" following "/". */
function holdsMost(sorted: readonly string[], folder: string): boolean {
  const inside = countBefore(sorted, `${folder}0`) - countBefore(sorted, `${folder}/`)
  return inside * 2 > sorted.length
}

function countBefore(sorted: readonly string[], limit: string): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! < limit) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * The root that explains most, at first a folder that the report's name speaks of. Of roots outside of the repository, which
 * lie in each other as each holds most files, only the outermost counts: with an inner one some files would be of no repository.
 */
function chooseRoot(roots: readonly Root[]): Root | null {
  const of = (kind: Root['kind']) => roots.filter((root) => root.kind === kind)
  const [above] = of('above').sort((a, b) => a.folder.length - b.folder.length)
  const [below, rival] = of('below').sort((a, b) => b.matches.size - a.matches.size)
  const isTie = rival !== undefined && rival.matches.size === below!.matches.size
  const candidates = [...(isTie ? [] : [below]), ...of('same'), above].filter((root) => root !== undefined)
  return candidates.sort((a, b) => b.matches.size - a.matches.size)[0] ?? null
}

/** The longest path in the report that the changed one is or ends with, then with a folder, and of no other changed file. */
function matchPackages(report: Report, changed: readonly string[]): ReadonlyMap<string, string> {
  const owners = new Map<string, string[]>()
  for (const path of changed) {
    const tail = tails(path).find((part) => report.files.has(part) && (part.includes('/') || part === path))
    if (tail === undefined) continue
    const others = owners.get(tail)
    if (others === undefined) owners.set(tail, [path])
    else others.push(path)
  }
  const matches = new Map<string, string>()
  for (const [tail, [owner, ...others]] of owners) if (others.length === 0) matches.set(owner!, tail)
  return matches
}

/** The path itself, and what is left of it from each of its first folders on. */
function tails(path: string): string[] {
  const found = [path]
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
    if (found.length > MAX_FOLDERS_BEFORE) break
    found.push(path.slice(slash + 1))
  }
  return found
}
