/** A well-known failure pattern of production systems: an entry of the Architectural Risk Catalog (ARC). */
export interface ArcEntry {
  /** `ARC-YYYY-NNN`; never used again for anything else. */
  readonly id: string
  /** Lower-case words joined by hyphens; names the folder of its code samples in `tools/arc/samples/`. */
  readonly slug: string
  /** At most 70 characters, without a full stop. */
  readonly title: string
  readonly severity: 'low' | 'medium' | 'high' | 'critical'
  /** What happens in production and why it hurts. */
  readonly description: string
  /** What to do about it. */
  readonly mitigation: string
  /** Confirmed incidents that showed this pattern; none are shipped. */
  readonly incident_count: 0
  /** `CWE-<number>`, where the pattern is a weakness of that list. */
  readonly cwe?: readonly string[]
}
