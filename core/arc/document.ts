import type { arcEntries } from '../../schema/tables/index.ts'
import type { ArcEntryDocument, RecordedArc } from '../../schema/wire/arc.ts'
import type { Severity } from '../../schema/wire/vocabulary.ts'
import { ARC_ENTRIES, arcFingerprints } from '../analysis/catalogue/catalogue.ts'

/** Of a hash in `arc_entries.fingerprints`. */
export const BYTES_PER_FINGERPRINT = 4

/** The entries that come with the software, by number. */
export function shippedEntries(): ArcEntryDocument[] {
  return ARC_ENTRIES.map((entry) => ({
    id: entry.id,
    title: entry.title,
    severity: entry.severity,
    description: entry.description,
    mitigation: entry.mitigation,
    cwe: [...(entry.cwe ?? [])],
    incident_count: entry.incident_count,
    fingerprints: new Set(arcFingerprints(entry).flat()).size,
  }))
}

/** A row of the function `published_arc_entries`. */
export interface PublishedRow {
  readonly public_id: string
  readonly title: string
  readonly severity: Severity
  readonly description: string
  readonly mitigation: string
  readonly fingerprint_bytes: number
}

/** One that an organisation gave to all: it is itself the one confirmed incident. */
export function publishedEntry(row: PublishedRow): ArcEntryDocument {
  return {
    id: row.public_id,
    title: row.title,
    severity: row.severity,
    description: row.description,
    mitigation: row.mitigation,
    cwe: [],
    incident_count: 1,
    fingerprints: row.fingerprint_bytes / BYTES_PER_FINGERPRINT,
  }
}

/** An entry as its owner, or an operator, sees it. */
export function recordedEntry(row: typeof arcEntries.$inferSelect): RecordedArc {
  return {
    id: row.id,
    title: row.title,
    severity: row.severity,
    description: row.description,
    mitigation: row.mitigation,
    cwe: [],
    incident_count: 1,
    fingerprints: row.fingerprints.length / BYTES_PER_FINGERPRINT,
    state: row.state,
    public_id: row.publicId,
    created_at: row.createdAt.toISOString(),
  }
}
