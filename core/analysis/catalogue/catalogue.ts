import { Catalogue } from '../similarity/match.ts'
import { ENTRIES_CONCURRENCY } from './entries-concurrency.ts'
import { ENTRIES_DATA } from './entries-data.ts'
import { ENTRIES_OPERATIONS } from './entries-operations.ts'
import { ENTRIES_RELIABILITY } from './entries-reliability.ts'
import { ENTRIES_SECURITY } from './entries-security.ts'
import type { ArcEntry } from './entry.ts'
import fingerprints from './fingerprints.json' with { type: 'json' }
import { idioms } from './idioms.ts'

/** All entries of the Architectural Risk Catalog that are shipped, by id. */
export const ARC_ENTRIES: readonly ArcEntry[] = [
  ...ENTRIES_RELIABILITY,
  ...ENTRIES_DATA,
  ...ENTRIES_CONCURRENCY,
  ...ENTRIES_SECURITY,
  ...ENTRIES_OPERATIONS,
].sort((a, b) => (a.id < b.id ? -1 : 1))

const byId: ReadonlyMap<string, ArcEntry> = new Map(ARC_ENTRIES.map((entry) => [entry.id, entry]))
const samplesOf: Readonly<Record<string, Readonly<Record<string, string>>>> = fingerprints.samples
let shipped: Catalogue | null = null

/** The entry with this id, or null. */
export function arcEntry(id: string): ArcEntry | null {
  return byId.get(id) ?? null
}

/** The fingerprints of an entry's samples, each in the order of its code. */
export function arcFingerprints(entry: ArcEntry): number[][] {
  return Object.values(samplesOf[entry.slug] ?? {}).map((words) =>
    words.split(' ').map((word) => Number.parseInt(word, 36)),
  )
}

/** What changes are compared with. It is made when it is first asked for, as not all who read the entries compare. */
export function shippedCatalogue(): Catalogue {
  shipped ??= new Catalogue(
    ARC_ENTRIES.map((entry) => ({ id: entry.id, private: false, samples: arcFingerprints(entry) })),
    idioms(),
  )
  return shipped
}
