import type { CollectedEvidence } from '../evidence/evidence.ts'
import type { CollectedChange } from '../git/change.ts'
import { clean, type Terminal } from '../output.ts'
import { evidenceDocument, printEvidence } from './evidence.ts'
import { byteSize, plural } from './words.ts'

/** What would have been sent. */
export interface DryRun {
  readonly change: CollectedChange
  readonly evidence: CollectedEvidence
  readonly body: string
}

/** The JSON form of `coderisk certify --dry-run`. */
export function dryRunDocument({ change, evidence, body }: DryRun) {
  return {
    dry_run: true,
    change: {
      description: change.description,
      files_changed: change.filesChanged,
      commit_sha: change.commitSha,
      skipped: change.skipped,
    },
    evidence: evidenceDocument(evidence),
    body_bytes: Buffer.byteLength(body),
  }
}

export function printDryRun(terminal: Terminal, { change, evidence, body }: DryRun): void {
  terminal.print(terminal.paint.bold('Nothing is sent (--dry-run)'))
  terminal.print()
  terminal.print(`Change  ${clean(change.description)}`)
  const withoutContent = change.skipped.length === 0 ? '' : `, ${change.skipped.length} without content`
  terminal.print(`        ${plural(change.filesChanged.length, 'file')}${withoutContent}`)
  printEvidence(terminal, evidence)
  terminal.print()
  terminal.print(`Request ${byteSize(Buffer.byteLength(body))}`)
  if (evidence.sha256 !== null) terminal.print(`SHA-256 ${evidence.sha256} (of the evidence, RFC 8785)`)
}
