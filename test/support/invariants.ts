import { inflateSync } from 'node:zlib'
import { decodeJwt } from 'jose'
import { expect } from 'vitest'
import { statusBit } from '../../core/verify/status-list.ts'
import { certificateKey, statusListObject } from '../../schema/kv.ts'
import { CORE } from '../../stack/worker-configuration.ts'
import { verify } from './issue.ts'
import type { Network } from './network.ts'

/** Each of these would be a row without what must be written with it. All must be empty. */
const HALF_ROWS = {
  'certificates without a log entry': `
    SELECT id FROM certificates c WHERE NOT EXISTS (SELECT FROM log_entries l WHERE l.leaf_hash = c.leaf_hash)`,
  'log entries of certificates that are not there': `
    SELECT id FROM log_entries l WHERE convert_from(entry, 'UTF8')::jsonb ->> 'type' = 'certificate.issued'
    AND NOT EXISTS (SELECT FROM certificates c WHERE c.leaf_hash = l.leaf_hash)`,
  'answers of certificates that are not there': `
    SELECT key FROM idempotency_records r WHERE route = 'POST /v1/trust/verify'
    AND NOT EXISTS (SELECT FROM certificates c WHERE c.id = convert_from(r.response_body, 'UTF8')::jsonb ->> 'certificate_id')`,
  'revocations without a log entry': `
    SELECT id FROM certificates c WHERE revoked_at IS NOT NULL AND NOT EXISTS (
      SELECT FROM log_entries l WHERE convert_from(entry, 'UTF8')::jsonb ->> 'type' = 'certificate.revoked'
      AND convert_from(entry, 'UTF8')::jsonb ->> 'subject' = encode(sha256(convert_to(c.id, 'UTF8')), 'hex'))`,
  'log entries of revocations that are not there': `
    SELECT id FROM log_entries l WHERE convert_from(entry, 'UTF8')::jsonb ->> 'type' = 'certificate.revoked' AND NOT EXISTS (
      SELECT FROM certificates c WHERE revoked_at IS NOT NULL
      AND convert_from(l.entry, 'UTF8')::jsonb ->> 'subject' = encode(sha256(convert_to(c.id, 'UTF8')), 'hex'))`,
  'answers of incidents that are not there': `
    SELECT key FROM idempotency_records r WHERE route = 'POST /v1/arc/recorded'
    AND NOT EXISTS (SELECT FROM arc_entries a WHERE a.id = convert_from(r.response_body, 'UTF8')::jsonb ->> 'id')`,
  'answers of outcomes that are not there': `
    SELECT key FROM idempotency_records r WHERE route LIKE 'POST /v1/trust/certs/%/outcome'
    AND NOT EXISTS (SELECT FROM change_outcomes o
      WHERE o.certificate_id = convert_from(r.response_body, 'UTF8')::jsonb ->> 'certificate_id')`,
  'status indexes given twice': `
    SELECT status_list, status_index FROM certificates GROUP BY 1, 2 HAVING count(*) > 1`,
} as const

/** Every event is whole: its row, its log entry, its stored answer and its status bit are all there, or none is. */
export async function expectNoHalfRow(network: Network): Promise<void> {
  for (const [what, query] of Object.entries(HALF_ROWS)) {
    expect(await network.sql.unsafe(query), what).toEqual([])
  }
  const lists = await network.sql`SELECT id, bits FROM status_lists`
  const bits = new Map(lists.map((row) => [row.id, new Uint8Array(row.bits)]))
  const rows =
    await network.sql`SELECT id, status_list, status_index, revoked_at IS NOT NULL AS revoked FROM certificates`
  const wrong = rows.filter((row) => {
    const list = bits.get(row.status_list)
    return (list === undefined ? false : statusBit(list, row.status_index)) !== row.revoked
  })
  expect(wrong, 'certificates whose status bit says something else').toEqual([])
}

/** What is not in KV yet is still marked for it. */
export async function expectNothingForgotten(network: Network): Promise<void> {
  const kv = await network.workers().miniflare.getKVNamespace('TRUST_KV', CORE)
  const rows = await network.sql`
    SELECT c.id FROM certificates c WHERE livemode
    AND NOT EXISTS (SELECT FROM outbox o WHERE o.kind = 'certificate' AND o.entity_id = c.id)`
  for (const { id } of rows)
    expect(await kv.get(certificateKey(id)), `${id} is neither marked nor in KV`).not.toBeNull()
}

/** Runs the backstop as it would run once the leases of dead drainers are over; then all is in KV and verifies. */
export async function expectPublished(network: Network): Promise<void> {
  await network.sql`UPDATE outbox SET leased_until = now() - interval '1 second'`
  await network.workers().runCron('* * * * *')
  expect(await network.sql`SELECT kind, entity_id FROM outbox`).toEqual([])
  await expectListsPublished(network)
  const kv = await network.workers().miniflare.getKVNamespace('TRUST_KV', CORE)
  const rows =
    await network.sql`SELECT id, revoked_at IS NOT NULL AS revoked FROM certificates WHERE livemode`
  for (const { id, revoked } of rows) {
    expect(await kv.get(certificateKey(id)), `${id} is in KV`).not.toBeNull()
    const expected = revoked
      ? { verdict: 'invalid', reasons: ['revoked'] }
      : { verdict: 'valid', reasons: [] }
    expect(await verify(network, id)).toMatchObject({ ...expected, signature_valid: true })
  }
}

/** What R2 has of each status list is what the database has. */
async function expectListsPublished(network: Network): Promise<void> {
  const bucket = await network.workers().miniflare.getR2Bucket('TRUST_R2', CORE)
  for (const { id, bits } of await network.sql`SELECT id, bits FROM status_lists`) {
    const object = await bucket.get(statusListObject(id))
    const { status_list } = decodeJwt<{ status_list: { lst: string } }>((await object?.text()) ?? '')
    const published = inflateSync(Buffer.from(status_list.lst, 'base64url'))
    expect(published.equals(bits), `status list ${id}`).toBe(true)
  }
}
