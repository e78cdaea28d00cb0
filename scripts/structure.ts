import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'

const ROOT = path.resolve(import.meta.dirname, '..')
const MAX_LINES = 400
const CODE = /\.(?:ts|mts|mjs|cjs|css|sql|sh|py|go)$/

/** Who may import what of ours: workers → core → schema. See docs/architecture.md. */
interface Rule {
  /** Files that this is about: the longest prefix decides. */
  readonly files: string
  /** Prefixes that they may import from, besides their own. */
  readonly values: readonly string[]
  /** Prefixes from which they may import types, which leave no trace in a bundle. */
  readonly types?: readonly string[]
  /** Packages that they may not import. */
  readonly never?: RegExp
}

const PLATFORM = /^(?:cloudflare:|hono(?:\/|$)|@hono\/|@cloudflare\/)/
/** Zod with OpenAPI's annotations; it knows nothing of requests. */
const PLATFORM_BUT_SHAPES = /^(?:cloudflare:|hono(?:\/|$)|@hono\/(?!zod-openapi$)|@cloudflare\/)/
const VOCABULARY = ['schema/wire/vocabulary.ts', 'schema/wire/money.ts', 'schema/wire/problems.ts']
const RULES: readonly Rule[] = [
  { files: 'schema/', values: [], never: PLATFORM_BUT_SHAPES },
  { files: 'core/', values: ['schema/'], never: PLATFORM },
  { files: 'core/verify/', values: VOCABULARY, types: ['schema/wire/'], never: PLATFORM },
  {
    files: 'workers/edge/',
    values: ['core/verify/', 'schema/kv.ts', ...VOCABULARY],
    // The service binding's shape: what the core Worker exports, and what it answers with.
    types: ['schema/wire/', 'workers/core/index.ts', 'core/certificates/look-up.ts'],
    never: /^(?:postgres|drizzle-orm|zod|@hono\/zod-openapi)(?:\/|$)/,
  },
  { files: 'workers/core/', values: ['core/', 'schema/'] },
  { files: 'cli/', values: ['core/verify/', 'schema/'], never: PLATFORM },
]

const problems = [...listFiles().flatMap(checkFile)]
for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1

/** What git tracks or would track. */
function listFiles(): string[] {
  const git = spawnSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' })
  const files =
    git.status === 0
      ? git.stdout.split('\n')
      : globSync('**/*', { cwd: ROOT, exclude: ['node_modules', 'dist', '.coderisk', '.git'] })
  return files.filter((file) => CODE.test(file) && existsSync(path.join(ROOT, file)))
}

function checkFile(file: string): string[] {
  const text = readFileSync(path.join(ROOT, file), 'utf8')
  const lines = text.split('\n').length - 1
  const found = lines > MAX_LINES ? [`${file}: ${lines} lines; ${MAX_LINES} at most`] : []
  return [...found, ...checkImports(file, text)]
}

function checkImports(file: string, text: string): string[] {
  const rule = RULES.filter((candidate) => file.startsWith(candidate.files)).at(-1)
  if (rule === undefined) return []
  return findImports(text).flatMap(({ specifier, typeOnly }) => {
    if (!specifier.startsWith('.')) {
      return rule.never?.test(specifier) ? [`${file}: may not import the package ${specifier}`] : []
    }
    const target = path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier))
    const allowed = [rule.files, ...rule.values, ...(typeOnly ? (rule.types ?? []) : [])]
    if (allowed.some((prefix) => target.startsWith(prefix))) return []
    return [`${file}: may not import ${typeOnly ? 'types' : 'values'} from ${target}`]
  })
}

interface Import {
  readonly specifier: string
  readonly typeOnly: boolean
}

function findImports(text: string): Import[] {
  const declarations = text.matchAll(
    /^\s*(?:import|export)\s+(type\s)?[^'"`;()]*?(?:from\s*)?['"]([^'"]+)['"]/gm,
  )
  const calls = text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)
  return [
    ...[...declarations].map(([, type, specifier]) => ({
      specifier: specifier!,
      typeOnly: type !== undefined,
    })),
    // `import('x')` as a type is a call in its form; counting it as a value is the stricter reading.
    ...[...calls].map(([, specifier]) => ({ specifier: specifier!, typeOnly: false })),
  ]
}
