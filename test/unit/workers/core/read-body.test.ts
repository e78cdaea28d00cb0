import { z } from '@hono/zod-openapi'
import { describe, expect, test } from 'vitest'
import { issueRequestSchema } from '../../../../schema/wire/issue.ts'
import { validate } from '../../../../workers/core/read-body.ts'

function errorsOf(schema: Parameters<typeof validate>[0], input: unknown): string[] {
  try {
    validate(schema, input)
    return []
  } catch (error) {
    const { code, errors } = error as { code: string; errors: { path: string }[] }
    expect(code).toBe('invalid_input')
    return errors.map(({ path }) => path)
  }
}

describe('validate says where each error is', () => {
  const valid = { ai_tool: 'x-v1', files: [{ path: 'a', content: '' }] }

  test.each<[string, unknown, string[]]>([
    ['nowhere', valid, []],
    ['the whole', null, ['$']],
    ['a member', { ...valid, ttl_days: 0 }, ['ttl_days']],
    [
      'a member of an item',
      {
        ...valid,
        files: [
          { path: 'a', content: '' },
          { path: 'x/../b', content: 1 },
        ],
      },
      ['files[1].path', 'files[1].content'],
    ],
    ['a missing member', { files: valid.files }, ['ai_tool']],
    ['unknown members, each', { ...valid, x: 1, y: 2 }, ['x', 'y']],
    [
      'an unknown member of an item',
      { ...valid, files: [{ path: 'a', content: '', mode: 1 }] },
      ['files[0].mode'],
    ],
    [
      'a member called __proto__',
      JSON.parse('{"ai_tool":"x-v1","files":[{"path":"a","content":""}],"__proto__":{}}'),
      ['__proto__'],
    ],
  ])('%s', (_, input, paths) => {
    expect(errorsOf(issueRequestSchema, input).sort()).toEqual([...paths].sort())
  })

  test('and cuts short what the caller named', () => {
    const [path] = errorsOf(issueRequestSchema, { ...valid, [`${'x'.repeat(63)}😀tail`]: 1 })
    expect(path!.length).toBeLessThanOrEqual(64)
    expect(path!.isWellFormed()).toBe(true)
  })

  test('at most fifty of them', () => {
    const input = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`m${i}`, 1]))
    expect(errorsOf(issueRequestSchema, input)).toHaveLength(50)
  })

  test('without repeating what was sent', () => {
    const input = {
      ...valid,
      ai_tool: 'cr_live_secret',
      language: '\0cr_live_secret',
      ttl_days: 'cr_live_secret',
      path_privacy: 'cr_live_secret',
    }
    try {
      validate(issueRequestSchema, input)
      expect.unreachable()
    } catch (error) {
      expect(JSON.stringify((error as { errors: unknown }).errors)).not.toContain('cr_live_secret')
    }
  })
})

test('validate gives back what the schema made of it', () => {
  expect(validate(z.object({ limit: z.coerce.number().default(20) }), { limit: '5' })).toEqual({ limit: 5 })
})
