import { and, eq } from 'drizzle-orm'
import { certificates } from '../../schema/tables/index.ts'
import type { CertificateReport } from '../../schema/wire/report.ts'
import type { Actor, Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import type { StoredReport } from './describe-report.ts'

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
  const { model_probability: _, fingerprints: __, ...stored } = row.report as Partial<StoredReport>
  return { certificate_id: certificateId, ...complete(stored) }
}

type ReportContents = Omit<CertificateReport, 'certificate_id'>
type Finding = CertificateReport['findings'][number]

/** What a report lacks that was stored before there was more to say than which secrets had been found. */
function complete(stored: Partial<ReportContents>): ReportContents {
  return {
    summary: [],
    coverage: [],
    coupling: { headline: null, signals: [] },
    incidents: [],
    evidence: [],
    ci: null,
    path_salt: null,
    file_digests: [],
    ...stored,
    findings: (stored.findings ?? []).map(completeFinding),
  }
}

function completeFinding(stored: Partial<Finding> & Pick<Finding, 'path' | 'line' | 'rule'>): Finding {
  return { title: '', severity: 'high', cwe: ['CWE-798'], source: 'coderisk', ...stored }
}
