import type { Evidence } from '../../schema/wire/evidence.ts'
import { MAX_EVIDENCE_BYTES } from '../../schema/wire/evidence.ts'
import type { InputError } from '../../schema/wire/problems.ts'
import { readCoverage } from '../analysis/coverage/read.ts'
import { type CoverageReport, coverageBudget } from '../analysis/coverage/report.ts'
import { EvidenceError } from '../analysis/evidence-error.ts'
import { readSarif, type SarifReport } from '../analysis/sarif/read.ts'
import { Refusal } from '../refusal.ts'
import { canonicalBytes } from '../verify/canonical.ts'
import { sha256, toHex } from '../verify/encoding.ts'

/** A report of the evidence, parsed. */
export interface Named<Report> {
  readonly name: string
  readonly report: Report
}

/** Evidence as the checks take it: nothing in it has been believed yet. */
export interface ReadEvidence {
  readonly coverage: readonly Named<CoverageReport>[]
  readonly sarif: readonly Named<SarifReport>[]
  readonly history: Evidence['history']
  readonly imports: Evidence['imports']
}

export const NO_EVIDENCE: ReadEvidence = { coverage: [], sarif: [], history: undefined, imports: undefined }

/**
 * Parses every report, so that one that cannot be read is refused and never passes for one that is not there.
 *
 * @throws {Refusal} `evidence_unreadable`, with the name and the line of each such report
 */
export function readEvidence(evidence: Evidence): ReadEvidence {
  const errors: InputError[] = []
  const budget = coverageBudget()
  const coverage = readAll(evidence.coverage ?? [], 'coverage', errors, (report) => {
    const read = readCoverage(report.content, budget)
    return report.commit_sha === undefined ? read : { ...read, commitSha: report.commit_sha }
  })
  const sarif = readAll(evidence.sarif ?? [], 'sarif', errors, (report) => readSarif(report.content))
  if (errors.length > 0) throw new Refusal('evidence_unreadable', { errors })
  return { coverage, sarif, history: evidence.history, imports: evidence.imports }
}

/**
 * SHA-256, hex, of the RFC 8785 form of the evidence without its token: what the certificate names, and what the
 * token's audience must name.
 *
 * @throws {Refusal} `body_too_large` above {@link MAX_EVIDENCE_BYTES}
 */
export async function hashEvidence({ ci_token: _, ...reports }: Evidence): Promise<string> {
  const bytes = canonicalBytes(reports)
  if (bytes.length > MAX_EVIDENCE_BYTES) {
    throw new Refusal('body_too_large', {
      detail: `At most ${MAX_EVIDENCE_BYTES} bytes of evidence are taken.`,
    })
  }
  return toHex(await sha256(bytes))
}

function readAll<Given extends { name: string }, Report>(
  given: readonly Given[],
  kind: 'coverage' | 'sarif',
  errors: InputError[],
  read: (report: Given) => Report,
): Named<Report>[] {
  return given.flatMap((item, index) => {
    try {
      return [{ name: item.name, report: read(item) }]
    } catch (error) {
      if (!(error instanceof EvidenceError)) throw error
      errors.push({
        path: `evidence.${kind}[${index}]`,
        message: `${JSON.stringify(item.name)} ${error.message}`,
      })
      return []
    }
  })
}
