import { sql } from 'drizzle-orm'
import type { certificates } from '../../schema/tables/index.ts'
import type { CertificateSignature } from '../../schema/wire/certificate.ts'
import type { IssueRequest } from '../../schema/wire/issue.ts'
import { type Examination, examine } from '../analysis/examine.ts'
import { judge } from '../analysis/judge.ts'
import type { Calibration } from '../analysis/risk/calibrate.ts'
import { visibleIncidents } from '../arc/visible.ts'
import type { Actor, Context } from '../context.ts'
import { assertSpeaksFor } from '../evidence/ci-identity.ts'
import { type IdentifiedEvidence, identifyEvidence } from '../evidence/identify.ts'
import type { Answer, Claim } from '../idempotency/claim.ts'
import { readCoverageThreshold } from '../organisations/settings.ts'
import { markForPublication } from '../publication/mark.ts'
import { Refusal } from '../refusal.ts'
import { compile } from '../statement.ts'
import { canonicalBytes } from '../verify/canonical.ts'
import { toBase64 } from '../verify/encoding.ts'
import { issuedLogEntry, type LogEntry, pendingLog } from '../verify/log-entry.ts'
import { certificateText } from '../verify/present.ts'
import { type BuiltCertificate, buildCertificate } from './build.ts'
import { describeReport, type StoredReport } from './describe-report.ts'
import { KeyNoLongerActive, recordCertificate } from './record.ts'

const MAX_ATTEMPTS = 2

/** What will be stored, complete and signed. Until it is recorded nobody has seen it. */
interface PreparedCertificate extends BuiltCertificate {
  readonly report: StoredReport
  readonly signed: Uint8Array<ArrayBuffer>
  readonly signature: Uint8Array<ArrayBuffer>
  readonly kid: string
  readonly logEntry: LogEntry
  readonly answer: Answer
}

/**
 * Analyses a change and issues a signed certificate of what was found. The certificate, its log entry, its
 * publication mark and the answer for replays are one statement: a crash leaves all of them or none.
 *
 * @returns 201 with the whole certificate: what `GET /v1/trust/certs/{id}` will serve, and its pending log entry
 * @throws {Refusal} `invalid_input`, `evidence_unreadable`, `ci_identity_rejected`, `ci_issuer_unavailable`,
 *   `signing_unavailable`, `database_unavailable`
 */
export async function issueCertificate(
  ctx: Context,
  actor: Actor,
  request: IssueRequest,
  claim: Claim,
): Promise<{ id: string; answer: Answer }> {
  const evidence = await identifyEvidence(ctx, request.evidence)
  const examination = await examine(request, ctx.inspection.syntax)
  for (let attempt = 1; ; attempt++) {
    const prepared = await prepare(ctx, actor, { request, evidence, examination })
    try {
      await recordCertificate(ctx, { ...prepared, row: describeRow(ctx, actor, prepared) }, claim)
      if (prepared.statusIndex === 0) await announceStatusList(ctx, prepared.statusList)
      return { id: prepared.certificate.certificate_id, answer: prepared.answer }
    } catch (error) {
      if (!(error instanceof KeyNoLongerActive)) throw error
      if (attempt === MAX_ATTEMPTS) throw new Refusal('signing_unavailable', { cause: error })
    }
  }
}

/**
 * The first certificate of a status list: its token need not wait for the next look at what is due. The certificate is
 * issued by now, whatever becomes of this.
 */
async function announceStatusList(ctx: Context, list: number): Promise<void> {
  const mark = ctx.database.asSystem((tx) => markForPublication(tx, 'status_list', String(list), ctx.now))
  await mark.catch(() => {})
}

/** What is asked for, and what is known of it before the database is asked. */
interface Asked {
  readonly request: IssueRequest
  readonly evidence: IdentifiedEvidence | null
  readonly examination: Examination
}

async function prepare(ctx: Context, actor: Actor, asked: Asked): Promise<PreparedCertificate> {
  const { request, evidence, examination } = asked
  const reserved = await reserve(ctx, actor)
  const identity = evidence?.identity ?? null
  if (identity !== null) assertSpeaksFor(identity, request, reserved.repositories)
  const incidents = reserved.recordedIncidents ? await visibleIncidents(ctx, actor.organisationId) : []
  const analysis = judge(examination, {
    coverageThreshold: reserved.coverageThreshold,
    level: identity === null ? 'E1' : 'E2',
    calibration: reserved.calibration,
    incidents,
  })
  const built = await buildCertificate(ctx, actor, request, {
    analysis,
    evidenceSha256: evidence?.sha256,
    statusPosition: reserved.statusPosition,
  })
  const signed = canonicalBytes(built.certificate)
  const signature = await reserved.signer.sign(signed)
  const logEntry = await issuedLogEntry(built.certificate, signed)
  const body = certificateText(
    new TextDecoder().decode(signed),
    describeSignature(reserved.signer.kid, signature),
    'valid',
    pendingLog(logEntry.leafHash),
  )
  const report = describeReport({
    analysis,
    examination,
    identity,
    incidents,
    pathSalt: built.pathSalt,
    pathNames: built.certificate.files_changed,
    livemode: actor.livemode,
  })
  return {
    ...built,
    report,
    signed,
    signature,
    kid: reserved.signer.kid,
    logEntry,
    answer: { status: 201, body },
  }
}

const PREPARE = compile<{ livemode: boolean; organisation: string }>(
  sql`SELECT * FROM prepare_issue(${sql.placeholder('livemode')}, ${sql.placeholder('organisation')})`,
)

interface PreparedRow {
  readonly status_index: string
  readonly kid: string | null
  readonly sealed_private_key: Uint8Array | null
  readonly coverage_threshold_bp: number | null
  readonly repositories: readonly string[] | null
  readonly calibration: Calibration | null
  readonly recorded_incidents: boolean
}

/** A place in the status list, which is part of what is signed, the key to sign with, and what the organisation wants. */
async function reserve(ctx: Context, { livemode, organisationId: organisation }: Actor) {
  const [row] = await ctx.database.direct<PreparedRow>(PREPARE({ livemode, organisation }))
  if (!row?.kid || !row.sealed_private_key) throw new Refusal('signing_unavailable')
  return {
    statusPosition: Number(row.status_index),
    signer: await ctx.keys.signer(row.kid, row.sealed_private_key),
    coverageThreshold: readCoverageThreshold(row.coverage_threshold_bp),
    repositories: row.repositories ?? [],
    calibration: row.calibration,
    recordedIncidents: row.recorded_incidents,
  }
}

function describeRow(
  ctx: Context,
  actor: Actor,
  prepared: PreparedCertificate,
): typeof certificates.$inferInsert {
  const { certificate } = prepared
  return {
    id: certificate.certificate_id,
    organisationId: actor.organisationId,
    userId: certificate.user_id,
    livemode: certificate.livemode,
    aiTool: certificate.ai_tool,
    codeHash: certificate.code_hash,
    commitSha: certificate.commit_sha ?? null,
    language: certificate.language ?? null,
    framework: certificate.framework ?? null,
    riskScore: Math.round(certificate.risk_score * 100),
    issuedAt: ctx.now,
    expiresAt: new Date(certificate.expires_at),
    keyId: prepared.kid,
    signed: prepared.signed,
    signature: prepared.signature,
    leafHash: prepared.logEntry.leafHash,
    report: prepared.report,
    statusList: prepared.statusList,
    statusIndex: prepared.statusIndex,
    updatedAt: ctx.now,
  }
}

export function describeSignature(kid: string, signature: Uint8Array): CertificateSignature {
  return { algorithm: 'RS256', public_key_id: kid, value: toBase64(signature) }
}
