import { count, eq } from 'drizzle-orm'
import { arcEntries } from '../../schema/tables/index.ts'
import type { RecordArcRequest } from '../../schema/wire/arc.ts'
import { readChange } from '../analysis/change.ts'
import { FINGERPRINT_VERSION } from '../analysis/similarity/winnow.ts'
import type { Actor, Context } from '../context.ts'
import type { Answer, Claim } from '../idempotency/claim.ts'
import { randomIdentifier } from '../identifiers.ts'
import { Refusal } from '../refusal.ts'
import { BYTES_PER_FINGERPRINT, recordedEntry } from './document.ts'
import { fingerprintFiles } from './fingerprints.ts'

/** Of one organisation. */
const MAX_ENTRIES = 1_000
/** Of one entry: the change that caused an incident is small, or it is not known which part of it did. */
const MAX_FINGERPRINTS = 2_000
const MIN_FINGERPRINTS = 4

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
  const row = {
    id: `arc_${randomIdentifier(ctx.random)}`,
    organisationId: actor.organisationId,
    publicId: null,
    state: 'private' as const,
    title: request.title,
    severity: request.severity,
    description: request.description,
    mitigation: request.mitigation,
    fingerprints: pack(fingerprintsOf(request)),
    fingerprintVersion: FINGERPRINT_VERSION,
    createdAt: ctx.now,
    updatedAt: ctx.now,
  }
  const answer = { status: 201, body: JSON.stringify(recordedEntry(row)) }
  await ctx.database.asOrganisation(actor.organisationId, async (tx) => {
    const [known] = await tx
      .select({ entries: count() })
      .from(arcEntries)
      .where(eq(arcEntries.organisationId, actor.organisationId))
    if (known!.entries >= MAX_ENTRIES) throw invalid('$', `an organisation may have ${MAX_ENTRIES} entries`)
    await tx.insert(arcEntries).values(row)
    await claim.settle(tx, answer)
  })
  return answer
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

function pack(hashes: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(hashes.length * BYTES_PER_FINGERPRINT)
  const view = new DataView(bytes.buffer)
  hashes.forEach((hash, index) => void view.setUint32(index * BYTES_PER_FINGERPRINT, hash, true))
  return bytes
}

export function unpack(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: bytes.length / BYTES_PER_FINGERPRINT }, (_, index) =>
    view.getUint32(index * BYTES_PER_FINGERPRINT, true),
  )
}

function invalid(path: string, message: string): Refusal {
  return new Refusal('invalid_input', { errors: [{ path, message }] })
}
