import diffSequenceModule from '@jest/diff-sequences'
import { applyPatch, parsePatch, reversePatch } from 'diff'
import type { ChangeMetrics } from '../../schema/wire/certificate.ts'
import type { IssueRequest } from '../../schema/wire/issue.ts'
import type { InputError } from '../../schema/wire/problems.ts'

import { languageOf } from './source/language.ts'

// The package's types are written for CommonJS: as a module its default export is the function itself.
const diffSequence = diffSequenceModule as unknown as typeof diffSequenceModule.default

/**
 * Finding the least edit costs the square of its lines, so that many files of moderate size could take minutes. This
 * is how many pairs of lines may be compared for all files of a change together; a file that it is not enough for
 * counts as rewritten.
 */
const MAX_COMPARISONS = 4_000_000

/** One file of the change, with the lines that are new in it. */
export interface FileChange {
  readonly path: string
  readonly content: string
  /** Line numbers, from 1, that the change added or altered. */
  readonly addedLines: ReadonlySet<number>
  readonly deletedLineCount: number
  /** Whether the caller said what the file was before. */
  readonly previousKnown: boolean
}

export type ReadChange =
  | { readonly ok: true; readonly files: readonly FileChange[] }
  | { readonly ok: false; readonly errors: readonly InputError[] }

/** Works out what each submitted file changed. A patch that does not lead to its content is an input error. */
export function readChange(request: IssueRequest): ReadChange {
  if (request.code !== undefined) {
    const paths = request.files_changed ?? []
    // It is what one of them holds, or all: the first that is source says how to read it.
    const path = paths.find((candidate) => languageOf(candidate) !== null) ?? paths[0] ?? 'code'
    return { ok: true, files: [newFile(path, request.code)] }
  }
  const errors: InputError[] = []
  const budget: Budget = { comparisons: MAX_COMPARISONS }
  const files = (request.files ?? []).map((file, index) => {
    if (file.patch !== undefined) {
      const previous = undoPatch(file.content, file.patch)
      if (previous !== null) return editedFile(file.path, file.content, previous, budget)
      errors.push({
        path: `files[${index}].patch`,
        message: 'is not a unified diff that leads to this content',
      })
    } else if (file.previous_content !== undefined) {
      return editedFile(file.path, file.content, file.previous_content, budget)
    }
    return newFile(file.path, file.content)
  })
  return errors.length === 0 ? { ok: true, files } : { ok: false, errors }
}

/** Size and diffusion of the change, as just-in-time defect prediction measures them (Kamei et al., 2013). */
export function measureChange(files: readonly FileChange[], filesChanged: readonly string[]): ChangeMetrics {
  return {
    files: filesChanged.length,
    directories: new Set(filesChanged.map((path) => path.split('/').slice(0, -1).join('/'))).size,
    subsystems: new Set(filesChanged.map((path) => (path.includes('/') ? path.split('/')[0] : ''))).size,
    lines_added: files.reduce((sum, file) => sum + file.addedLines.size, 0),
    lines_deleted: files.reduce((sum, file) => sum + file.deletedLineCount, 0),
    entropy: normalisedEntropy(files),
  }
}

export function splitLines(text: string): string[] {
  if (text === '') return []
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

function newFile(path: string, content: string): FileChange {
  const lines = splitLines(content).length
  const addedLines = new Set(Array.from({ length: lines }, (_, index) => index + 1))
  return { path, content, addedLines, deletedLineCount: 0, previousKnown: false }
}

function editedFile(path: string, content: string, previous: string, budget: Budget): FileChange {
  const before = splitLines(previous)
  const after = splitLines(content)
  const { start, end } = commonEnds(before, after)
  const oldCore = before.slice(start, before.length - end)
  const newCore = after.slice(start, after.length - end)
  const kept = keptLines(oldCore, newCore, budget)
  const addedLines = new Set<number>()
  for (let i = 0; i < newCore.length; i++) if (!kept.has(i)) addedLines.add(start + 1 + i)
  return { path, content, addedLines, deletedLineCount: oldCore.length - kept.size, previousKnown: true }
}

/** Which lines of `after`, from 0, are kept from `before` in a least edit; none of them when that costs too much. */
function keptLines(before: readonly string[], after: readonly string[], budget: Budget): Set<number> {
  // What stands in one of them alone is in no common subsequence: most of a rewritten block falls away here.
  const inBefore = new Set(before)
  const inAfter = new Set(after)
  const olds = before.filter((line) => inAfter.has(line))
  const places = after.flatMap((line, index) => (inBefore.has(line) ? [index] : []))
  const kept = new Set<number>()
  const isCommon = (a: number, b: number) => {
    if (--budget.comparisons < 0) throw new BudgetSpent()
    return olds[a] === after[places[b]!]
  }
  try {
    diffSequence(olds.length, places.length, isCommon, (count, _, b) => {
      for (let i = 0; i < count; i++) kept.add(places[b + i]!)
    })
    return kept
  } catch (error) {
    if (!(error instanceof BudgetSpent)) throw error
    return new Set()
  }
}

interface Budget {
  comparisons: number
}

class BudgetSpent extends Error {}

function commonEnds(before: readonly string[], after: readonly string[]): { start: number; end: number } {
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && before[start] === after[start]) start++
  let end = 0
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++
  return { start, end }
}

/** The content before `patch`, or null when the patch is malformed or does not end in `content`. */
function undoPatch(content: string, patch: string): string | null {
  try {
    const [parsed, ...others] = parsePatch(patch)
    if (parsed === undefined || others.length > 0 || parsed.hunks.length === 0) return null
    const previous = applyPatch(content, reversePatch(parsed), { fuzzFactor: 0 })
    return previous === false ? null : previous
  } catch {
    return null
  }
}

/** Shannon entropy, in bits, of the changed lines over the files (Hassan, 2009). */
export function entropyBits(files: readonly FileChange[]): number {
  const counts = files.map((file) => file.addedLines.size + file.deletedLineCount)
  const total = counts.reduce((sum, count) => sum + count, 0)
  let bits = 0
  for (const count of counts) {
    if (count > 0) bits -= (count / total) * Math.log2(count / total)
  }
  return Math.max(0, bits)
}

function normalisedEntropy(files: readonly FileChange[]): number {
  return files.length < 2 ? 0 : Math.min(1, round(entropyBits(files) / Math.log2(files.length), 4))
}

export function round(value: number, digits: number): number {
  const scale = 10 ** digits
  return Math.round(value * scale) / scale
}
