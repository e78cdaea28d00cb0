import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordArcEntry } from '../../../core/arc/record.ts'
import type { Actor } from '../../../core/context.ts'
import { once, UNCLAIMED } from '../../../core/idempotency/claim.ts'
import { createApiKey } from '../../../core/organisations/create-api-key.ts'
import { updateOrganisation } from '../../../core/organisations/settings.ts'
import { recordOutcome } from '../../../core/outcomes/record.ts'
import { utf8 } from '../../../core/verify/encoding.ts'
import { incident } from '../core/arc/arc-support.ts'
import { START_LIMIT_MS, startTestCore, type TestCore } from '../core/support.ts'
import {
  type Allowed,
  asTenant as asTenantOf,
  describeTenantTable,
  INSUFFICIENT_PRIVILEGE,
  MONEY_TENANT_TABLES,
  stateOf,
  TENANT_TABLES,
} from './tenants.ts'

let core: TestCore
let one: Actor
let other: Actor
/** It has nothing but itself. */
let bare: Actor
/** A certificate of `one` whose outcome nobody has told. */
let untold: string
let app: postgres.Sql

beforeAll(async () => {
  core = await startTestCore()
  one = await core.organisation('One')
  other = await core.organisation('Other')
  bare = await core.organisation('Bare')
  untold = (await core.issue(one)).certificate_id
  for (const actor of [one, other]) {
    const { certificate_id: id } = await core.issue(actor)
    await recordOutcome(core.ctx(), actor, id, { caused_incident: false }, UNCLAIMED)
    await recordArcEntry(core.ctx(), actor, incident(), UNCLAIMED)
    const settings = { coverage_threshold: 0.5, repositories: ['example/shop'] }
    await updateOrganisation(core.ctx(), actor, settings, UNCLAIMED)
    await core.db.owner`INSERT INTO calibrations VALUES (${actor.organisationId}, '{}', 200, now())`
    const claim = { route: 'POST /v1/keys', key: 'k', rawBody: utf8('{}') }
    const request = { name: 'k', scopes: ['certificates:read' as const], livemode: true }
    await once(core.ctx(), actor, claim, (c) => createApiKey(core.ctx(), actor, request, c))
  }
  app = core.db.connectAsApp()
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

const asTenant = <T>(tenant: string | null, work: (sql: postgres.TransactionSql) => Promise<T>) =>
  asTenantOf(app, tenant, work)

const tenants = () => ({ owner: core.db.owner, app, one: one.organisationId, other: other.organisationId })

for (const table of TENANT_TABLES) describeTenantTable(table, tenants, () => ALLOWED[table]())

/** What `coderisk_app` may do with each table. */
const ALLOWED: Readonly<Record<(typeof TENANT_TABLES)[number], () => Allowed>> = {
  organisations: () => ({ fresh: { id: 'org_fresh' } }),
  users: () => ({ fresh: { id: 'usr_fresh' } }),
  api_keys: () => ({ fresh: { id: 'key_fresh', sha256: '\\xff' }, update: 'revoked_at = now()' }),
  certificates: () => ({ fresh: { id: 'CERT-2026-fresh00000000000' }, update: 'updated_at = now()' }),
  idempotency_records: () => ({ fresh: { key: 'fresh' } }),
  organisation_settings: () => ({
    fresh: { organisation_id: bare.organisationId },
    update: 'updated_at = now()',
  }),
  // A list that is replaced as a whole.
  repositories: () => ({ fresh: { name: 'fresh/fresh' }, delete: true }),
  change_outcomes: () => ({ fresh: { certificate_id: untold }, update: 'recorded_at = now()' }),
  calibrations: () => ({ fresh: { organisation_id: bare.organisationId }, update: 'fitted_at = now()' }),
  arc_entries: () => ({ fresh: { id: 'arc_fresh' }, update: 'updated_at = now()' }),
}

test('a tenant that deletes its repositories deletes no others', async () => {
  const left = await asTenant(one.organisationId, async (sql) => {
    expect((await sql`DELETE FROM repositories`).count).toBe(1)
    await sql`SELECT set_config('app.organisation_id', ${other.organisationId}, true)`
    return sql`SELECT name FROM repositories`
  })
  expect(left).toHaveLength(1)
  for (const tenant of [null, 'org_nobody']) {
    expect((await asTenant(tenant, (sql) => sql`DELETE FROM repositories`)).count).toBe(0)
  }
})

describe('an entry of the catalogue', () => {
  test.each([
    "UPDATE arc_entries SET state = 'published'",
    "UPDATE arc_entries SET state = 'declined'",
    "UPDATE arc_entries SET public_id = 'ARC-2026-999', state = 'published'",
    'UPDATE arc_entries SET fingerprints = fingerprints',
    'UPDATE arc_entries SET title = title',
  ])('no tenant can %s', async (statement) => {
    const attempt = asTenant(one.organisationId, (sql) => sql.unsafe(statement))
    expect(await stateOf(attempt)).toBe(INSUFFICIENT_PRIVILEGE)
  })

  test('cannot be put in as published by a tenant', async () => {
    const insert = (state: string, publicId: string | null) =>
      asTenant(
        one.organisationId,
        (
          sql,
        ) => sql`INSERT INTO arc_entries SELECT 'arc_fresh', organisation_id, ${publicId}, ${state}, title, severity,
          description, mitigation, fingerprints, fingerprint_version, created_at, updated_at FROM arc_entries`,
      )
    expect(await stateOf(insert('private', null))).toBe('done')
    expect(await stateOf(insert('published', 'ARC-2026-999'))).toBe(INSUFFICIENT_PRIVILEGE)
    expect(await stateOf(insert('declined', null))).toBe(INSUFFICIENT_PRIVILEGE)
  })

  test('can be offered by its tenant, and published by the system', async () => {
    const offer = asTenant(one.organisationId, (sql) => sql`UPDATE arc_entries SET state = 'offered'`)
    expect((await offer).count).toBe(1)
    const publish = asTenant(null, async (sql) => {
      await sql`SET LOCAL ROLE coderisk_system`
      return sql`UPDATE arc_entries SET state = 'published', public_id = 'ARC-2026-999'
        WHERE organisation_id = ${one.organisationId}`
    })
    expect((await publish).count).toBe(1)
  })
})

describe('what is signed', () => {
  test.each(['signed', 'signature', 'key_id', 'issued_at', 'status_index', 'report', 'livemode'])(
    'not even its owner can write %s again',
    async (column) => {
      expect(
        await stateOf(
          asTenant(one.organisationId, (sql) => sql.unsafe(`UPDATE certificates SET ${column} = ${column}`)),
        ),
      ).toBe(INSUFFICIENT_PRIVILEGE)
    },
  )
})

describe("the network's own tables", () => {
  test.each(['signing_keys', 'trust_roots', 'log_entries'])(
    '%s cannot be read without taking the role of the system',
    async (table) => {
      for (const tenant of [null, one.organisationId]) {
        expect(await stateOf(asTenant(tenant, (sql) => sql.unsafe(`SELECT * FROM ${table}`)))).toBe(
          INSUFFICIENT_PRIVILEGE,
        )
      }
      const rows = await asTenant(null, async (sql) => {
        await sql`SET LOCAL ROLE coderisk_system`
        return sql.unsafe(`SELECT * FROM ${table}`)
      })
      expect(rows.length).toBeGreaterThan(0)
    },
  )

  test.each([
    'INSERT INTO signing_keys DEFAULT VALUES',
    "UPDATE signing_keys SET state = 'retired'",
    'DELETE FROM trust_roots',
    'DELETE FROM log_entries',
    'UPDATE log_entries SET entry = entry',
    'DELETE FROM outbox',
    'DELETE FROM status_lists',
  ])('a tenant cannot %s', async (statement) => {
    expect(await stateOf(asTenant(one.organisationId, (sql) => sql.unsafe(statement)))).toBe(
      INSUFFICIENT_PRIVILEGE,
    )
  })

  test.each([
    'DELETE FROM certificates',
    'UPDATE certificates SET signed = signed',
    'DELETE FROM log_entries',
    'UPDATE log_entries SET entry = entry',
    'DELETE FROM trust_roots',
    'UPDATE trust_roots SET version = version',
    'DELETE FROM signing_keys',
    'DELETE FROM organisations',
    'DELETE FROM status_lists',
    'DELETE FROM arc_entries',
    'UPDATE arc_entries SET title = title',
    'UPDATE arc_entries SET fingerprints = fingerprints',
    'SELECT * FROM change_outcomes',
    'UPDATE calibrations SET parameters = parameters',
    'UPDATE organisation_settings SET updated_at = updated_at',
    'DELETE FROM repositories',
  ])('not even the system can %s', async (statement) => {
    const attempt = asTenant(null, async (sql) => {
      await sql`SET LOCAL ROLE coderisk_system`
      return sql.unsafe(statement)
    })
    expect(await stateOf(attempt)).toBe(INSUFFICIENT_PRIVILEGE)
  })
})

describe('the functions that answer before a tenant is known', () => {
  test('tell nothing without the exact secret or name', async () => {
    expect(await app`SELECT * FROM authenticate_api_key('\\x00'::bytea)`).toHaveLength(0)
    expect(await app`SELECT * FROM public_certificate('%')`).toHaveLength(0)
    expect(
      await app`SELECT * FROM recall_idempotent(${one.organisationId}, 'POST /v1/keys', 'other')`,
    ).toHaveLength(0)
    expect(
      await app`SELECT * FROM recall_idempotent(${one.organisationId}, 'POST /v1/keys', 'k')`,
    ).toHaveLength(1)
  })

  test('are for no other role', async () => {
    await core.db.owner`CREATE ROLE somebody`
    const callable = await core.db
      .owner`SELECT p.proname AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE n.nspname = 'public' AND p.prosecdef AND has_function_privilege('somebody', p.oid, 'EXECUTE')`
    expect(callable.map(({ name }) => name)).toEqual([])
  })

  test('look nowhere but in our own schema', async () => {
    const loose = await core.db
      .owner`SELECT proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE n.nspname = 'public' AND p.prosecdef AND NOT coalesce(p.proconfig, '{}') @> ARRAY['search_path=public, pg_temp']`
    expect(loose).toHaveLength(0)
  })
})

describe('the roles and tables', () => {
  test('the core is neither owner nor superuser, and bypasses nothing', async () => {
    const roles = await core.db
      .owner`SELECT rolname AS name, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolinherit, rolcanlogin FROM pg_roles WHERE rolname LIKE 'coderisk_app' OR rolname = 'coderisk_system' ORDER BY 1`
    const harmless = {
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolinherit: false,
    }
    expect(roles).toEqual([
      { name: 'coderisk_app', ...harmless, rolcanlogin: true },
      { name: 'coderisk_system', ...harmless, rolcanlogin: false },
    ])
    expect(
      await core.db
        .owner`SELECT tablename FROM pg_tables WHERE tableowner IN ('coderisk_app', 'coderisk_system')`,
    ).toHaveLength(0)
  })

  test('every table that names an organisation keeps its rows apart, for its owner as well', async () => {
    const tables = await core.db
      .owner`SELECT c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS apart FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE n.nspname = 'public' AND c.relkind = 'r' AND a.attname = 'organisation_id'
        -- The books are the network's alone: no tenant may read them at all.
        AND c.relname <> 'ledger_journals' ORDER BY 1`
    expect(tables.map(({ name }) => name)).toEqual(
      [...TENANT_TABLES.filter((name) => name !== 'organisations'), ...MONEY_TENANT_TABLES].sort(),
    )
    expect(tables.filter(({ apart }) => !apart)).toEqual([])
  })
})
