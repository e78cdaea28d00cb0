import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { CollectedEvidence, Evidence } from '../../../../cli/evidence/evidence.ts'
import { temporaryFolder } from '../support.ts'

export const LCOV = 'TN:\nSF:src/a.ts\nDA:1,1\nend_of_record\n'
export const ISTANBUL = '{"/src/a.ts":{"path":"/src/a.ts","statementMap":{}}}'
export const COBERTURA = '<?xml version="1.0"?>\n<coverage version="7" line-rate="1"><packages/></coverage>\n'
export const JACOCO = '<?xml version="1.0"?><report name="shop"></report>'
export const GO = 'mode: set\nexample.com/a/a.go:1.2,3.4 1 1\n'
export const CLOVER = '<?xml version="1.0"?><coverage generated="1"><project/></coverage>'
export const SARIF = '{"version":"2.1.0","runs":[]}'

export function newFolder(): string {
  return temporaryFolder(onTestFinished)
}

/** @param modified seconds since 1970; now without it */
export function writeAt(
  folder: string,
  path: string,
  content: string | Uint8Array,
  modified?: number,
): string {
  const file = join(folder, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
  if (modified !== undefined) utimesSync(file, modified, modified)
  return file
}

export function collected(evidence: Evidence | null, sha256: string | null = null): CollectedEvidence {
  return { evidence, sha256, ciToken: null, sent: [], leftOut: [] }
}
