import { spawnSync } from 'node:child_process'
import path from 'node:path'

const ROOT = path.resolve(import.meta.dirname, '..')

/** Licences that ask for no more than a notice. */
const ALLOWED = new Set([
  '0BSD',
  'AFL-2.1',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC-BY-3.0',
  'CC-BY-4.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'PostgreSQL',
  'Python-2.0',
  'Unlicense',
  'Zlib',
])

/** Others, each with the reason why it does not bind what we ship. */
const EXCEPTIONS: readonly { readonly name: RegExp; readonly licence: string; readonly reason: string }[] = [
  { name: /^@img\/sharp-libvips-/, licence: 'LGPL-3.0-or-later', reason: 'of Miniflare, a development tool' },
  {
    name: /^@img\/sharp-/,
    licence: 'Apache-2.0 AND LGPL-3.0-or-later',
    reason: 'of Miniflare, a development tool',
  },
  { name: /^lightningcss/, licence: 'MPL-2.0', reason: 'of Vite, a development tool' },
]

const problems = installedPackages().filter(({ name, licence }) => !isAllowed(name, licence))
for (const { name, licence } of problems)
  console.error(`${name}: ${licence} is not on the list in scripts/licences.ts`)
if (problems.length > 0) process.exitCode = 1

function installedPackages(): { name: string; licence: string }[] {
  const checker = path.join(ROOT, 'node_modules', '.bin', 'license-checker-rseidelsohn')
  const result = spawnSync(checker, ['--json', '--excludePrivatePackages', '--start', ROOT], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (result.status !== 0) throw new Error(`license-checker failed: ${result.stderr}`)
  const packages = JSON.parse(result.stdout) as Record<string, { licenses: string | string[] }>
  return Object.entries(packages).map(([name, { licenses }]) => ({
    name,
    licence: [licenses].flat().join(' AND '),
  }))
}

/** SPDX expressions as they occur: `A OR B`, `A AND B`, in brackets or not. A star marks a guess from the text. */
function isAllowed(name: string, licence: string): boolean {
  const expression = licence.replace(/\*$/, '').replace(/^\((.*)\)$/, '$1')
  if (expression.split(' OR ').some((choice) => choice.split(' AND ').every((part) => ALLOWED.has(part))))
    return true
  return EXCEPTIONS.some((exception) => exception.name.test(name) && exception.licence === expression)
}
