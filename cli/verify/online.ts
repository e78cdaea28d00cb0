import { examineCode, MALFORMED, PASSED, withCode } from '../../core/verify/index.ts'
import type { SignedCertificate } from '../../schema/wire/certificate.ts'
import type { Verification } from '../../schema/wire/verification.ts'
import { VERDICTS } from '../../schema/wire/vocabulary.ts'
import { ApiFailure, callApi } from '../api.ts'
import { type CodeSource, describeCode, readCode } from '../code-check.ts'
import type { CommandContext } from '../command.ts'
import type { Connection } from '../configuration.ts'
import { CommandFailure, serverFailure } from '../failure.ts'
import type { VerificationDocument } from '../reports/verification.ts'
import { certificateOf, claimOf, type Subject } from '../subject.ts'

type OnlineSubject = Exclude<Subject, { kind: 'bundles' }>

/**
 * The network's verdict, with the code at `source` compared here: it is not sent.
 *
 * @throws {CommandFailure} exit code 3, or 1 for a certificate that the network does not have
 */
export async function verifyOnline(
  connection: Connection,
  subject: OnlineSubject,
  source: CodeSource | null,
  context: CommandContext,
): Promise<VerificationDocument> {
  const verification = await askVerdict(connection, subject, context)
  if (source === null) return verification
  const certificate = await readCertificate(connection, subject, context)
  const claim = claimOf(certificate)
  const given = await readCode(claim, source, context.cwd, context.env)
  const evidence = await examineCode(
    // The network's verdict says what its signature is worth.
    { ...MALFORMED, certificate: certificate as SignedCertificate, signature: PASSED },
    given,
  )
  return { ...withCode(verification, evidence.outcome), code: describeCode(claim, given, evidence) }
}

async function askVerdict(
  connection: Connection,
  subject: OnlineSubject,
  { terminal }: CommandContext,
): Promise<Verification> {
  const request =
    subject.kind === 'id'
      ? ({ method: 'GET', path: `/v1/trust/certs/${subject.id}/verify` } as const)
      : ({ method: 'POST', path: '/v1/trust/verify-signature', body: subject.text } as const)
  const answer = await callApi(connection, request, (line) => terminal.warn(line)).catch(refuseUnknown)
  if (!isVerification(answer)) throw serverFailure(`${connection.baseUrl} did not answer with a verdict`)
  if (subject.kind === 'id' && answer.certificate_id !== subject.id) throw anotherCertificate(connection)
  return answer
}

/** That there is no such certificate is an answer, not a fault of the network. */
function refuseUnknown(error: unknown): never {
  if (!(error instanceof ApiFailure) || error.code !== 'certificate_not_found') throw error
  throw new CommandFailure(1, error.message, { details: error.details })
}

async function readCertificate(
  connection: Connection,
  subject: OnlineSubject,
  { terminal }: CommandContext,
): Promise<Record<string, unknown>> {
  if (subject.kind === 'document') return certificateOf(subject.text) ?? {}
  const path = `/v1/trust/certs/${subject.id}`
  const answer = await callApi(connection, { method: 'GET', path }, (line) => terminal.warn(line))
  const certificate = (answer ?? {}) as Record<string, unknown>
  if (certificate.certificate_id === subject.id) return certificate
  throw anotherCertificate(connection)
}

function anotherCertificate({ baseUrl }: Connection): CommandFailure {
  return serverFailure(`${baseUrl} answered about another certificate`)
}

function isVerification(value: unknown): value is Verification {
  const answer = value as Partial<Verification> | null
  return (
    typeof answer === 'object' &&
    VERDICTS.some((verdict) => verdict === answer?.verdict) &&
    Array.isArray(answer?.reasons) &&
    answer.reasons.every((reason) => typeof reason === 'string') &&
    typeof answer.checks === 'object' &&
    answer.checks !== null &&
    Object.values(answer.checks).every(isOutcome)
  )
}

function isOutcome(value: unknown): boolean {
  const { result, reason } = (value ?? {}) as Record<string, unknown>
  return typeof result === 'string' && (reason === null || typeof reason === 'string')
}
