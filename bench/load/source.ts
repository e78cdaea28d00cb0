import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'

const ROOT = path.resolve(import.meta.dirname, '..', '..')
const HISTORY_COMMITS = 2_000
const PATHS_PER_COMMIT = 8

/** A body of `POST /v1/trust/verify` with that many new lines of this repository's own source, and its evidence. */
export function sourceChange(lines: number): object {
  const files: { path: string; content: string; previous_content: string }[] = []
  let left = lines
  const sources = globSync('{core,workers,cli,stack,schema,test}/**/*.ts', { cwd: ROOT }).sort()
  for (const source of sources) {
    if (left <= 0) break
    const text = readFileSync(path.join(ROOT, source), 'utf8').split('\n').slice(0, left)
    files.push({ path: source, content: `${text.join('\n')}\n`, previous_content: '' })
    left -= text.length
  }
  return {
    ai_tool: 'claude-code-v1.0',
    files,
    commit_message: 'Measure how fast a change is analysed',
    evidence: { coverage: [{ name: 'lcov.info', content: lcovOf(files) }], history: historyOf(sources) },
  }
}

/** Every line is executable, and four of five are covered. */
function lcovOf(files: readonly { path: string; content: string }[]): string {
  return files
    .map(({ path: name, content }) => {
      const count = content.split('\n').length - 1
      const hits = Array.from({ length: count }, (_, index) => `DA:${index + 1},${index % 5 === 0 ? 0 : 1}`)
      return `SF:${name}\n${hits.join('\n')}\nend_of_record\n`
    })
    .join('')
}

function historyOf(paths: readonly string[]): { time: string; paths: string[] }[] {
  const start = Date.UTC(2026, 10, 1)
  return Array.from({ length: HISTORY_COMMITS }, (_, commit) => {
    const touched = Array.from(
      { length: PATHS_PER_COMMIT },
      (_, index) => paths[(commit * 7 + index * 3) % paths.length]!,
    )
    return { time: new Date(start - commit * 3_600_000).toISOString(), paths: [...new Set(touched)] }
  })
}
