import { eq } from 'drizzle-orm'
import { certificates } from '../../schema/tables/index.ts'
import type { Revocation, RevokeRequest } from '../../schema/wire/revocation.ts'
import type { Actor, Context, Transaction } from '../context.ts'
import type { Answer, Claim } from '../idempotency/claim.ts'
import { appendToLog } from '../log/append.ts'
import { markForPublication } from '../publication/mark.ts'
import { Refusal } from '../refusal.ts'
import { flipStatusBit } from '../status/flip-bit.ts'
import { sha256, toHex } from '../verify/encoding.ts'
import { makeLogEntry } from '../verify/log-entry.ts'

type CertificateRow = typeof certificates.$inferSelect

/**
 * Revokes a certificate for good: reason, time, status bit, log entry and publication marks in one transaction.
 * The owner's keys reach the owner's certificates; an operator's reach all.
 *
 * @throws {Refusal} `certificate_not_found`, `certificate_already_revoked`
 */
export async function revokeCertificate(
  ctx: Context,
  actor: Actor,
  certificateId: string,
  request: RevokeRequest,
  claim: Claim,
): Promise<Answer> {
  const work = async (tx: Transaction) => {
    const row = await lock(tx, certificateId)
    if (row === undefined || !mayRevoke(actor, row)) throw new Refusal('certificate_not_found')
    if (row.revokedAt !== null) {
      throw new Refusal('certificate_already_revoked', {
        detail: `Revoked at ${row.revokedAt.toISOString()}.`,
      })
    }
    const answer = describeAnswer(ctx, certificateId, request)
    await write(ctx, tx, row, request)
    await claim.settle(tx, answer)
    return answer
  }
  return actor.scopes.includes('operator')
    ? ctx.database.asSystem(work)
    : ctx.database.asOrganisation(actor.organisationId, work)
}

/** A test key reaches test certificates only. */
function mayRevoke(actor: Actor, row: CertificateRow): boolean {
  if (row.livemode !== actor.livemode) return false
  return actor.scopes.includes('operator') || row.organisationId === actor.organisationId
}

async function lock(tx: Transaction, certificateId: string): Promise<CertificateRow | undefined> {
  const [row] = await tx.select().from(certificates).where(eq(certificates.id, certificateId)).for('update')
  return row
}

async function write(
  ctx: Context,
  tx: Transaction,
  row: CertificateRow,
  request: RevokeRequest,
): Promise<void> {
  const digest = toHex(await sha256(new Uint8Array(row.signed)))
  const entry = await makeLogEntry('certificate.revoked', row.id, ctx.now.toISOString(), digest, {
    reason: request.reason,
  })
  await tx
    .update(certificates)
    .set({ revokedAt: ctx.now, revocationReason: request.reason, updatedAt: ctx.now })
    .where(eq(certificates.id, row.id))
  await flipStatusBit(tx, row.statusList, row.statusIndex)
  await appendToLog(tx, entry, ctx.now)
  await markForPublication(tx, 'certificate', row.id, ctx.now)
  await markForPublication(tx, 'status_list', String(row.statusList), ctx.now)
}

function describeAnswer(ctx: Context, certificateId: string, request: RevokeRequest): Answer {
  const body: Revocation = {
    certificate_id: certificateId,
    status: 'revoked',
    revoked_at: ctx.now.toISOString(),
    revocation_reason: request.reason,
  }
  return { status: 200, body: JSON.stringify(body) }
}
