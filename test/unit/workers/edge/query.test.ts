import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { integer, readQuery } from '../../../../workers/edge/query.ts'

const PARAMETERS = { from: integer(0), limit: integer(1, 256) }
const read = (query: string) => readQuery(new URLSearchParams(query), PARAMETERS)

describe('a query', () => {
  test('is read, and what was not given is undefined', () => {
    expect(read('from=7&limit=256')).toEqual({ ok: true, values: { from: 7, limit: 256 } })
    expect(read('')).toEqual({ ok: true, values: {} })
  })

  test('has every fault told, with its place', () => {
    const read_ = read('from=-1&limit=257&limit=1&page=2&toString=1')
    expect(read_).toEqual({
      ok: false,
      errors: [
        { path: 'from', message: 'must be an integer of 0 or more' },
        { path: 'limit', message: 'must be an integer from 1 to 256' },
        { path: 'limit', message: 'is given more than once' },
        { path: 'page', message: 'is not a parameter' },
        { path: 'toString', message: 'is not a parameter' },
      ],
    })
  })

  test('never repeats a long name', () => {
    const { errors } = read(`${'x'.repeat(5_000)}=1`) as { errors: { path: string }[] }
    expect(errors[0]!.path.length).toBe(64)
  })

  test('takes exactly the decimals of its range', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer().map(String), fc.string(), fc.double().map(String)), (text) => {
        const found = readQuery(new URLSearchParams([['limit', text]]), PARAMETERS)
        const isRight = /^[1-9][0-9]{0,2}$/.test(text) && Number(text) <= 256
        expect(found.ok).toBe(isRight)
        if (found.ok) expect(String(found.values.limit)).toBe(text)
      }),
    )
  })

  test('of any kind is a value or faults, and never an exception', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.string())), (pairs) => {
        const found = readQuery(new URLSearchParams(pairs), PARAMETERS)
        expect(found.ok || found.errors.length > 0).toBe(true)
      }),
    )
  })
})
