import type { Verification } from '../../schema/wire/verification.ts'
import { VERDICTS } from '../../schema/wire/vocabulary.ts'
import { ApiFailure, callApi } from '../api.ts'
import { type CodeSource, checkCode } from '../code-check.ts'
import { type Command, type CommandContext, type ExitCode, parseOptions } from '../command.ts'
import { type Connection, resolveConnection } from '../configuration.ts'
import { CommandFailure, serverFailure, usageFailure } from '../failure.ts'
import { type OfflineVerification, openPinnedTrustRoot, verifyOffline } from '../offline.ts'
import { printVerification, type VerificationDocument } from '../reports/verification.ts'
import { type CodeClaim, claimOf, claimOfDocument, readSubject, type Subject } from '../subject.ts'

const OPTIONS = {
  offline: { type: 'boolean', default: false },
  'trust-root': { type: 'string' },
  'root-key': { type: 'string' },
  'allow-unknown-status': { type: 'boolean', default: false },
  files: { type: 'string', multiple: true },
  code: { type: 'string' },
  json: { type: 'boolean', default: false },
  url: { type: 'string' },
} as const

export const verify: Command = {
  usage: 'coderisk verify ID|URL|FILE|- [--offline] [--files PATHS… | --code FILE] [--json]',
  help: `Says whether a certificate holds, check by check. Exit code 0 only when the verdict is valid.

What is verified:
  ID                      CERT-YYYY-…, asked of the network, with its live status
  URL                     the page or badge of a certificate: its id is asked of the network, not of that host
  FILE, or - for stdin    a certificate (JSON, or what 'certify --json' printed) or its JWS

Options:
  --offline               no network at all: needs a saved trust root (coderisk trust fetch)
  --trust-root FILE       the saved trust root, if it is not where 'trust fetch' puts it
  --root-key FILE|JWK     the network root key; else CODERISK_ROOT_KEY, else the pinned one
  --allow-unknown-status  offline nobody can tell whether the certificate was revoked since: the verdict is then
                          'indeterminate' and the exit code 1. This makes exactly that case exit code 0
  --files PATHS…          also compare the code: these files, or a folder that holds the certificate's files
  --code FILE             also compare the code, for a certificate of one piece of code
  --json                  one JSON document
  --url URL               the network, else CODERISK_URL, else the local stack, else coderisk.com`,

  async run(context) {
    const { values, positionals } = parseOptions(context.args, OPTIONS)
    const [name, ...more] = positionals
    if (name === undefined) throw usageFailure('which certificate? Give its id, its page, or a file')
    const source = readCodeSource(values, more)
    checkOfflineOptions(values)
    const subject = await readSubject(name, context.cwd)
    const connection = values.offline
      ? null
      : resolveConnection({ url: values.url }, context.env, context.cwd)
    const verification = connection
      ? await verifyOnline(connection, subject, context)
      : await verifyHere(subject, values, context)
    const claim = source && (await readClaim(connection, subject, context))
    const document = source ? await withCode(verification, claim, source, context) : verification
    if (values.json) context.terminal.printJson(document)
    else printVerification(context.terminal, document)
    return conclude(document, values['allow-unknown-status'], context, values.json)
  },
}

interface OfflineOptions {
  readonly offline: boolean
  readonly 'trust-root'?: string | undefined
  readonly 'root-key'?: string | undefined
  readonly 'allow-unknown-status': boolean
}

/** `--files a b c`: what follows the certificate belongs to `--files`. */
function readCodeSource(
  values: { files?: string[] | undefined; code?: string | undefined },
  more: readonly string[],
): CodeSource | null {
  if (values.files !== undefined && values.code !== undefined) {
    throw usageFailure('give --files or --code, not both')
  }
  if (values.files !== undefined) return { kind: 'files', paths: [...values.files, ...more] }
  if (more.length > 0) throw usageFailure(`one certificate at a time: '${more[0]}' is one too many`)
  return values.code === undefined ? null : { kind: 'code', file: values.code }
}

function checkOfflineOptions(values: OfflineOptions): void {
  if (values.offline) return
  for (const name of ['trust-root', 'root-key', 'allow-unknown-status'] as const) {
    if (values[name]) throw usageFailure(`--${name} is for --offline`)
  }
}

async function verifyOnline(
  connection: Connection,
  subject: Subject,
  { terminal }: CommandContext,
): Promise<Verification> {
  const request =
    subject.kind === 'id'
      ? ({ method: 'GET', path: `/v1/trust/certs/${subject.id}/verify` } as const)
      : ({ method: 'POST', path: '/v1/trust/verify-signature', body: subject.text } as const)
  const answer = await callApi(connection, request, (line) => terminal.warn(line)).catch(refuseUnknown)
  if (!isVerification(answer)) throw serverFailure(`${connection.baseUrl} did not answer with a verdict`)
  if (subject.kind === 'id' && answer.certificate_id !== subject.id) {
    throw serverFailure(`${connection.baseUrl} answered about another certificate`)
  }
  return answer
}

/** That there is no such certificate is an answer, not a fault of the network. */
function refuseUnknown(error: unknown): never {
  if (!(error instanceof ApiFailure) || error.code !== 'certificate_not_found') throw error
  throw new CommandFailure(1, error.message, { details: error.details })
}

async function verifyHere(
  subject: Subject,
  values: OfflineOptions,
  context: CommandContext,
): Promise<OfflineVerification> {
  if (subject.kind === 'id') {
    throw usageFailure('--offline needs the certificate itself, in a file: an id can only be looked up')
  }
  return verifyOffline(subject.text, await openPinnedTrustRoot(values, context), context.now)
}

async function readClaim(
  connection: Connection | null,
  subject: Subject,
  { terminal }: CommandContext,
): Promise<CodeClaim | null> {
  if (subject.kind === 'document' || connection === null) {
    return subject.kind === 'document' ? claimOfDocument(subject.text) : null
  }
  const path = `/v1/trust/certs/${subject.id}`
  return claimOf(await callApi(connection, { method: 'GET', path }, (line) => terminal.warn(line)))
}

/** Code that is not the certified code makes the certificate worthless for it, whatever else holds. */
async function withCode(
  verification: Verification | OfflineVerification,
  claim: CodeClaim | null,
  source: CodeSource,
  { cwd, env }: CommandContext,
): Promise<VerificationDocument> {
  if (claim === null) return refuseCode(verification, 'code_hash_missing')
  const code = await checkCode(claim, source, cwd, env)
  if (code.matches) return { ...verification, code }
  return { ...refuseCode(verification, 'code_hash_mismatch'), code }
}

function refuseCode<T extends Verification>(verification: T, reason: string): T {
  return { ...verification, verdict: 'invalid', reasons: [...verification.reasons, reason] }
}

function conclude(
  document: VerificationDocument,
  allowUnknownStatus: boolean,
  { terminal }: CommandContext,
  json: boolean,
): ExitCode {
  if (document.verdict === 'valid') return 0
  const onlyStatus = document.verdict === 'indeterminate' && document.reasons.join() === 'status_unavailable'
  if (!onlyStatus || !('offline' in document)) return 1
  if (!json) {
    terminal.print()
    terminal.print('All that can be checked without a network holds. Whether it was revoked since cannot be.')
    terminal.print(
      allowUnknownStatus
        ? 'Accepted by --allow-unknown-status.'
        : 'Verify online for that, or accept it with --allow-unknown-status.',
    )
  }
  return allowUnknownStatus ? 0 : 1
}

function isVerification(value: unknown): value is Verification {
  const answer = value as Partial<Verification> | null
  return (
    typeof answer === 'object' &&
    VERDICTS.some((verdict) => verdict === answer?.verdict) &&
    Array.isArray(answer?.reasons) &&
    typeof answer.checks === 'object' &&
    answer.checks !== null
  )
}
