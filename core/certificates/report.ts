import { and, eq } from 'drizzle-orm'
import { certificates } from '../../schema/tables/index.ts'
import type { Actor, Context } from '../context.ts'
import { Refusal } from '../refusal.ts'

/** What only the owner may know of a certificate. */
export interface CertificateReport {
  readonly certificate_id: string
  readonly findings: readonly { path: string; line: number; rule: string }[]
  /** Hex; null unless paths are hashed. */
  readonly path_salt: string | null
}

/** @throws {Refusal} `certificate_not_found`, for another organisation's certificate too */
export async function readReport(
  ctx: Context,
  actor: Actor,
  certificateId: string,
): Promise<CertificateReport> {
  const [row] = await ctx.database.asOrganisation(actor.organisationId, (tx) =>
    tx
      .select({ report: certificates.report })
      .from(certificates)
      .where(
        and(
          eq(certificates.id, certificateId),
          eq(certificates.organisationId, actor.organisationId),
          eq(certificates.livemode, actor.livemode),
        ),
      ),
  )
  if (row === undefined) throw new Refusal('certificate_not_found')
  return { certificate_id: certificateId, ...(row.report as Omit<CertificateReport, 'certificate_id'>) }
}
