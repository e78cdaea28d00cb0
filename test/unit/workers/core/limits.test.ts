import { describe, expect, test } from 'vitest'
import { type IssueRequest, MAX_CONTENT_BYTES } from '../../../../schema/wire/issue.ts'
import { limitContents, limitFileCount } from '../../../../workers/core/limits.ts'

function refusal(work: () => void): string | null {
  try {
    work()
    return null
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('limitFileCount', () => {
  const list = (length: number) => Array.from({ length }, () => null)
  test.each<[string, unknown, string | null]>([
    ['as many files as may be', { files: list(3) }, null],
    ['one more', { files: list(4) }, 'too_many_files'],
    ['as many paths as may be', { files_changed: list(3) }, null],
    ['one path more', { files_changed: list(4) }, 'too_many_files'],
    ['none', {}, null],
    ['files that are no list, which validation refuses', { files: { length: 1_000 } }, null],
    ['null', null, null],
    ['a number', 5, null],
    ['a text', 'files', null],
    ['a list', list(9), null],
  ])('%s', (_, json, code) => {
    expect(refusal(() => limitFileCount(json, 3))).toBe(code)
  })
})

describe('limitContents', () => {
  const half = 'x'.repeat(MAX_CONTENT_BYTES / 2)
  const file = (more: object) => ({ path: 'a', content: '', ...more })
  const request = (...files: object[]) => ({ files }) as unknown as IssueRequest

  test.each<[string, IssueRequest, string | null]>([
    ['two halves', request(file({ content: half }), file({ content: half })), null],
    ['a byte more', request(file({ content: half }), file({ content: `${half}x` })), 'body_too_large'],
    [
      'as much again of before',
      request(file({ content: half, previous_content: half }), file({ content: half, patch: half })),
      null,
    ],
    [
      'a byte more of before',
      request(file({ previous_content: half }), file({ patch: `${half}x` })),
      'body_too_large',
    ],
    ['code', { code: half + half } as IssueRequest, null],
    ['code with a byte more', { code: `${half}${half}x` } as IssueRequest, 'body_too_large'],
    ['bytes and not characters', { code: `${half}${half.slice(1)}ü` } as IssueRequest, 'body_too_large'],
    ['nothing', {} as IssueRequest, null],
  ])('%s', (_, given, code) => {
    expect(refusal(() => limitContents(given))).toBe(code)
  })
})
