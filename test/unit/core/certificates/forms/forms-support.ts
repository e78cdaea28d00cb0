import type { Actor } from '../../../../../core/context.ts'
import { currentTrustRoot } from '../../../../../core/keys/trust-root.ts'
import { openTrustRoot, type TrustRoot } from '../../../../../core/verify/trust-root.ts'
import { startTestCore, type TestCore } from '../../support.ts'

export interface FormsCore {
  readonly core: TestCore
  readonly owner: Actor
  readonly trustRoot: TrustRoot
}

export async function startFormsCore(): Promise<FormsCore> {
  const core = await startTestCore()
  return { core, owner: await core.organisation(), trustRoot: await trustRootOf(core) }
}

/** The newest trust root, as a verifier opens it. */
export async function trustRootOf(core: TestCore, now = new Date()): Promise<TrustRoot> {
  const root = await core.db.database.asSystem(currentTrustRoot)
  const opened = await openTrustRoot(root!.jws, core.pinned, { now })
  if (!opened.ok) throw new Error(opened.reason)
  return opened.trustRoot
}

/** The bytes that the certificate's own signature is over, as they are stored. */
export async function signedBytesOf(core: TestCore, id: string): Promise<Buffer> {
  const [row] = await core.db.owner`SELECT signed FROM certificates WHERE id = ${id}`
  return Buffer.from(row!.signed)
}
