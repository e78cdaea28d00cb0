import { afterEach, expect, it, vi } from 'vitest'
import { utf8 } from '../../../../../core/verify/encoding.ts'
import { CALL_LIMIT_MS, createR2Store } from '../../../../../workers/core/adapters/r2-store.ts'

afterEach(() => {
  vi.useRealTimers()
})

const never = () => new Promise<never>(() => {})
const bucket = (parts: object) => createR2Store(parts as unknown as R2Bucket)

it.each([
  ['get', bucket({ get: never })],
  ['get, once it has begun to answer', bucket({ get: async () => ({ arrayBuffer: never }) })],
  ['put', bucket({ put: never })],
])('does not wait for ever for a %s', async (name, store) => {
  vi.useFakeTimers()
  const call = name === 'put' ? store.put('a', utf8('b'), { contentType: 'text/plain' }) : store.get('a')
  const outcome = expect(call).rejects.toThrow('no answer of R2')
  await vi.advanceTimersByTimeAsync(CALL_LIMIT_MS)
  await outcome
})

it('says whether a conditional put was done', async () => {
  const asked: unknown[] = []
  const answers = [{}, null]
  const put = async (...all: unknown[]) => {
    asked.push(all[2])
    return answers.shift()
  }
  const store = bucket({ put })
  expect(await store.put('a', utf8('b'), { contentType: 'text/plain', ifMatch: null })).toBe(true)
  expect(await store.put('a', utf8('b'), { contentType: 'text/plain', ifMatch: 'e1' })).toBe(false)
  const httpMetadata = { contentType: 'text/plain' }
  expect(asked).toEqual([
    { httpMetadata, onlyIf: { etagDoesNotMatch: '*' } },
    { httpMetadata, onlyIf: { etagMatches: 'e1' } },
  ])
})
