import { sql } from 'drizzle-orm'
import { type Incident, MAX_INCIDENT_FINGERPRINTS } from '../analysis/similarity/match.ts'
import { FINGERPRINT_VERSION } from '../analysis/similarity/winnow.ts'
import type { Context } from '../context.ts'
import { compile } from '../statement.ts'
import { unpack } from './packed.ts'

/** An incident that changes of an organisation are compared with: published, or its own. */
export interface VisibleIncident extends Incident {
  readonly title: string
}

interface Row {
  readonly id: string
  readonly public_id: string | null
  readonly title: string
  readonly fingerprints: Uint8Array
}

const VISIBLE = compile<{ organisation: string }>(
  sql`SELECT * FROM visible_arc_entries(${sql.placeholder('organisation')}, ${FINGERPRINT_VERSION})`,
)

/** Those of the organisation first, then the newest; no more than can be compared with a change in reasonable time. */
export async function visibleIncidents(ctx: Context, organisationId: string): Promise<VisibleIncident[]> {
  const rows = await ctx.database.direct<Row>(VISIBLE({ organisation: organisationId }))
  const incidents: VisibleIncident[] = []
  // Apart, so that nobody crowds out what is published with entries of their own.
  const left = { own: MAX_INCIDENT_FINGERPRINTS / 2, published: MAX_INCIDENT_FINGERPRINTS / 2 }
  for (const { id, public_id: publicId, title, fingerprints } of rows) {
    const hashes = unpack(fingerprints)
    const share = publicId === null ? 'own' : 'published'
    if (hashes.length > left[share]) continue
    left[share] -= hashes.length
    incidents.push({ id: publicId ?? id, private: publicId === null, title, fingerprints: hashes })
  }
  return incidents
}
