import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { openApiDocument } from '../workers/core/openapi.ts'

const ROOT = path.resolve(import.meta.dirname, '..')
const DOCUMENTS = [
  { file: 'openapi.json', version: '3.1.0' },
  { file: 'openapi-3.0.json', version: '3.0.3' },
] as const

const check = process.argv.includes('--check')
for (const { file, version } of DOCUMENTS) {
  const generated = `${JSON.stringify(openApiDocument(version), null, 2)}\n`
  const committed = existsSync(path.join(ROOT, file)) ? readFileSync(path.join(ROOT, file), 'utf8') : ''
  if (committed === generated) continue
  if (check) {
    process.exitCode = 1
    console.error(
      `${file} is not what the shapes in schema/wire say; first at ${firstDifference(committed, generated)}`,
    )
    console.error('Run `npm run openapi` and commit the result.')
  } else {
    writeFileSync(path.join(ROOT, file), generated)
    console.log(`Wrote ${file}`)
  }
}

function firstDifference(committed: string, generated: string): string {
  const before = committed.split('\n')
  const after = generated.split('\n')
  const line = after.findIndex((text, index) => text !== before[index])
  if (line === -1) return `line ${after.length}`
  return `line ${line + 1}:\n  - ${before[line] ?? '(end)'}\n  + ${after[line]}`
}
