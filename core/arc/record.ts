import { count, eq } from 'drizzle-orm'
import { arcEntries } from '../../schema/tables/index.ts'
import type { RecordArcRequest } from '../../schema/wire/arc.ts'
import { readChange } from '../analysis/change.ts'
import { FINGERPRINT_VERSION } from '../analysis/similarity/winnow.ts'
import type { Actor, Context, Transaction } from '../context.ts'
import type { Answer, Claim } from '../idempotency/claim.ts'
import { randomIdentifier } from '../identifiers.ts'
import { Refusal } from '../refusal.ts'
import { recordedEntry } from './document.ts'
import { fingerprintFiles } from './fingerprints.ts'
import { pack } from './packed.ts'

/** Of one organisation. */
const MAX_ENTRIES = 1_000
/** Of one entry: the change that caused an incident is small, or it is not known which part of it did. */
export const MAX_FINGERPRINTS = 2_000
export const MIN_FINGERPRINTS = 4

/**
 * Records the root cause of an incident as an entry that the organisation's own changes are compared with from now on.
 * Fingerprints of the lines that the change added are kept, and never the code. Nobody else sees the entry.
 *
 * @throws {Refusal} `scope_missing` for a test key, since live certificates are compared with the entry;
 *   `invalid_input` when there is too little code to recognise, or far too much
 */
export async function recordArcEntry(
  ctx: Context,
  actor: Actor,
  request: RecordArcRequest,
  claim: Claim,
): Promise<Answer> {
  if (!actor.livemode) {
    throw new Refusal('scope_missing', { detail: 'An incident is recorded with a live key.' })
  }
  const { title, severity, description, mitigation } = request
  const row = arcEntryRow(ctx, {
    id: `arc_${randomIdentifier(ctx.random)}`,
    organisationId: actor.organisationId,
    title,
    severity,
    description,
    mitigation,
    fingerprints: fingerprintsOf(request),
    fingerprintVersion: FINGERPRINT_VERSION,
  })
  const answer = { status: 201, body: JSON.stringify(recordedEntry(row)) }
  await ctx.database.asOrganisation(actor.organisationId, async (tx) => {
    if (!(await hasRoom(tx, actor.organisationId))) {
      throw invalid('$', `an organisation may have ${MAX_ENTRIES} entries`)
    }
    await tx.insert(arcEntries).values(row)
    await claim.settle(tx, answer)
  })
  return answer
}

/** An entry that its organisation alone sees, whoever records it. */
export function arcEntryRow(
  ctx: Context,
  entry: Omit<
    typeof arcEntries.$inferInsert,
    'fingerprints' | 'state' | 'publicId' | 'createdAt' | 'updatedAt'
  > & { readonly fingerprints: readonly number[] },
): typeof arcEntries.$inferSelect {
  return {
    ...entry,
    publicId: null,
    state: 'private',
    fingerprints: pack(entry.fingerprints),
    createdAt: ctx.now,
    updatedAt: ctx.now,
  }
}

/** Whether the organisation may have one more. */
export async function hasRoom(tx: Transaction, organisationId: string): Promise<boolean> {
  const [known] = await tx
    .select({ entries: count() })
    .from(arcEntries)
    .where(eq(arcEntries.organisationId, organisationId))
  return known!.entries < MAX_ENTRIES
}

function fingerprintsOf(request: RecordArcRequest): number[] {
  const read = readChange({ files: request.files } as Parameters<typeof readChange>[0])
  if (!read.ok) throw new Refusal('invalid_input', { errors: read.errors })
  const hashes = fingerprintFiles(read.files)
  if (hashes.length < MIN_FINGERPRINTS) {
    throw invalid('files', 'has too little code in a known language to be recognised by')
  }
  if (hashes.length > MAX_FINGERPRINTS) {
    throw invalid('files', 'is too large a change: name the part of it that caused the incident')
  }
  return hashes
}

function invalid(path: string, message: string): Refusal {
  return new Refusal('invalid_input', { errors: [{ path, message }] })
}
