import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listCertificates } from '../../../../core/certificates/list.ts'
import type { Actor } from '../../../../core/context.ts'
import { type Certificate, certificateListSchema } from '../../../../schema/wire/certificate.ts'
import { refusalCode, START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'

let core: TestCore
let owner: Actor
let stranger: Actor
let tester: Actor
let issued: Certificate[]

beforeAll(async () => {
  core = await startTestCore()
  owner = await core.organisation()
  stranger = await core.organisation()
  tester = await core.withKey(owner, ['certificates:write', 'certificates:read'], false)
  issued = []
  for (let i = 0; i < 7; i++) {
    issued.push(await core.issue(owner))
    await core.issue(stranger)
  }
  await core.issue(tester)
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

async function page(actor: Actor, limit: number, cursor?: string, now = new Date()) {
  return certificateListSchema.parse(
    JSON.parse(await listCertificates(core.ctx(now), actor, { limit, cursor })),
  )
}

async function pages(
  actor: Actor,
  limit: number,
  between: () => Promise<unknown> = async () => {},
): Promise<string[]> {
  const ids: string[] = []
  for (let cursor: string | undefined; ; ) {
    const { data, next_cursor: next } = await page(actor, limit, cursor)
    expect(data.length).toBeLessThanOrEqual(limit)
    ids.push(...data.map((one) => one.certificate_id))
    if (next === null) return ids
    expect(data).toHaveLength(limit)
    cursor = next
    await between()
  }
}

const newestFirst = () => issued.map((one) => one.certificate_id).reverse()

describe('the list', () => {
  test.each([1, 2, 3, 6, 7, 8, 100])(
    'in pages of %d has every certificate of the organisation once, newest first',
    async (limit) => {
      expect(await pages(owner, limit)).toEqual(newestFirst())
    },
  )

  test('is not disturbed by what is issued while it is read', async () => {
    const before = newestFirst()
    const ids = await pages(owner, 2, async () => {
      issued.push(await core.issue(owner))
      await core.issue(stranger)
    })
    expect(ids).toEqual(before)
    expect(await pages(owner, 4)).toEqual(newestFirst())
  })

  test('shows each as it was issued', async () => {
    const { data } = await page(owner, 1)
    expect(data[0]).toEqual(issued.at(-1))
  })

  test('says which have expired', async () => {
    const { data } = await page(owner, 3, undefined, new Date(Date.now() + 31 * 86_400_000))
    expect(data.map((one) => one.status)).toEqual(['expired', 'expired', 'expired'])
  })

  test('keeps test and live apart', async () => {
    expect((await page(tester, 100)).data.map((one) => one.livemode)).toEqual([false])
    expect((await page(owner, 100)).data.every((one) => one.livemode)).toBe(true)
  })

  test("another organisation's cursor leads only to one's own certificates", async () => {
    const { next_cursor: cursor } = await page(stranger, 2)
    const { data } = await page(owner, 100, cursor!)
    expect(data.every((one) => one.company_id === owner.organisationId)).toBe(true)
  })

  test('of an organisation that has none is empty', async () => {
    expect(await page(await core.organisation(), 10)).toEqual({ data: [], next_cursor: null })
  })
})

test.each([
  '',
  'p1',
  '!!!',
  'cDE=',
  Buffer.from('1').toString('base64url'),
  Buffer.from('p-1').toString('base64url'),
  Buffer.from('p1;').toString('base64url'),
  Buffer.from(`p${'9'.repeat(30)}`).toString('base64url'),
])('the cursor %j is refused', async (cursor) => {
  expect(await refusalCode(listCertificates(core.ctx(), owner, { limit: 1, cursor }))).toBe('invalid_cursor')
})
