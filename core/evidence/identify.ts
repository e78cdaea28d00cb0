import type { Evidence } from '../../schema/wire/evidence.ts'
import type { Context } from '../context.ts'
import { type CiIdentity, evidenceAudience } from './ci-identity.ts'
import { hashEvidence } from './read.ts'

export interface IdentifiedEvidence {
  /** Hex; see {@link hashEvidence}. */
  readonly sha256: string
  /** Of the CI run that vouches for it; null when none does. */
  readonly identity: CiIdentity | null
}

/**
 * Hashes evidence, and verifies the token that came with it. A token that does not hold is refused: who sends one means
 * it to count.
 *
 * @throws {Refusal} `body_too_large`, `ci_identity_rejected`, `ci_issuer_unavailable`
 */
export async function identifyEvidence(
  ctx: Context,
  evidence: Evidence | undefined,
): Promise<IdentifiedEvidence | null> {
  if (evidence === undefined) return null
  const sha256 = await hashEvidence(evidence)
  const { ci_token: token } = evidence
  if (token === undefined) return { sha256, identity: null }
  return {
    sha256,
    identity: await ctx.inspection.identities.verify(token, evidenceAudience(sha256), ctx.now),
  }
}
