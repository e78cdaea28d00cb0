import { sql } from 'drizzle-orm'
import type { CertificateRecord } from '../../schema/kv.ts'
import type { RevocationReason } from '../../schema/wire/vocabulary.ts'
import type { Context } from '../context.ts'
import { compile } from '../statement.ts'
import { toHex } from '../verify/encoding.ts'
import { describeSignature } from './issue.ts'

/** A certificate as anyone may see it, straight from the source of truth. */
export interface PublicCertificate {
  readonly livemode: boolean
  readonly record: CertificateRecord
  readonly revocation: { readonly revokedAt: string; readonly reason: RevocationReason } | null
}

interface Row extends Record<string, unknown> {
  readonly livemode: boolean
  readonly signed: Uint8Array
  readonly signature: Uint8Array
  readonly key_id: string
  readonly leaf_hash: Uint8Array
  readonly revoked_at: string | null
  readonly revocation_reason: RevocationReason | null
  /** Null as long as no published checkpoint covers its entry. */
  readonly log_index: string | null
}

const LOOK_UP = compile<{ certificateId: string }>(
  sql`SELECT * FROM public_certificate(${sql.placeholder('certificateId')})`,
)

/** The certificate with this id, or null. Ids cannot be guessed, so the id is the authority to see it. */
export async function lookUpCertificate(
  ctx: Context,
  certificateId: string,
): Promise<PublicCertificate | null> {
  const [row] = await ctx.database.direct<Row>(LOOK_UP({ certificateId }))
  if (row === undefined) return null
  return {
    livemode: row.livemode,
    record: toRecord({ ...row, keyId: row.key_id, leafHash: row.leaf_hash, logIndex: row.log_index }, 0),
    revocation:
      row.revoked_at === null || row.revocation_reason === null
        ? null
        : { revokedAt: new Date(row.revoked_at).toISOString(), reason: row.revocation_reason },
  }
}

/** The record that KV holds for a certificate's row. */
export function toRecord(
  row: {
    signed: Uint8Array
    signature: Uint8Array
    keyId: string
    leafHash: Uint8Array
    logIndex?: string | number | null
  },
  generation: number,
): CertificateRecord {
  return {
    v: 1,
    generation,
    ...(row.logIndex == null ? {} : { logIndex: Number(row.logIndex), leafHash: toHex(row.leafHash) }),
    signed: new TextDecoder().decode(row.signed),
    signature: describeSignature(row.keyId, row.signature),
  }
}
