/** A report that cannot be read. The caller knows which one it is, and refuses the request with its name. */
export class EvidenceError extends Error {
  /** Plain words that follow the report's name: `is not valid XML: …`. */
  readonly problem: string
  /** The line, from 1, where that can be said. */
  readonly line: number | null

  constructor(problem: string, line: number | null) {
    super(line === null ? problem : `${problem} (line ${line})`)
    this.problem = problem
    this.line = line
  }
}
