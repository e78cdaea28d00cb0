import { EvidenceError } from '../evidence-error.ts'
import { readCobertura } from './cobertura.ts'
import { readGoProfile } from './go.ts'
import { readIstanbul } from './istanbul.ts'
import { readJacoco } from './jacoco.ts'
import { readLcov } from './lcov.ts'
import { type CoverageBudget, type CoverageReport, coverageBudget } from './report.ts'

/** The first element's name, after declaration, comments and DOCTYPE. What it looks at is bounded by the first tag. */
const ROOT_ELEMENT = /<([A-Za-z][\w.-]*)[\s/>]/

/**
 * Reads a coverage report, whose format its content says: LCOV, Cobertura, JaCoCo, Istanbul's JSON or a Go profile. The caller
 * limits its size. Reports of one request share a budget of files and lines.
 *
 * @throws {EvidenceError} for what is none of them, is damaged, or is too much
 */
export function readCoverage(content: string, budget: CoverageBudget = coverageBudget()): CoverageReport {
  const text = content.charCodeAt(0) === 0xfeff ? content.slice(1) : content
  const begin = text.slice(0, 1_024).trimStart()
  if (begin === '' && text.trim() === '') throw new EvidenceError('is empty', null)
  if (begin.startsWith('<')) return readXmlReport(text, budget)
  if (begin.startsWith('{') || begin.startsWith('[')) return readIstanbul(text, budget)
  if (begin.startsWith('mode:')) return readGoProfile(text, budget)
  if (/^(?:TN:|SF:|VER:|#)/.test(begin)) return readLcov(text, budget)
  throw new EvidenceError(
    'is no coverage report of a known format (LCOV, Cobertura, JaCoCo, Istanbul JSON, Go coverprofile)',
    1,
  )
}

function readXmlReport(text: string, budget: CoverageBudget): CoverageReport {
  const root = ROOT_ELEMENT.exec(text)?.[1]
  if (root === 'coverage') return readCobertura(text, budget)
  if (root === 'report') return readJacoco(text, budget)
  throw new EvidenceError('is XML, but neither Cobertura nor JaCoCo', null)
}
