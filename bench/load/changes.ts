import { readFileSync } from 'node:fs'
import path from 'node:path'

const ROOT = path.resolve(import.meta.dirname, '..', '..')
/** Real code, long enough to be changed in many places. */
const SOURCES = [
  'core/certificates/issue.ts',
  'core/analysis/change.ts',
  'core/verify/examine.ts',
  'core/publication/drain.ts',
  'core/idempotency/claim.ts',
]
const MAX_LINES_PER_FILE = 100
/** Of each file, this many lines are changed and as many are left, in blocks. */
const BLOCK_LINES = 5

interface ChangedFile {
  readonly path: string
  readonly content: string
  readonly previous_content: string
}

export type MakeBody = () => string

/**
 * Makes bodies of `POST /v1/trust/verify` for a change of that many lines, as `coderisk certify` sends it: the files
 * whole, with what they were before. No two have the same contents.
 */
export function changeOf(lines: number): MakeBody {
  const fileCount = Math.ceil(lines / MAX_LINES_PER_FILE)
  const files = SOURCES.slice(0, fileCount).map((source) => edit(source, Math.ceil(lines / fileCount)))
  let serial = 0
  return () => {
    const [first, ...others] = files
    const mark = `// ${crypto.randomUUID()} ${serial++}\n`
    const unique = {
      ...first!,
      content: mark + first!.content,
      previous_content: mark + first!.previous_content,
    }
    return JSON.stringify({
      ai_tool: 'claude-code-v1.0',
      files: [unique, ...others],
      commit_message: 'Measure how fast a change is certified',
      language: 'typescript',
    })
  }
}

/** The file as it is, and as it would have been before `changed` of its lines got their present text. */
function edit(source: string, changed: number): ChangedFile {
  const text = readFileSync(path.join(ROOT, source), 'utf8').split('\n')
  const lines = Array.from({ length: 2 * MAX_LINES_PER_FILE }, (_, index) => text[index % text.length]!)
  let left = changed
  const before = lines.map((line, index) => {
    const inBlock = Math.floor(index / BLOCK_LINES) % 2 === 0
    if (!inBlock || left === 0) return line
    left--
    return `${line} // as it was`
  })
  return { path: source, content: lines.join('\n'), previous_content: before.join('\n') }
}
