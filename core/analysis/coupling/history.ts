import { round } from '../change.ts'

/**
 * Commits that name more paths are mass changes (a formatter, a move, a merge), which couple everything with
 * everything.
 */
export const MAX_PATHS_PER_CHANGESET = 30
/** Usable commits below which nothing is said of any file. */
export const MIN_COMMITS = 20
/** Commits that must have touched a file before anything is said of it, and both of a pair together. */
export const MIN_REVISIONS = 5
export const MIN_SHARED = 5
/** Percent. Below it two files changed apart more often than together. */
export const MIN_DEGREE = 30
/**
 * A partner that none of so many latest revisions of the file has touched is one no more: it was renamed, removed or
 * decoupled.
 */
export const FORGOTTEN_AFTER = 10
/** How much the next of the missing partners counts, as a part of how much the one before it does. */
const WEIGHT_OF_NEXT = 0.5
/** Partners that are named, the strongest. All count in the score. */
export const MAX_PARTNERS = 20

/** A commit before the change. */
export interface Commit {
  /** RFC 3339; without it, commits are taken in the order in which they come. */
  readonly time?: string
  readonly paths: readonly string[]
}

/** A file that usually changes with one of this change, and is not in it. */
export interface MissingPartner {
  /** The file of the change that it is coupled with most. */
  readonly path: string
  readonly with: string
  /** Percent, one decimal: 100 × shared ÷ revisions. */
  readonly degree: number
  /** Commits that touched both. */
  readonly shared: number
  /** Mean of the numbers of commits that touched the one and the other. */
  readonly revisions: number
}

export interface ChangeCoupling {
  /** 0 to 10, unrounded; null when there was too little history to tell. */
  readonly score: number | null
  /** One for each missing file, strongest first, at most `MAX_PARTNERS`. */
  readonly partners: readonly MissingPartner[]
  /** Commits that name 1 to `MAX_PATHS_PER_CHANGESET` paths. */
  readonly usableCommits: number
  /** Paths of the change that at least `MIN_REVISIONS` of these commits touched. */
  readonly knownPaths: number
}

/** Whoever asked Git for them in another order means the same. */
function newestFirst(history: readonly Commit[]): Commit[] {
  const times = new Map(history.map((commit) => [commit, Date.parse(commit.time ?? '')]))
  return [...history].sort((a, b) => times.get(b)! - times.get(a)! || 0)
}

/**
 * Change coupling: which files, by the commits before, usually change with those of this change and are not in it.
 * The degree is that of code-maat (Tornhill, "Your Code as a Crime Scene", 2015): 100 × shared commits ÷ mean of both
 * files' commits.
 *
 * The history knows no renames: a file begins anew under its new name, and counts as known again after
 * `MIN_REVISIONS` commits. Nothing is said of new files. The score is null when no path of the change is known.
 *
 * @param history newest first; time grows with its paths, and by the square of `MAX_PATHS_PER_CHANGESET` for each commit
 */
export function changeCoupling(history: readonly Commit[], changedPaths: readonly string[]): ChangeCoupling {
  const changed = new Set(changedPaths)
  const commits = newestFirst(history)
    .filter(({ paths }) => paths.length > 0 && paths.length <= MAX_PATHS_PER_CHANGESET)
    .map(({ paths }) => new Set(paths))
  const revisions = countRevisions(commits)
  const known = [...changed].filter((path) => (revisions.get(path) ?? 0) >= MIN_REVISIONS)
  const figures = { usableCommits: commits.length, knownPaths: known.length }
  if (commits.length < MIN_COMMITS || known.length === 0) return { score: null, partners: [], ...figures }
  const missing = strongestPerFile(findPairs(commits, changed, revisions))
  return {
    score: historyScore(missing.map(({ degree }) => degree)),
    partners: missing
      .slice(0, MAX_PARTNERS)
      .map((partner) => ({ ...partner, degree: round(partner.degree, 1) })),
    ...figures,
  }
}

/**
 * 0 to 10, from the degrees (percent) of all missing partners: 10 × (1 − Π(1 − wₖ × degreeₖ)), the strongest first,
 * with wₖ = 1, ½, ¼, … It reads as the probability that at least one was forgotten. Files that change with the same
 * file mostly change with each other as well, so that each further one says less than the one before it: were they
 * taken for independent, three that go along every other time would count as one that nearly always does. A stronger
 * or a further partner never lowers it, since at each rank there is then one as strong as before, or stronger.
 */
export function historyScore(degrees: readonly number[]): number {
  let noneForgotten = 1
  let weight = 1
  for (const degree of degrees.toSorted((a, b) => b - a)) {
    noneForgotten *= 1 - (weight * degree) / 100
    weight *= WEIGHT_OF_NEXT
  }
  return 10 * (1 - noneForgotten)
}

type Commits = readonly ReadonlySet<string>[]
type Revisions = ReadonlyMap<string, number>

function countRevisions(commits: Commits): Revisions {
  const revisions = new Map<string, number>()
  for (const paths of commits) {
    for (const path of paths) revisions.set(path, (revisions.get(path) ?? 0) + 1)
  }
  return revisions
}

/** Pairs of a file of the change and one that is not in it, coupled enough. */
function findPairs(commits: Commits, changed: ReadonlySet<string>, revisions: Revisions): MissingPartner[] {
  // Others cannot share enough, and need no counting.
  const isKnown = (path: string) => revisions.get(path)! >= MIN_REVISIONS
  const numbers = new Map<string, number>()
  const touching = new Map<string, (readonly number[])[]>()
  for (const paths of commits) {
    const inside = [...paths].filter((path) => changed.has(path) && isKnown(path))
    if (inside.length === 0) continue
    const outside = [...paths].filter((path) => !changed.has(path) && isKnown(path))
    const partners = outside.map((path) => numberOf(numbers, path))
    for (const path of inside) {
      const others = touching.get(path)
      if (others === undefined) touching.set(path, [partners])
      else others.push(partners)
    }
  }
  const names = [...numbers.keys()]
  return [...touching].flatMap(([path, partners]) => {
    return countShared(partners).flatMap(([partner, shared]) => {
      const mean = (revisions.get(path)! + revisions.get(names[partner]!)!) / 2
      const degree = (100 * shared) / mean
      return degree < MIN_DEGREE ? [] : [{ path, with: names[partner]!, degree, shared, revisions: mean }]
    })
  })
}

function numberOf(numbers: Map<string, number>, path: string): number {
  const known = numbers.get(path)
  if (known !== undefined) return known
  numbers.set(path, numbers.size)
  return numbers.size - 1
}

/** @param commits partners in each commit that touched one file, newest first */
function countShared(commits: readonly (readonly number[])[]): [partner: number, shared: number][] {
  const shared = new Map<number, number>()
  const lately = new Set(commits.slice(0, FORGOTTEN_AFTER).flat())
  for (const commit of commits) {
    for (const partner of commit) shared.set(partner, (shared.get(partner) ?? 0) + 1)
  }
  return [...shared].filter(([partner, count]) => count >= MIN_SHARED && lately.has(partner))
}

function strongestPerFile(pairs: readonly MissingPartner[]): MissingPartner[] {
  const strongest = new Map<string, MissingPartner>()
  for (const pair of pairs.toSorted(compareStrength)) {
    if (!strongest.has(pair.with)) strongest.set(pair.with, pair)
  }
  return [...strongest.values()]
}

function compareStrength(a: MissingPartner, b: MissingPartner): number {
  return b.degree - a.degree || b.shared - a.shared || compare(a.with, b.with) || compare(a.path, b.path)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
