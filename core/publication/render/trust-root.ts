import { TRUST_ROOT_KEY } from '../../../schema/kv.ts'
import { currentTrustRoot } from '../../keys/trust-root.ts'
import type { Render } from './render.ts'

/** KV: the newest trust root. */
export const renderTrustRoot: Render = async (tx, marks) => {
  const root = await currentTrustRoot(tx)
  if (root === undefined) return marks.map(() => null)
  const value = JSON.stringify(root.jws)
  return marks.map(() => (_, stores) => stores.values.put(TRUST_ROOT_KEY, value))
}
