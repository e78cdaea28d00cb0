import { verifyBundle } from '../../core/verify/bundle.ts'
import type { CheckOutcome } from '../../core/verify/checks.ts'
import type { GivenCode } from '../../core/verify/code-evidence.ts'
import { openTrustRoot } from '../../core/verify/trust-root.ts'

/** A vector of `bundles.json`. */
export interface BundleVector {
  readonly name: string
  readonly text: string
  readonly now: string
  readonly minimum_version: number
  readonly held_trust_root?: unknown
  readonly code?: string
  readonly files?: readonly { readonly path: string; readonly content: string }[]
  readonly verdict: string
  /** `passed` or the reason. */
  readonly checks: Readonly<Record<string, string>>
  readonly trust_root: string | null
}

/** What the kernel makes of a vector, in the form that the vector expects. */
export async function judgeBundle(
  { text, now, minimum_version, held_trust_root, code, files }: BundleVector,
  rootKey: { kty: string; crv: string; x: string },
): Promise<Pick<BundleVector, 'verdict' | 'checks' | 'trust_root'>> {
  const held =
    held_trust_root === undefined ? null : await openTrustRoot(held_trust_root, rootKey, { now: new Date(now) })
  const { verdict, trustRoot } = await verifyBundle(text, {
    rootKey,
    now: new Date(now),
    minimumVersion: minimum_version,
    trustRoot: held?.ok ? held.trustRoot : undefined,
    code: givenCode(code, files),
  })
  const checks = Object.entries<CheckOutcome>({ ...verdict.checks })
  return {
    verdict: verdict.verdict,
    checks: Object.fromEntries(checks.map(([name, { result, reason }]) => [name, reason ?? result])),
    trust_root: trustRoot.reason,
  }
}

function givenCode(code: string | undefined, files: BundleVector['files']): GivenCode | undefined {
  if (code !== undefined) return { code }
  return files && { files }
}
