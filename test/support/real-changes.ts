import { globSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'

const ROOT = path.resolve(import.meta.dirname, '..', '..')
const MAX_FILE_BYTES = 120_000
const MAX_FILES_PER_CHANGE = 6
/** Folders whose code is real: this project's, and that of what it depends on, as their authors published it. */
const SOURCES = [
  '{core,cli,workers,stack,schema,scripts}/**/*.{ts,mjs}',
  'tools/arc/samples/**/*.{py,go,java,ts}',
  'node_modules/{hono,zod,jose,drizzle-orm,postgres,canonicalize,diff,uqr,fast-check,miniflare,wrangler,esbuild}/**/*.{js,ts,mjs,cjs,tsx}',
  'node_modules/{vitest,vite,rollup,web-tree-sitter,autocannon,playwright-core,undici,typescript}/**/*.{js,ts,mjs,cjs}',
]

export interface RealChange {
  readonly files: readonly { path: string; content: string; previous_content: string }[]
  readonly commit_message: string
}

/**
 * Changes of real source, the same ones each time: files as they are, after parts of them were written. What they were
 * before has lines missing, altered or in another order, as commits leave behind.
 */
export function realChanges(count: number): RealChange[] {
  const random = generator(20_261_121)
  const files = listSources()
  return Array.from({ length: count }, (_, index) => {
    const size = 1 + Math.floor(random() ** 2 * MAX_FILES_PER_CHANGE)
    const chosen = new Set(Array.from({ length: size }, () => files[Math.floor(random() * files.length)]!))
    return {
      files: [...chosen].map((file) => {
        const content = readFileSync(path.join(ROOT, file), 'utf8').replaceAll('\0', '').toWellFormed()
        return {
          path: file.replaceAll('node_modules/', 'vendor/'),
          content,
          previous_content: before(content, random),
        }
      }),
      commit_message: index % 3 === 0 ? `Fix number ${index}` : `Change number ${index}`,
    }
  })
}

function listSources(): string[] {
  return SOURCES.flatMap((pattern) => globSync(pattern, { cwd: ROOT }))
    .filter((file) => statSync(path.join(ROOT, file)).size <= MAX_FILE_BYTES && /^[\w./@-]+$/.test(file))
    .filter((file) => statSync(path.join(ROOT, file)).isFile())
    .sort()
}

/** Every so often nothing was there before; else blocks of lines are cut, altered or moved. */
function before(content: string, random: () => number): string {
  if (random() < 0.2) return ''
  const lines = content.split('\n')
  const blocks = 1 + Math.floor(random() * 4)
  for (let block = 0; block < blocks; block++) {
    const start = Math.floor(random() * lines.length)
    const length = 1 + Math.floor(random() * 30)
    const kind = random()
    if (kind < 0.5) lines.splice(start, length)
    else if (kind < 0.8)
      for (let i = start; i < Math.min(start + length, lines.length); i++) lines[i] += ' // before'
    else lines.splice(Math.floor(random() * lines.length), 0, ...lines.splice(start, length))
  }
  return lines.join('\n')
}

/** mulberry32: small, and the same everywhere. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
