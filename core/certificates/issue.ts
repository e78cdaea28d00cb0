import { sql } from 'drizzle-orm'
import type { certificates } from '../../schema/tables/index.ts'
import type { CertificateSignature } from '../../schema/wire/certificate.ts'
import type { IssueRequest } from '../../schema/wire/issue.ts'
import { type Analysis, analyse } from '../analysis/analyse.ts'
import type { Actor, Context } from '../context.ts'
import type { Answer, Claim } from '../idempotency/claim.ts'
import type { Signer } from '../keys/vault.ts'
import { Refusal } from '../refusal.ts'
import { compile } from '../statement.ts'
import { canonicalBytes } from '../verify/canonical.ts'
import { toBase64 } from '../verify/encoding.ts'
import { issuedLogEntry, type LogEntry, pendingLog } from '../verify/log-entry.ts'
import { certificateText } from '../verify/present.ts'
import { type BuiltCertificate, buildCertificate } from './build.ts'
import { KeyNoLongerActive, recordCertificate } from './record.ts'

const MAX_ATTEMPTS = 2

/** What will be stored, complete and signed. Until it is recorded nobody has seen it. */
interface PreparedCertificate extends BuiltCertificate {
  readonly analysis: Analysis
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
 * @throws {Refusal} `invalid_input`, `signing_unavailable`, `database_unavailable`
 */
export async function issueCertificate(
  ctx: Context,
  actor: Actor,
  request: IssueRequest,
  claim: Claim,
): Promise<{ id: string; answer: Answer }> {
  const analysis = await analyse(request)
  for (let attempt = 1; ; attempt++) {
    const prepared = await prepare(ctx, actor, request, analysis)
    try {
      await recordCertificate(ctx, { ...prepared, row: describeRow(ctx, actor, prepared) }, claim)
      return { id: prepared.certificate.certificate_id, answer: prepared.answer }
    } catch (error) {
      if (!(error instanceof KeyNoLongerActive)) throw error
      if (attempt === MAX_ATTEMPTS) throw new Refusal('signing_unavailable', { cause: error })
    }
  }
}

async function prepare(
  ctx: Context,
  actor: Actor,
  request: IssueRequest,
  analysis: Analysis,
): Promise<PreparedCertificate> {
  const { statusPosition, signer } = await reserve(ctx, actor.livemode)
  const built = await buildCertificate(ctx, actor, request, analysis, statusPosition)
  const signed = canonicalBytes(built.certificate)
  const signature = await signer.sign(signed)
  const logEntry = await issuedLogEntry(built.certificate, signed)
  const body = certificateText(
    new TextDecoder().decode(signed),
    describeSignature(signer.kid, signature),
    'valid',
    pendingLog(logEntry.leafHash),
  )
  return { ...built, analysis, signed, signature, kid: signer.kid, logEntry, answer: { status: 201, body } }
}

const PREPARE = compile<{ livemode: boolean }>(
  sql`SELECT * FROM prepare_issue(${sql.placeholder('livemode')})`,
)

/** A place in the status list, which is part of what is signed, and the key to sign with. */
async function reserve(ctx: Context, livemode: boolean): Promise<{ statusPosition: number; signer: Signer }> {
  const [row] = await ctx.database.direct<{
    status_index: string
    kid: string | null
    sealed_private_key: Uint8Array | null
  }>(PREPARE({ livemode }))
  if (!row?.kid || !row.sealed_private_key) throw new Refusal('signing_unavailable')
  return {
    statusPosition: Number(row.status_index),
    signer: await ctx.keys.signer(row.kid, row.sealed_private_key),
  }
}

function describeRow(
  ctx: Context,
  actor: Actor,
  prepared: PreparedCertificate,
): typeof certificates.$inferInsert {
  const { certificate, analysis } = prepared
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
    report: { findings: analysis.findings, path_salt: prepared.pathSalt ?? null },
    statusList: prepared.statusList,
    statusIndex: prepared.statusIndex,
    updatedAt: ctx.now,
  }
}

export function describeSignature(kid: string, signature: Uint8Array): CertificateSignature {
  return { algorithm: 'RS256', public_key_id: kid, value: toBase64(signature) }
}
