import { randomUUID } from 'node:crypto'
import { hashFiles } from '../../core/verify/code-hash.ts'
import type { Certificate } from '../../schema/wire/certificate.ts'
import type { IssueRequest } from '../../schema/wire/issue.ts'
import { callApi } from '../api.ts'
import { type Command, type CommandContext, parseOptions } from '../command.ts'
import { CONNECTION_OPTIONS, type Connection, resolveConnection } from '../configuration.ts'
import { inputFailure, serverFailure, usageFailure } from '../failure.ts'
import { type AiTool, isToolName, toolFromMessages, UNKNOWN_TOOL } from '../git/ai-tool.ts'
import type { CollectedChange } from '../git/change.ts'
import { collectChange, type Selection } from '../git/collect.ts'
import {
  DEFAULT_TTL_DAYS,
  MAX_COMMIT_MESSAGE_CHARACTERS,
  MAX_ISSUE_BODY_BYTES,
  MAX_TTL_DAYS,
} from '../limits.ts'
import { certificationDocument, printCertification } from '../reports/certification.ts'

const OPTIONS = {
  base: { type: 'string' },
  staged: { type: 'boolean', default: false },
  'ai-tool': { type: 'string' },
  'ttl-days': { type: 'string' },
  'path-privacy': { type: 'string', default: 'plain' },
  language: { type: 'string' },
  framework: { type: 'string' },
  'no-repository': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  ...CONNECTION_OPTIONS,
} as const

export const certify: Command = {
  usage: 'coderisk certify [--base REF | --staged | PATHS…] [OPTIONS]',
  help: `Sends a change and its previous contents to be analysed, and prints the signed certificate.

What is certified:
  (nothing)               the last commit, against its parent
  --base REF              all that HEAD adds since it left REF, as a pull request shows it
  --staged                what is staged, against HEAD
  PATHS…                  these files as they are on disk (folders: their files that git does not ignore)

Options:
  --ai-tool name-vX.Y     the tool that wrote it; else CODERISK_AI_TOOL, else the commit's AI-Tool: or
                          Co-authored-by: trailer, else ${UNKNOWN_TOOL}
  --ttl-days N            1 to ${MAX_TTL_DAYS}, ${DEFAULT_TTL_DAYS} by default
  --path-privacy MODE     plain, or hashed: file names are then published as keyed hashes only
  --no-repository         do not name the repository (its origin) in the certificate
  --language L            --framework F
  --json                  one JSON document: { certificate, page_url, badge_url, missing_evidence, skipped }
  --url URL               the network, else CODERISK_URL, else the local stack
  --api-key KEY           better in CODERISK_API_KEY: other processes see a command line

Binary files, links and submodules are named in the certificate, their contents are not sent.`,

  async run(context) {
    const { values, positionals } = parseOptions(context.args, OPTIONS)
    const selection = select(values, positionals)
    const settings = readSettings(values)
    const connection = authorisedConnection(values, context)
    const { change, repositoryName } = await collectChange(context.cwd, context.env, selection)
    const tool = chooseTool(values['ai-tool'], context, change)
    const repository = values['no-repository'] ? null : repositoryName
    const body = encodeRequest(buildRequest(change, tool, repository, settings))
    const certificate = await issue(connection, body, (line) => context.terminal.warn(line))
    await assertSameCode(certificate, change)
    const certification = { certificate, change, tool, baseUrl: connection.baseUrl }
    if (values.json) context.terminal.printJson(certificationDocument(certification))
    else printCertification(context.terminal, certification, context.now)
    return 0
  },
}

type Settings = Pick<IssueRequest, 'path_privacy' | 'ttl_days' | 'language' | 'framework'>

function select(values: { base?: string | undefined; staged: boolean }, paths: readonly string[]): Selection {
  const given = [values.base !== undefined, values.staged, paths.length > 0].filter(Boolean).length
  if (given > 1) throw usageFailure('give --base, --staged or paths, not two of them')
  if (values.base !== undefined) return { kind: 'since', base: values.base }
  if (values.staged) return { kind: 'staged' }
  return paths.length > 0 ? { kind: 'paths', paths } : { kind: 'last_commit' }
}

function readSettings(values: {
  'ttl-days'?: string | undefined
  'path-privacy': string
  language?: string | undefined
  framework?: string | undefined
}): Settings {
  const days = values['ttl-days'] === undefined ? DEFAULT_TTL_DAYS : Number(values['ttl-days'])
  if (!Number.isInteger(days) || days < 1 || days > MAX_TTL_DAYS) {
    throw usageFailure(`--ttl-days must be a whole number from 1 to ${MAX_TTL_DAYS}`)
  }
  const privacy = values['path-privacy']
  if (privacy !== 'plain' && privacy !== 'hashed')
    throw usageFailure('--path-privacy must be plain or hashed')
  return {
    path_privacy: privacy,
    ttl_days: days,
    ...(values.language === undefined ? {} : { language: values.language }),
    ...(values.framework === undefined ? {} : { framework: values.framework }),
  }
}

function authorisedConnection(
  values: { url?: string | undefined; 'api-key'?: string | undefined },
  { env, cwd, terminal }: CommandContext,
): Connection {
  const connection = resolveConnection(values, env, cwd)
  if (connection.apiKey === null) {
    throw inputFailure(
      `no API key for ${connection.baseUrl}`,
      'Set CODERISK_API_KEY, or start a local network that needs none: npm start',
    )
  }
  if (values['api-key'] !== undefined) {
    terminal.warn('--api-key can be read by other processes: CODERISK_API_KEY is safer')
  }
  return connection
}

function chooseTool(option: string | undefined, { env }: CommandContext, change: CollectedChange): AiTool {
  const named = option ?? (env.CODERISK_AI_TOOL || undefined)
  if (named === undefined) {
    return toolFromMessages(change.messages) ?? { name: UNKNOWN_TOOL, source: 'nothing names one' }
  }
  const source = option === undefined ? 'CODERISK_AI_TOOL' : '--ai-tool'
  if (!isToolName(named)) throw usageFailure(`${source} must be name-vX.Y, such as claude-code-v1.0`)
  return { name: named, source }
}

function buildRequest(
  change: CollectedChange,
  tool: AiTool,
  repository: string | null,
  settings: Settings,
): IssueRequest {
  const message = change.commitMessage?.slice(0, MAX_COMMIT_MESSAGE_CHARACTERS).toWellFormed() ?? ''
  return {
    ai_tool: tool.name,
    files: [...change.files],
    files_changed: [...change.filesChanged],
    ...(change.commitSha === null ? {} : { commit_sha: change.commitSha }),
    ...(repository === null ? {} : { repository }),
    ...(message === '' ? {} : { commit_message: message }),
    ...settings,
  }
}

/** Escapes make JSON larger than the contents that it carries. */
function encodeRequest(request: IssueRequest): string {
  const body = JSON.stringify(request)
  if (Buffer.byteLength(body) <= MAX_ISSUE_BODY_BYTES) return body
  throw inputFailure(
    `the change is too large: as JSON it is more than ${MAX_ISSUE_BODY_BYTES / (1024 * 1024)} MiB`,
    'Certify it in parts, by naming files or folders: coderisk certify PATHS…',
  )
}

async function issue(
  connection: Connection,
  body: string,
  report: (line: string) => void,
): Promise<Certificate> {
  const answer = await callApi(
    connection,
    { method: 'POST', path: '/v1/trust/verify', body, idempotencyKey: randomUUID(), authorised: true },
    report,
  )
  if (!isCertificate(answer)) throw serverFailure(`${connection.baseUrl} did not answer with a certificate`)
  return answer
}

/** Whoever signs, the hash of what was sent is known here: a certificate of anything else is refused. */
async function assertSameCode(certificate: Certificate, change: CollectedChange): Promise<void> {
  if (certificate.code_hash === (await hashFiles(change.files))) return
  throw serverFailure(
    `the network certified other code than was sent: ${certificate.certificate_id} has another code hash`,
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
