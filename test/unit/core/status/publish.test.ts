import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Actor } from '../../../../core/context.ts'
import type { ObjectStore } from '../../../../core/publication/store.ts'
import { publishStatusList, STATUS_TOKEN_MEDIA_TYPE } from '../../../../core/status/publish.ts'
import { statusListObject } from '../../../../schema/kv.ts'
import { MemoryObjectStore } from '../../../support/object-store.ts'
import { START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'
import { bitOf, countBits, readToken, revoke, textOf } from './status-support.ts'

const KEY = statusListObject(0)

let core: TestCore
let owner: Actor
let objects: MemoryObjectStore

beforeAll(async () => {
  core = await startTestCore()
  owner = await core.organisation()
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())
beforeEach(async () => {
  objects = new MemoryObjectStore()
  await core.db.owner`DELETE FROM status_list_tokens`
})

const publish = (store: ObjectStore = objects, list = 0) => publishStatusList(core.ctx(), store, list)
const published = () => textOf(objects, KEY)!
const row = async () => (await core.db.owner`SELECT * FROM status_list_tokens WHERE list = 0`)[0]
const revokeOne = async () => {
  const certificate = await core.issue(owner)
  await revoke(core, owner, certificate)
  return certificate
}

/** The same objects; `before` runs ahead of each put. */
function slowed(before: () => Promise<unknown>): ObjectStore {
  return {
    get: (key) => objects.get(key),
    put: async (key, bytes, options) => {
      await before()
      return objects.put(key, bytes, options)
    },
  }
}

describe('publishing a status list', () => {
  test('puts its token, and keeps what was put', async () => {
    await publish()
    const { contentType, bytes } = objects.objects.get(KEY)!
    const { iat, exp } = readToken(published())
    expect(contentType).toBe(STATUS_TOKEN_MEDIA_TYPE)
    expect(await row()).toMatchObject({
      issued_at: new Date(iat * 1000),
      expires_at: new Date(exp * 1000),
      bytes: bytes.length,
    })
  })

  test('again puts what has changed since', async () => {
    await publish()
    const before = (await row())!
    const certificate = await revokeOne()
    expect(bitOf(published(), certificate)).toBe(0)
    await publish()
    expect(bitOf(published(), certificate)).toBe(1)
    expect(Number((await row())!.version)).toBe(Number(before.version) + 1)
  })

  test('replaces whatever somebody else has put there', async () => {
    objects.tamper(KEY, new TextEncoder().encode('not a token, with an iat of 9999999999'))
    await publish()
    expect(readToken(published()).sub).toMatch(/\/0$/)
  })

  test('fails with the store, and leaves nothing that says otherwise', async () => {
    const failing = slowed(() => Promise.reject(new Error('R2 is away')))
    await expect(publish(failing)).rejects.toThrow('R2 is away')
    expect([await row(), objects.history]).toEqual([undefined, []])
  })

  test('a put that was made and reported as failed does no harm to the next', async () => {
    const lying: ObjectStore = {
      get: (key) => objects.get(key),
      put: async (...given) => {
        await objects.put(...given)
        throw new Error('no answer')
      },
    }
    await expect(publish(lying)).rejects.toThrow('no answer')
    const certificate = await revokeOne()
    await publish()
    expect(bitOf(published(), certificate)).toBe(1)
  })
})

describe('two publishers of one list', () => {
  test('the slower one, with older bits in hand, does not replace what the faster one has put', async () => {
    let certificate: Awaited<ReturnType<typeof revokeOne>> | undefined
    const slow = slowed(async () => {
      if (certificate !== undefined) return
      certificate = await revokeOne()
      await publish()
    })
    await publish(slow)
    expect(certificate).toBeDefined()
    for (const { bytes } of objects.history) {
      expect(bitOf(new TextDecoder().decode(bytes), certificate!)).toBe(1)
    }
    expect(objects.history).toHaveLength(2)
  })

  test('one that is slow to see what is there has no older bits in hand than that has', async () => {
    let certificate: Awaited<ReturnType<typeof revokeOne>> | undefined
    await publish({
      get: async (key) => {
        certificate ??= await revokeOne()
        await publish()
        return objects.get(key)
      },
      put: (...given) => objects.put(...given),
    })
    for (const { bytes } of objects.history) {
      expect(bitOf(new TextDecoder().decode(bytes), certificate!)).toBe(1)
    }
    expect(objects.history).toHaveLength(2)
  })

  test('the slower one does not bring back the first token when there was none', async () => {
    let raced = false
    await publish(
      slowed(async () => {
        if (raced) return
        raced = true
        await revokeOne()
        await publish()
      }),
    )
    const counts = objects.history.map(({ bytes }) => countBits(new TextDecoder().decode(bytes)))
    expect(counts).toEqual([...counts].sort((a, b) => a - b))
    expect(counts).toHaveLength(2)
  })

  test('one that is always beaten gives up, and says so', async () => {
    const beaten = slowed(() => publish())
    await expect(publish(beaten)).rejects.toThrow('others were faster')
  })

  test('many at once, while bits are set: no token is older than the one it replaces', async () => {
    const rounds = Array.from({ length: 12 }, async (_, index) => {
      if (index % 3 === 0) await revokeOne()
      await publish().catch((error: Error) => expect(error.message).toMatch('others were faster'))
    })
    await Promise.all(rounds)
    await publish()
    const texts = objects.history.map(({ bytes }) => new TextDecoder().decode(bytes))
    expect(texts.length).toBeGreaterThan(3)
    const inOrder = (values: number[]) => expect(values).toEqual([...values].sort((a, b) => a - b))
    inOrder(texts.map(countBits))
    inOrder(texts.map((text) => readToken(text).iat))
    const [row] = await core.db
      .owner`SELECT count(*)::int AS revoked FROM certificates WHERE revoked_at IS NOT NULL`
    expect(countBits(texts.at(-1)!)).toBe(row!.revoked)
  })

  test('what is kept of the published one does not go back', async () => {
    await publish()
    await core.db
      .owner`UPDATE status_list_tokens SET issued_at = now() + interval '1 hour', version = 999 WHERE list = 0`
    await publish()
    expect(Number((await row())!.version)).toBe(999)
  })
})
