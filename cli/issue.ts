import { randomUUID } from 'node:crypto'
import { hashFiles } from '../core/verify/code-hash.ts'
import type { Certificate } from '../schema/wire/certificate.ts'
import type { IssueRequest } from '../schema/wire/issue.ts'
import { ApiFailure, callApi } from './api.ts'
import type { Connection } from './configuration.ts'
import { withoutIdentity } from './evidence/bind.ts'
import type { CollectedEvidence } from './evidence/evidence.ts'
import { inputFailure, serverFailure } from './failure.ts'
import type { AiTool } from './git/ai-tool.ts'
import type { CollectedChange } from './git/change.ts'
import { MAX_COMMIT_MESSAGE_CHARACTERS, MAX_ISSUE_BODY_BYTES } from './limits.ts'
import { clean } from './output.ts'
import { byteSize } from './reports/words.ts'

export type Settings = Pick<IssueRequest, 'path_privacy' | 'ttl_days' | 'language' | 'framework'>

/** All that a request is made of. */
export interface Draft {
  readonly change: CollectedChange
  readonly tool: AiTool
  readonly repository: string | null
  readonly settings: Settings
  readonly evidence: CollectedEvidence
}

/** What the network says of a CI identity that it cannot use (schema/wire/problems.ts). */
const IDENTITY_PROBLEMS: readonly (string | null)[] = ['ci_identity_rejected', 'ci_issuer_unavailable']

/**
 * The body of `POST /v1/trust/verify`, as JSON.
 *
 * @throws {CommandFailure} when it is larger than the API takes: escapes make JSON larger than what it carries
 */
export function encodeRequest({ change, tool, repository, settings, evidence: collected }: Draft): string {
  const { evidence, ciToken } = collected
  const message = change.commitMessage?.slice(0, MAX_COMMIT_MESSAGE_CHARACTERS).toWellFormed() ?? ''
  const request: IssueRequest = {
    ai_tool: tool.name,
    files: [...change.files],
    files_changed: [...change.filesChanged],
    ...(change.deleted.length === 0 ? {} : { files_deleted: [...change.deleted] }),
    ...(change.commitSha === null ? {} : { commit_sha: change.commitSha }),
    ...(repository === null ? {} : { repository }),
    ...(message === '' ? {} : { commit_message: message }),
    ...settings,
    ...(evidence === null
      ? {}
      : { evidence: { ...evidence, ...(ciToken === null ? {} : { ci_token: ciToken }) } }),
  }
  const body = JSON.stringify(request)
  if (Buffer.byteLength(body) <= MAX_ISSUE_BODY_BYTES) return body
  throw inputFailure(
    `the change is too large: as JSON it is more than ${MAX_ISSUE_BODY_BYTES / (1024 * 1024)} MiB`,
    'Certify it in parts, by naming files or folders: coderisk certify PATHS…',
  )
}

/**
 * Sends a draft. A CI identity that the network cannot use, such as of a repository that it does not know to be the
 * organisation's, is then left out, unless it is required.
 *
 * @param say gets what goes on: steps for people to watch, and warnings
 * @returns the certificate, and the evidence as it was sent
 * @throws {CommandFailure} exit code 3
 */
export async function issue(
  connection: Connection,
  draft: Draft,
  requireCi: boolean,
  say: { progress(step: string): void; warn(line: string): void },
): Promise<{ certificate: Certificate; evidence: CollectedEvidence }> {
  const { evidence } = draft
  try {
    return { certificate: await send(connection, draft, say), evidence }
  } catch (error) {
    const isIdentity = error instanceof ApiFailure && IDENTITY_PROBLEMS.includes(error.code)
    if (!isIdentity || requireCi || evidence.ciToken === null) throw error
    const problem = [error.message, ...error.details.slice(0, -1)].join(': ')
    say.warn(clean(`certified without CI identity: ${problem}`))
    const unbound = withoutIdentity(evidence, problem)
    return { certificate: await send(connection, { ...draft, evidence: unbound }, say), evidence: unbound }
  }
}

/** The answer counts only if it is a certificate of exactly what was sent. */
async function send(
  connection: Connection,
  draft: Draft,
  say: { progress(step: string): void; warn(line: string): void },
): Promise<Certificate> {
  const body = encodeRequest(draft)
  say.progress(`sending ${byteSize(Buffer.byteLength(body))}`)
  const answer = await callApi(
    connection,
    { method: 'POST', path: '/v1/trust/verify', body, idempotencyKey: randomUUID(), authorised: true },
    say.warn,
  ).catch(explainEvidence)
  if (!isCertificate(answer)) throw serverFailure(`${connection.baseUrl} did not answer with a certificate`)
  await assertSame(answer, draft)
  return answer
}

/** A report that was found, and that the network cannot read, is best named or left out. */
function explainEvidence(error: unknown): never {
  if (!(error instanceof ApiFailure)) throw error
  const kinds = ['coverage', 'sarif', 'history'].filter((kind) =>
    error.details.some((line) => line.startsWith(`evidence.${kind}`)),
  )
  if (kinds.length === 0) throw error
  const ways = kinds.map((kind) => (kind === 'history' ? '--no-history' : `--${kind} FILE or --no-${kind}`))
  throw new ApiFailure(
    error.message,
    [...error.details, `To send other evidence, or none: ${ways.join(', ')}`],
    error.code,
  )
}

/** Only what is relied on below: the rest is printed with care. */
function isCertificate(value: unknown): value is Certificate {
  const certificate = value as Partial<Certificate> | null
  return (
    typeof certificate === 'object' &&
    typeof certificate?.certificate_id === 'string' &&
    typeof certificate.risk_score === 'number' &&
    typeof certificate.confidence === 'number' &&
    typeof certificate.expires_at === 'string' &&
    typeof certificate.checks_passed === 'object' &&
    certificate.checks_passed !== null
  )
}

/** Whoever signs, the hashes of what was sent are known here: a certificate of anything else is refused. */
async function assertSame(certificate: Certificate, { change, evidence }: Draft): Promise<void> {
  const { certificate_id, code_hash, evidence_sha256 } = certificate
  if (code_hash !== (await hashFiles(change.files))) {
    throw serverFailure(
      `the network certified other code than was sent: ${certificate_id} has another code hash`,
    )
  }
  if (evidence_sha256 !== undefined && evidence_sha256 !== evidence.sha256) {
    throw serverFailure(
      `the network judged other evidence than was sent: ${certificate_id} has another hash of it`,
    )
  }
}
