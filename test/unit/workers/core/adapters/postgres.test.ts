import { createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compile } from '../../../../../core/statement.ts'
import { certificates } from '../../../../../schema/tables/index.ts'
import { openDatabase, type PostgresDatabase } from '../../../../../workers/core/adapters/postgres.ts'
import { startTestDatabase, type TestDatabase } from '../../../../support/postgres.ts'
import { refusalCode } from '../../../core/support.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await startTestDatabase()
}, 120_000)
afterAll(() => db?.stop())

async function ask<Row>(database: PostgresDatabase, query: ReturnType<typeof sql>): Promise<Row[]> {
  return database.direct<Row>(compile(query)({}))
}

describe('each transaction', () => {
  const WHO = sql`SELECT current_user::text AS "user", current_setting('app.organisation_id', true) AS organisation`

  test('of an organisation is bound to it before anything else is asked', async () => {
    const [row] = await db.database.asOrganisation('org_a', (tx) => tx.execute(WHO))
    expect(row).toEqual({ user: 'coderisk_app', organisation: 'org_a' })
  })

  test('of the system has its role', async () => {
    const [row] = await db.database.asSystem((tx) => tx.execute(WHO))
    expect(row).toMatchObject({ user: 'coderisk_system' })
  })

  test('leaves nothing of that to the next on the same connection', async () => {
    const one = openDatabase(db.appUrl, { connections: 1 })
    try {
      await one.asOrganisation('org_a', (tx) => tx.execute(WHO))
      await one.asSystem((tx) => tx.execute(WHO))
      await one.asOrganisation('org_b', () => Promise.reject(new Error('undone'))).catch(() => {})
      const [row] = await ask<{ user: string; organisation: string }>(one, WHO)
      expect(row!.user).toBe('coderisk_app')
      expect(row!.organisation ?? '').toBe('')
    } finally {
      await one.close()
    }
  })

  test('is bound also when many run at once', async () => {
    const names = Array.from({ length: 40 }, (_, i) => (i % 3 === 0 ? 'system' : `org_${i}`))
    const seen = await Promise.all(
      names.map(async (name) => {
        const work = (tx: Parameters<Parameters<typeof db.database.asSystem>[0]>[0]) => tx.execute(WHO)
        const [row] =
          name === 'system' ? await db.database.asSystem(work) : await db.database.asOrganisation(name, work)
        return row!.user === 'coderisk_system' ? 'system' : row!.organisation
      }),
    )
    expect(seen).toEqual(names)
  })

  test('that throws is undone, and the error comes out as it was', async () => {
    const error = new Error('mine')
    const id = 'org_undone'
    const attempt = db.database.asOrganisation(id, async (tx) => {
      await tx.execute(sql`INSERT INTO organisations (id, name, created_at) VALUES (${id}, 'x', now())`)
      throw error
    })
    await expect(attempt).rejects.toBe(error)
    expect(await db.owner`SELECT 1 FROM organisations WHERE id = ${id}`).toHaveLength(0)
  })

  test('that throws takes with it what was being done beside it, also what had yet to be sent', async () => {
    const late: Promise<unknown>[] = []
    const attempt = db.database.asSystem(async (tx) => {
      const insert = async (id: string, wait: Promise<unknown>) => {
        await wait
        await tx.execute(sql`INSERT INTO organisations (id, name, created_at) VALUES (${id}, 'x', now())`)
      }
      late.push(insert('org_sent', Promise.resolve()), insert('org_late', sleep(50)))
      await Promise.all([...late, sleep(5).then(() => Promise.reject(new Error('mine')))])
    })
    await expect(attempt).rejects.toThrow('mine')
    expect((await Promise.allSettled(late)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect(await db.owner`SELECT 1 FROM organisations WHERE id IN ('org_sent', 'org_late')`).toHaveLength(0)
  })

  test.each(["x', true); SET ROLE coderisk_system; --", '"', '\\', 'ü'])(
    'takes the id %j for a text and no more',
    async (id) => {
      const [row] = await db.database.asOrganisation(id, (tx) => tx.execute(WHO))
      expect(row).toEqual({ user: 'coderisk_app', organisation: id })
    },
  )
})

describe('a statement that is wrong', () => {
  test('is a fault of ours and not an absent database', async () => {
    await expect(ask(db.database, sql`SELECT no_such_function()`)).rejects.not.toMatchObject({
      name: 'Refusal',
    })
    await expect(
      db.database.asOrganisation('org_a', (tx) => tx.select().from(certificates).where(sql`nonsense`)),
    ).rejects.not.toMatchObject({ name: 'Refusal' })
  })

  test('is one also when the values in it speak of sockets and connections', async () => {
    const attempt = ask(
      db.database,
      sql`SELECT ${'socket: connection refused, cannot connect'}::text::integer`,
    )
    await expect(attempt).rejects.not.toMatchObject({ name: 'Refusal' })
  })

  test('that is not permitted is one, too', async () => {
    await expect(ask(db.database, sql`SELECT * FROM signing_keys`)).rejects.not.toMatchObject({
      name: 'Refusal',
    })
  })
})

describe('a database that does not answer', () => {
  test('nobody listens: unavailable', async () => {
    const url = new URL(db.appUrl)
    url.port = String(await closedPort())
    const away = openDatabase(url.href)
    expect(await refusalCode(ask(away, sql`SELECT 1`))).toBe('database_unavailable')
    expect(await refusalCode(away.asSystem((tx) => tx.execute(sql`SELECT 1`)))).toBe('database_unavailable')
    await away.close()
  })

  test('it takes the connection and says nothing: unavailable', async () => {
    const { port, stop } = await listen(() => {})
    const url = new URL(db.appUrl)
    url.port = String(port)
    const frozen = openDatabase(url.href)
    expect(await refusalCode(ask(frozen, sql`SELECT 1`))).toBe('database_unavailable')
    await frozen.close()
    await stop()
  }, 30_000)

  test('it hangs up: unavailable', async () => {
    const { port, stop } = await listen((socket) => socket.destroy())
    const url = new URL(db.appUrl)
    url.port = String(port)
    const rude = openDatabase(url.href)
    expect(await refusalCode(ask(rude, sql`SELECT 1`))).toBe('database_unavailable')
    await rude.close()
    await stop()
  }, 30_000)

  test('it takes too long over a statement: unavailable, and the next is answered', async () => {
    const slow = openDatabase(db.appUrl, { connections: 1 })
    expect(await refusalCode(ask(slow, sql`SELECT pg_sleep(6)`))).toBe('database_unavailable')
    expect(await ask(slow, sql`SELECT 1 AS one`)).toMatchObject([{ one: 1 }])
    await slow.close()
  }, 30_000)

  test('it ends the connection: unavailable, and the next is answered', async () => {
    const cut = openDatabase(db.appUrl, { connections: 1 })
    expect(await refusalCode(ask(cut, sql`SELECT pg_sleep(0), pg_terminate_backend(pg_backend_pid())`))).toBe(
      'database_unavailable',
    )
    expect(await ask(cut, sql`SELECT 1 AS one`)).toMatchObject([{ one: 1 }])
    await cut.close()
  }, 30_000)

  test('a row is locked for too long: unavailable', async () => {
    await db.owner`INSERT INTO organisations VALUES ('org_lock', 'x', now())`
    await db.owner.begin(async (holder) => {
      await holder`LOCK TABLE organisations IN ACCESS EXCLUSIVE MODE`
      expect(
        await refusalCode(db.database.asSystem((tx) => tx.execute(sql`SELECT * FROM organisations`))),
      ).toBe('database_unavailable')
    })
  }, 30_000)
})

async function listen(onSocket: (socket: Socket) => void): Promise<{ port: number; stop(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    socket.on('error', () => {})
    sockets.add(socket)
    onSocket(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = () => {
    for (const socket of sockets) socket.destroy()
    return new Promise<void>((resolve) => server.close(() => resolve()))
  }
  return { port: (server.address() as { port: number }).port, stop }
}

async function closedPort(): Promise<number> {
  const { port, stop } = await listen(() => {})
  await stop()
  return port
}
