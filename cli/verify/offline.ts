import { parseBundle } from '../../core/verify/index.ts'
import { type CodeSource, describeCode, readCode } from '../code-check.ts'
import type { CommandContext } from '../command.ts'
import type { HeldTrust, PinnedTrustRoot } from '../offline.ts'
import type { VerificationDocument } from '../reports/verification.ts'
import { type BundleFile, type CodeClaim, certificateOf, claimOf } from '../subject.ts'
import { type VerifiedOffline, verifyBundleOffline, verifyCertificateOffline } from './judge.ts'

/** The signed trust roots that bundles bring, as they are. */
export function trustRootsOf(bundles: readonly BundleFile[]): unknown[] {
  return bundles.map(({ text }) => parseBundle(text)?.trust_root ?? null)
}

/** Verifies a bundle with no network, and the code at `source` with it. */
export async function verifyBundle(
  text: string,
  source: CodeSource | null,
  held: HeldTrust,
  context: CommandContext,
): Promise<VerificationDocument> {
  const claim = claimOf(parseBundle(text)?.certificate)
  return compare(claim, source, context, (code) => verifyBundleOffline(text, held, context.now, code))
}

/** Verifies a certificate with no network, and the code at `source` with it. */
export async function verifyCertificate(
  text: string,
  source: CodeSource | null,
  pinned: PinnedTrustRoot,
  context: CommandContext,
): Promise<VerificationDocument> {
  const claim = claimOf(certificateOf(text))
  return compare(claim, source, context, (code) => verifyCertificateOffline(text, pinned, context.now, code))
}

async function compare(
  claim: CodeClaim | null,
  source: CodeSource | null,
  { cwd, env }: CommandContext,
  verify: (code?: Awaited<ReturnType<typeof readCode>>) => Promise<VerifiedOffline>,
): Promise<VerificationDocument> {
  const given = source === null ? undefined : await readCode(claim, source, cwd, env)
  const { verification, evidence } = await verify(given)
  if (given === undefined || evidence.code === undefined) return verification
  return { ...verification, code: describeCode(claim, given, evidence.code) }
}
