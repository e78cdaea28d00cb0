import { sql } from 'drizzle-orm'
import { certificateKey, writeRecord } from '../../../schema/kv.ts'
import { certificates } from '../../../schema/tables/index.ts'
import { toRecord } from '../../certificates/look-up.ts'
import type { Transaction } from '../../context.ts'
import type { Render } from './render.ts'

/** KV: the record of a certificate. Test certificates are not published: no key that the edge trusts could vouch for them. */
export const renderCertificates: Render = async (tx, marks) => {
  const rows = await readCertificates(
    tx,
    marks.map((mark) => mark.entityId),
  )
  const byId = new Map(rows.map((row) => [row.id, row]))
  return marks.map(({ entityId, generation }) => {
    const row = byId.get(entityId)
    if (!row?.livemode) return null
    const value = writeRecord(toRecord(row, generation))
    return (_, stores) => stores.values.put(certificateKey(entityId), value)
  })
}

/** The ids go as one value, so that the statement is the same for any number of them. */
function readCertificates(tx: Transaction, ids: readonly string[]) {
  const { id, livemode, signed, signature, keyId, leafHash } = certificates
  return tx
    .select({
      id,
      livemode,
      signed,
      signature,
      keyId,
      leafHash,
      logIndex: sql<string | null>`log_place(${leafHash})`,
    })
    .from(certificates)
    .where(sql`${id} IN (SELECT jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`)
}
