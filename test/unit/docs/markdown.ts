import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'

export const ROOT = path.resolve(import.meta.dirname, '..', '..', '..')

export interface Document {
  /** Relative to the repository. */
  readonly file: string
  readonly text: string
}

/** Every Markdown document of the repository that people read. */
export function documents(): Document[] {
  return globSync(['*.md', 'docs/**/*.md'], { cwd: ROOT })
    .sort()
    .map((file) => ({ file, text: read(file) }))
}

export function read(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8')
}

/** The text without its fenced blocks, whose contents are no prose. */
export function prose(text: string): string {
  return text.replace(/^ *```[\s\S]*?^ *```$/gm, '')
}

/** The section below a heading, up to the next heading of its level or above; the heading is not part of it. */
export function section(text: string, heading: string): string {
  const lines = text.split('\n')
  const start = lines.indexOf(heading)
  if (start === -1) throw new Error(`there is no heading "${heading}"`)
  const level = heading.indexOf(' ')
  let fenced = false
  const end = lines.findIndex((line, index) => {
    if (line.trimStart().startsWith('```')) fenced = !fenced
    return index > start && !fenced && new RegExp(`^#{1,${level}} `).test(line)
  })
  return lines.slice(start + 1, end === -1 ? undefined : end).join('\n')
}

/** Contents of the fenced blocks of a language, in order. */
export function fences(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^\\1\`\`\`$`, 'gm'))].map(
    (match) => match[2]!,
  )
}

/** The cells of every table row, without headings and rules. */
export function tableRows(text: string): string[][] {
  const lines = prose(text).split('\n')
  return lines
    .filter((line, index) => line.startsWith('|') && !isRule(line) && !isRule(lines[index + 1]))
    .map((line) =>
      line
        .slice(1, line.lastIndexOf('|'))
        .split('|')
        .map((cell) => cell.trim()),
    )
}

function isRule(line: string | undefined): boolean {
  return line !== undefined && /^\|[\s|:-]+\|$/.test(line)
}

/** The anchor that GitHub gives a heading. */
export function anchor(heading: string): string {
  return heading
    .replace(/`|\[|\]\([^)]*\)/g, '')
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')
}

export function anchors(text: string): Set<string> {
  return new Set([...prose(text).matchAll(/^#{1,6} (.+)$/gm)].map((match) => anchor(match[1]!)))
}
