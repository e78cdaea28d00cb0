import type postgres from 'postgres'
import { describe, expect, test } from 'vitest'

/** Tables whose rows are somebody's: of people and certificates, and of money. Each list has a test file of its own. */
export const TENANT_TABLES = [
  'organisations',
  'users',
  'api_keys',
  'certificates',
  'idempotency_records',
  'organisation_settings',
  'repositories',
  'change_outcomes',
  'calibrations',
  'arc_entries',
] as const
export const MONEY_TENANT_TABLES = [
  'insurance_policies',
  'exposure_customers',
  'insurance_tiers',
  'services',
  'integrations',
  'deployments',
  'incidents',
  'insurance_claims',
  'claim_events',
  'claim_evidence',
  'billing_accounts',
  'billing_events',
  'payouts',
  'invoices',
  'webhook_endpoints',
  'webhook_events',
  'webhook_deliveries',
  'webhook_attempts',
] as const

const tenantColumn = (table: string) => (table === 'organisations' ? 'id' : 'organisation_id')

/** PostgreSQL 18, appendix A. */
export const INSUFFICIENT_PRIVILEGE = '42501'

/** Two tenants with rows in every table that is looked at. */
export interface Tenants {
  /** SQL as the owner of everything. */
  readonly owner: postgres.Sql
  /** SQL as `coderisk_app`. */
  readonly app: postgres.Sql
  readonly one: string
  readonly other: string
}

/** What `coderisk_app` may do with the rows of its tenant besides reading them. */
export interface Allowed {
  /** Values for what must be unique, so that a copy of a row could be put in; null where nothing may. */
  readonly fresh: Readonly<Record<string, string>> | null
  /** A change that it may make. */
  readonly update?: string
  readonly delete?: boolean
}

/** Runs statements as `coderisk_app` with that tenant, in a transaction that is undone. */
export async function asTenant<T>(
  app: postgres.Sql,
  tenant: string | null,
  work: (sql: postgres.TransactionSql) => Promise<T>,
): Promise<T> {
  const undo = new Error('undo')
  let result: T | undefined
  await app
    .begin(async (sql) => {
      if (tenant !== null) await sql`SELECT set_config('app.organisation_id', ${tenant}, true)`
      result = await work(sql)
      throw undo
    })
    .catch((error) => {
      if (error !== undo) throw error
    })
  return result as T
}

/** `done`, or the SQLSTATE that it ended with. */
export const stateOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'done',
    (error) => error.code as string,
  )

/** @param tenants and @param allowed are asked once the tests run */
export function describeTenantTable(table: string, tenants: () => Tenants, allowed: () => Allowed): void {
  const column = tenantColumn(table)
  const state = (tenant: string | null, work: (sql: postgres.TransactionSql) => Promise<unknown>) =>
    stateOf(asTenant(tenants().app, tenant, work))

  async function seen(tenant: string | null): Promise<string[]> {
    const rows = await asTenant(tenants().app, tenant, (sql) =>
      sql.unsafe(`SELECT DISTINCT ${column} AS tenant FROM ${table}`),
    )
    return rows.map((row) => row.tenant)
  }

  describe(table, () => {
    test('has rows of both organisations', async () => {
      const { owner, one, other } = tenants()
      const rows = await owner.unsafe(`SELECT DISTINCT ${column} AS tenant FROM ${table}`)
      expect(rows.map((row) => row.tenant)).toEqual(expect.arrayContaining([one, other]))
    })

    test('shows an organisation its own rows', async () => {
      const { one, other } = tenants()
      expect(await seen(one)).toEqual([one])
      expect(await seen(other)).toEqual([other])
    })

    test.each([null, '', 'org_nobody', '%', "' OR true --"])(
      'shows nothing to the tenant %j',
      async (tenant) => {
        expect(await seen(tenant)).toEqual([])
      },
    )

    test("does not let another organisation's row be put in", async () => {
      const { one, other } = tenants()
      const { fresh } = allowed()
      const insert = await insertion(tenants(), table, fresh ?? {})
      const tenant = table === 'organisations' ? 'org_fresh' : (fresh?.organisation_id ?? one)
      expect(await state(tenant, insert)).toBe(fresh === null ? INSUFFICIENT_PRIVILEGE : 'done')
      expect(await state(other, insert)).toBe(INSUFFICIENT_PRIVILEGE)
      expect(await state(null, insert)).toBe(INSUFFICIENT_PRIVILEGE)
    })

    test("does not let another organisation's row be changed", async () => {
      const { app, owner, one, other } = tenants()
      const { update } = allowed()
      const move = `UPDATE ${table} SET ${column} = '${other}'`
      expect(await state(one, (sql) => sql.unsafe(move))).toBe(INSUFFICIENT_PRIVILEGE)
      if (update === undefined) {
        const touch = `UPDATE ${table} SET ${column} = ${column}`
        expect(await state(one, (sql) => sql.unsafe(touch))).toBe(INSUFFICIENT_PRIVILEGE)
        return
      }
      const count = async (tenant: string | null) =>
        (await asTenant(app, tenant, (sql) => sql.unsafe(`UPDATE ${table} SET ${update}`))).count
      const own = await owner.unsafe(`SELECT count(*)::int AS n FROM ${table} WHERE ${column} = $1`, [one])
      expect(await count(one)).toBe(own[0]!.n)
      expect([await count(null), await count('org_nobody')]).toEqual([0, 0])
    })

    test('lets no tenant delete what is not its own, or empty it', async () => {
      const { app, one } = tenants()
      expect(await state(one, (sql) => sql.unsafe(`TRUNCATE ${table}`))).toBe(INSUFFICIENT_PRIVILEGE)
      const remove = `DELETE FROM ${table}`
      if (allowed().delete !== true) {
        expect(await state(one, (sql) => sql.unsafe(remove))).toBe(INSUFFICIENT_PRIVILEGE)
        return
      }
      const others = `SELECT 1 FROM ${table} WHERE ${column} <> '${one}'`
      const left = await tenants().owner.unsafe(others)
      expect((await asTenant(app, one, (sql) => sql.unsafe(remove))).count).toBeGreaterThan(0)
      expect((await asTenant(app, 'org_nobody', (sql) => sql.unsafe(remove))).count).toBe(0)
      expect((await asTenant(app, null, (sql) => sql.unsafe(remove))).count).toBe(0)
      expect(await tenants().owner.unsafe(others)).toHaveLength(left.length)
    })
  })
}

/** Puts in a copy of a row of the first tenant. */
async function insertion({ owner, one }: Tenants, table: string, changes: object) {
  const [row] = await owner.unsafe(
    `SELECT to_jsonb(t) AS row FROM ${table} t WHERE ${tenantColumn(table)} = $1 LIMIT 1`,
    [one],
  )
  const columns = await owner`SELECT column_name AS name FROM information_schema.columns
    WHERE table_name = ${table} AND table_schema = 'public' AND is_identity = 'NO'`
  const list = columns.map(({ name }) => name).join(', ')
  return (sql: postgres.TransactionSql) =>
    sql.unsafe(
      `INSERT INTO ${table} (${list}) SELECT ${list} FROM jsonb_populate_record(null::${table}, $1::jsonb)`,
      [{ ...row!.row, ...changes } as never],
    )
}
