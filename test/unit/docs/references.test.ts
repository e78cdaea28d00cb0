import { existsSync, globSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { anchors, documents, prose, ROOT, read } from './markdown.ts'

const LINK = /\[[^\]]*\]\(([^)\s]+)\)/g
/** `core/verify/json.ts`, `docs/`, `workers/core/wrangler.toml`: a code span that begins with a folder of ours. */
const FOLDERS = ['bench', 'bin', 'cli', 'core', 'docs', 'schema', 'scripts', 'stack', 'test', 'workers']
const PATH = new RegExp(`\`((?:${FOLDERS.join('|')})/[\\w./-]*)\``, 'g')
/** At the top of the repository. */
const FILE = /`([\w.-]+\.(?:toml|md|json))`/g
/** Not in the repository: made by a build or a running network, or a name in an example. */
const MADE = new Set([
  'stack.json',
  'secrets.json',
  'root-key.json',
  'certificate.json',
  'signed.json',
  'jwks.json',
  'trust.json',
])
const REQUIRED = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'docs/architecture.md',
  'docs/certificate-format.md',
  'docs/threat-model.md',
  'docs/runbook.md',
  'docs/kv.md',
  'docs/problems.md',
]

it('every document that a newcomer needs is there', () => {
  const files = documents().map(({ file }) => file)
  expect(files).toEqual(expect.arrayContaining(REQUIRED))
  expect(read('LICENSE')).toContain('Apache License\n                           Version 2.0, January 2004')
})

describe.each(documents())('$file', ({ file, text }) => {
  it('links to what is there', () => {
    const missing = [...prose(text).matchAll(LINK)]
      .map(([, target]) => target!)
      .filter((target) => !leads(file, target))
    expect(missing).toEqual([])
  })

  it('names paths that are there', () => {
    const paths = [...prose(text).matchAll(PATH)].map(([, found]) => found!)
    expect(paths.filter((found) => !existsSync(path.join(ROOT, found)))).toEqual([])
  })

  it('names files that are there', () => {
    const names = [...prose(text).matchAll(FILE)].map(([, found]) => found!)
    expect(names.filter((name) => !MADE.has(name) && !existsSync(path.join(ROOT, name)))).toEqual([])
  })
})

it('README links to every document', () => {
  const linked = [...read('README.md').matchAll(LINK)].map(([, target]) => target!.split('#')[0])
  const unlinked = documents()
    .map(({ file }) => file)
    .filter((file) => file !== 'README.md' && !file.startsWith('docs/decisions/') && !linked.includes(file))
  expect(unlinked).toEqual([])
  expect(linked).toContain('docs/decisions/')
})

it('the repository map names every folder of code', () => {
  const map = read('README.md')
  const folders = globSync('*/', { cwd: ROOT }).map((folder) => path.basename(folder))
  const code = folders.filter((folder) => FOLDERS.includes(folder) && folder !== 'bin' && folder !== 'docs')
  expect(code.filter((folder) => !map.includes(`| \`${folder}/`))).toEqual([])
})

function leads(file: string, target: string): boolean {
  if (/^https:\/\//.test(target)) return true
  const [relative, fragment] = target.split('#')
  const found = relative === '' ? file : path.join(path.dirname(file), relative!)
  if (!existsSync(path.join(ROOT, found))) return false
  return fragment === undefined || anchors(read(found)).has(fragment)
}
