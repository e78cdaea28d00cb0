import type { TransactionSql } from 'postgres'
import { STATUS_LIST_SIZE } from '../../core/verify/status-list.ts'
import { bulkLoad, sequenceAll } from './log.ts'
import type { Network } from './network.ts'

const TABLES = ['certificates', 'log_entries', 'idempotency_records', 'outbox', 'status_lists']

/**
 * Brings a database to `count` certificates, each with its place in the log and its idempotency record. All are copies of
 * one that was issued, with ids, times and hashes of their own; their signatures are random, since nobody reads them.
 */
export async function storeCertificates(network: Network, count: number): Promise<void> {
  const { sql } = network
  await sequenceAll(network)
  // It would otherwise start in the midst of the measurement, on whichever database has more to clean.
  for (const table of TABLES) await sql`ALTER TABLE ${sql(table)} SET (autovacuum_enabled = false)`
  await bulkLoad(network, (tx, logSize) => insertCopies(tx, count, logSize))
  for (const table of TABLES) await sql`VACUUM (ANALYZE) ${sql(table)}`
  await sql`CHECKPOINT`
}

/** @returns the leaf hashes of their log entries, in the order of the log */
async function insertCopies(tx: TransactionSql, count: number, logSize: number): Promise<Uint8Array[]> {
  const [{ id, stored, next }] = await tx<[{ id: string; stored: number; next: string }]>`
    SELECT (SELECT id FROM certificates LIMIT 1) AS id, (SELECT count(*)::int FROM certificates) AS stored,
      last_value AS next
    FROM certificate_status_index`
  const more = count - stored
  const firstPosition = Number(next) + 1
  await tx`
    CREATE TEMPORARY TABLE made ON COMMIT DROP AS
    SELECT n, id, issued_at, position, entry, sha256('\\x00'::bytea || entry) AS leaf_hash FROM (
      SELECT n, id, issued_at, position, convert_to(jsonb_build_object('digest', encode(sha256(id::bytea), 'hex'),
        'subject', encode(sha256(id::bytea), 'hex'), 'time', issued_at, 'type', 'certificate.issued')::text, 'UTF8') AS entry
      FROM (
        SELECT n, 'CERT-2026-' || substr(md5('stored' || n), 1, 16) AS id,
          now() - n * interval '20 days' / ${more}::int AS issued_at, ${firstPosition}::int + n AS position
        FROM generate_series(1, ${more}::int) n) numbered) described`
  await tx`
    INSERT INTO certificates (id, organisation_id, user_id, livemode, ai_tool, code_hash, language,
      risk_score_hundredths, issued_at, expires_at, key_id, signed, signature, leaf_hash, report, status_list,
      status_index, updated_at)
    SELECT made.id, c.organisation_id, c.user_id, c.livemode, c.ai_tool, encode(sha256(made.id::bytea), 'hex'),
      c.language, c.risk_score_hundredths, made.issued_at, made.issued_at + interval '30 days', c.key_id,
      convert_to(replace(convert_from(c.signed, 'UTF8'), ${id}, made.id), 'UTF8'),
      decode(repeat(md5(made.id) || md5('other half' || made.id), 16), 'hex'), made.leaf_hash, c.report,
      made.position / ${STATUS_LIST_SIZE}, made.position % ${STATUS_LIST_SIZE}, made.issued_at
    FROM certificates c, made WHERE c.id = ${id}`
  await tx`
    INSERT INTO log_entries (entry, leaf_hash, created_at, leaf_index)
    SELECT entry, leaf_hash, issued_at, ${logSize}::bigint - 1 + n FROM made ORDER BY n`
  await tx`
    INSERT INTO idempotency_records (organisation_id, route, key, request_sha256, response_status, response_body,
      created_at)
    SELECT organisation_id, 'POST /v1/trust/verify', code_hash, leaf_hash, 201, signature, issued_at
    FROM certificates WHERE id <> ${id}`
  await tx`
    INSERT INTO status_lists (id, bits, version)
    SELECT n, decode(repeat('00', ${STATUS_LIST_SIZE / 8}), 'hex'), 1
    FROM generate_series(0, ${Math.floor((firstPosition + more) / STATUS_LIST_SIZE)}::int) n
    ON CONFLICT DO NOTHING`
  await tx`SELECT setval('certificate_status_index', ${firstPosition + more})`
  const rows = await tx<{ leaf_hash: Uint8Array }[]>`SELECT leaf_hash FROM made ORDER BY n`
  return rows.map((row) => row.leaf_hash)
}
