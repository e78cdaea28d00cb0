import type { SignedCertificate } from '../../schema/wire/certificate.ts'
import type { IssueRequest } from '../../schema/wire/issue.ts'
import type { Analysis } from '../analysis/judge.ts'
import type { Actor, Context } from '../context.ts'
import { randomIdentifier } from '../identifiers.ts'
import { toHex, utf8 } from '../verify/encoding.ts'
import { STATUS_LIST_SIZE } from '../verify/status-list.ts'

const DAY_MS = 86_400_000
const SALT_BYTES = 32

export interface BuiltCertificate {
  readonly certificate: SignedCertificate
  readonly statusList: number
  readonly statusIndex: number
  /** Hex; only with `path_privacy: "hashed"`, and only for the owner. */
  readonly pathSalt: string | undefined
}

/** Puts the members that will be signed together. What the request left out is left out here too. */
export async function buildCertificate(
  ctx: Context,
  actor: Actor,
  request: IssueRequest,
  found: { analysis: Analysis; evidenceSha256: string | undefined; statusPosition: number },
): Promise<BuiltCertificate> {
  const { analysis, statusPosition } = found
  const id = `CERT-${ctx.now.getUTCFullYear()}-${randomIdentifier(ctx.random)}`
  const statusList = Math.floor(statusPosition / STATUS_LIST_SIZE)
  const statusIndex = statusPosition % STATUS_LIST_SIZE
  const salt = request.path_privacy === 'hashed' ? ctx.random.bytes(SALT_BYTES) : undefined
  const certificate: SignedCertificate = {
    schema_version: '1.0',
    certificate_id: id,
    livemode: actor.livemode,
    issued_at: ctx.now.toISOString(),
    expires_at: new Date(ctx.now.getTime() + request.ttl_days * DAY_MS).toISOString(),
    ai_tool: request.ai_tool,
    code_hash: analysis.codeHash,
    code_hash_method: analysis.codeHashMethod,
    files_changed:
      salt === undefined ? [...analysis.filesChanged] : await hashPaths(salt, analysis.filesChanged),
    ...given('files_deleted', await describeDeleted(salt, request.files_deleted)),
    path_privacy: request.path_privacy,
    ...given('commit_sha', request.commit_sha),
    ...given('repository', request.repository),
    ...given('language', request.language),
    ...given('framework', request.framework),
    change: analysis.change,
    change_risk: analysis.changeRisk,
    ...given('evidence_sha256', found.evidenceSha256),
    risk_score: analysis.riskScore,
    risk_level: analysis.riskLevel,
    confidence: analysis.confidence,
    explanation: analysis.contributions.map(({ code, points }) => `${code}: ${points}`),
    checks_passed: analysis.checks,
    company_id: actor.organisationId,
    user_id: request.user_id ?? actor.userId,
    verification_url: `${ctx.settings.publicBaseUrl}/certs/${id}`,
    status_list: { uri: `${ctx.settings.publicBaseUrl}/v1/status-lists/${statusList}`, idx: statusIndex },
  }
  return { certificate, statusList, statusIndex, pathSalt: salt && toHex(salt) }
}

async function describeDeleted(
  salt: Uint8Array<ArrayBuffer> | undefined,
  deleted: readonly string[] = [],
): Promise<string[] | undefined> {
  if (deleted.length === 0) return undefined
  return salt === undefined ? [...deleted] : hashPaths(salt, deleted)
}

/** `sha256:` and HMAC-SHA256(salt, path), hex, in the order of the paths. */
async function hashPaths(salt: Uint8Array<ArrayBuffer>, paths: readonly string[]): Promise<string[]> {
  const key = await crypto.subtle.importKey('raw', salt, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return Promise.all(
    paths.map(
      async (path) => `sha256:${toHex(new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8(path))))}`,
    ),
  )
}

function given<Name extends string, Value>(name: Name, value: Value | undefined) {
  return (value === undefined ? {} : { [name]: value }) as { [key in Name]?: Value }
}
