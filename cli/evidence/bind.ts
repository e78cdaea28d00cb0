import { serverFailure } from '../failure.ts'
import type { CollectedChange } from '../git/change.ts'
import { hasCiIdentity, requestCiToken } from './ci-identity.ts'
import type { CollectedEvidence } from './evidence.ts'
import type { EvidenceOptions } from './options.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Binds the evidence to the CI job that this runs in, if it runs in one: a token that is made for the hash of this
 * very evidence, and names the repository and commit of the job.
 *
 * @param warn gets the reason, where there is a job and no identity
 * @throws {CommandFailure} (exit code 3) when an identity is required and there is none
 */
export async function bindToCi(
  collected: CollectedEvidence,
  change: CollectedChange,
  option: EvidenceOptions['ci'],
  env: Environment,
  warn: (line: string) => void,
): Promise<CollectedEvidence> {
  if (option === 'off') return collected
  const refused = obstacle(collected, change, env)
  const isCi = env.GITHUB_ACTIONS === 'true' || hasCiIdentity(env)
  if (refused === null) {
    const answer = await requestCiToken(env, `coderisk:${collected.sha256}`)
    if (answer.ok) return bound(collected, answer.token)
    return unbound(collected, { problem: answer.problem, how: null }, option, isCi, warn)
  }
  return unbound(collected, refused, option, isCi, warn)
}

/** The evidence without the identity that the network did not take: its level is then that of a report. */
export function withoutIdentity(collected: CollectedEvidence, problem: string): CollectedEvidence {
  return {
    ...collected,
    ciToken: null,
    sent: collected.sent.filter(({ kind }) => kind !== 'ci_identity'),
    leftOut: [...collected.leftOut, { kind: 'ci_identity', name: null, problem, how: null }],
  }
}

interface Obstacle {
  readonly problem: string
  readonly how: string | null
}

/** Why a token would prove nothing, or cannot be had. */
function obstacle(
  { evidence }: CollectedEvidence,
  { commitSha, description }: CollectedChange,
  env: Environment,
): Obstacle | null {
  if (evidence === null) return { problem: 'there is no evidence to bind', how: null }
  if (!hasCiIdentity(env)) {
    return {
      problem: 'this is no GitHub Actions job that may ask for an identity',
      how: "give the job 'permissions: id-token: write'",
    }
  }
  if (commitSha === null) {
    return { problem: `${description} is no commit, and an identity is of one`, how: 'certify a commit' }
  }
  if (env.GITHUB_SHA && env.GITHUB_SHA !== commitSha) {
    return {
      problem: `the job runs for ${env.GITHUB_SHA.slice(0, 12)}, and HEAD is ${commitSha.slice(0, 12)}`,
      how: 'check out the commit of the job: actions/checkout without ref',
    }
  }
  return null
}

function bound(collected: CollectedEvidence, token: string): CollectedEvidence {
  const sent = {
    kind: 'ci_identity',
    name: 'GitHub Actions',
    format: 'OpenID Connect token',
    bytes: token.length,
  } as const
  return { ...collected, ciToken: token, sent: [...collected.sent, sent] }
}

function unbound(
  collected: CollectedEvidence,
  { problem, how }: Obstacle,
  option: EvidenceOptions['ci'],
  isCi: boolean,
  warn: (line: string) => void,
): CollectedEvidence {
  if (option === 'required') {
    throw serverFailure(`--require-ci: ${problem}`, ...(how === null ? [] : [how]))
  }
  // Without evidence there is nothing to bind; outside CI nobody expects an identity.
  if (!isCi || collected.evidence === null) return collected
  warn(`certified without CI identity: ${problem}${how === null ? '' : ` (${how})`}`)
  const leftOut = { kind: 'ci_identity', name: null, problem, how } as const
  return { ...collected, leftOut: [...collected.leftOut, leftOut] }
}
