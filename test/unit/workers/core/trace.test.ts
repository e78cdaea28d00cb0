import { describe, expect, test } from 'vitest'
import { newRequestTrace } from '../../../../workers/core/trace.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const trace = (headers: Record<string, string>) => newRequestTrace(new Headers(headers))

describe('the request id', () => {
  test.each(['a', 'req_1-2', 'x'.repeat(64)])('%s is taken over', (id) => {
    expect(trace({ 'x-request-id': id }).requestId).toBe(id)
  })

  test.each(['', 'x'.repeat(65), 'a b', 'a"b', '{"a":1}', '../x'])('%j is replaced', (id) => {
    expect(trace({ 'x-request-id': id }).requestId).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('is another for each request that has none', () => {
    expect(trace({}).requestId).not.toBe(trace({}).requestId)
  })
})

describe('the trace id', () => {
  test.each([`00-${TRACE}-b7ad6b7169203331-01`, `00-${TRACE}-b7ad6b7169203331-00`])(
    'of %s is taken over',
    (traceparent) => {
      expect(trace({ traceparent }).traceId).toBe(TRACE)
    },
  )

  test.each([
    '',
    TRACE,
    `00-${TRACE.toUpperCase()}-b7ad6b7169203331-01`,
    `00-${TRACE}-b7ad6b7169203331-01-x`,
    `00-${TRACE}x-b7ad6b7169203331-01`,
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
  ])('of %j is replaced', (traceparent) => {
    expect(trace({ traceparent }).traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/)
  })
})
