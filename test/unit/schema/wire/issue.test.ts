import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalText } from '../../../../core/verify/canonical.ts'
import { issueRequestSchema } from '../../../../schema/wire/issue.ts'
import { relativePath } from '../../../../schema/wire/text.ts'

const FILE = { path: 'src/a.ts', content: 'a\n' }
const VALID = { ai_tool: 'claude-code-v1.0', files: [FILE] }

/** Where the errors are; empty when there are none. */
function errorPaths(input: unknown): string[] {
  const result = issueRequestSchema.safeParse(input)
  if (result.success) return []
  const paths = result.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => [...issue.path, key].join('.'))
      : [issue.path.join('.')],
  )
  return [...new Set(paths)].sort()
}

const withFile = (more: object) => ({ ...VALID, files: [{ ...FILE, ...more }] })
const without = (...names: string[]) =>
  Object.fromEntries(Object.entries(VALID).filter(([name]) => !names.includes(name)))

describe('a valid request', () => {
  test('gets what it leaves out', () => {
    expect(issueRequestSchema.parse(VALID)).toEqual({ ...VALID, path_privacy: 'plain', ttl_days: 30 })
  })

  test.each<[string, object]>([
    ['code with its path', { ai_tool: 'x-v1', code: '', files_changed: ['a'] }],
    ['an empty file', withFile({ content: '' })],
    ['a file that was there before', withFile({ previous_content: '' })],
    ['a patch', withFile({ patch: '@@ -1 +1 @@\n-b\n+a\n' })],
    ['more paths than files', { ...VALID, files_changed: ['gone.ts', 'src/a.ts'] }],
    [
      'everything',
      {
        ...VALID,
        commit_sha: 'a'.repeat(40),
        repository: 'github.com/x/y',
        commit_message: 'x\ny',
        language: 'go',
        framework: 'hono',
        path_privacy: 'hashed',
        ttl_days: 90,
        user_id: 'a.b:c_d-e',
      },
    ],
    ['a SHA-256 commit id', { ...VALID, commit_sha: 'a'.repeat(64) }],
    [
      'HTML and SQL, which are texts like others',
      { ...withFile({ content: "<script>alert(1)</script>'; DROP TABLE x; --" }), commit_message: '<b>' },
    ],
  ])('%s', (_, input) => {
    expect(errorPaths(input)).toEqual([])
  })
})

describe('a bad request', () => {
  test.each<[string, unknown, string[]]>([
    ['nothing', undefined, ['']],
    ['null', null, ['']],
    ['a list', [], ['']],
    ['a text', 'hello', ['']],
    ['no tool', without('ai_tool'), ['ai_tool']],
    ['neither code nor files', without('files'), ['code']],
    ['both code and files', { ...VALID, code: 'a', files_changed: ['src/a.ts'] }, ['code']],
    ['code without its path', { ai_tool: 'x-v1', code: 'a' }, ['files_changed']],
    ['code with no path', { ai_tool: 'x-v1', code: 'a', files_changed: [] }, ['files_changed']],
    ['no files', { ...VALID, files: [] }, ['files']],
    ['files by name', { ...VALID, files: { 'a.ts': 'a' } }, ['files']],
    ['a file twice', { ...VALID, files: [FILE, { ...FILE, content: 'b' }] }, ['files.1.path']],
    ['a file three times', { ...VALID, files: [FILE, FILE, FILE] }, ['files.1.path', 'files.2.path']],
    ['a path twice', { ...VALID, files_changed: ['src/a.ts', 'b', 'b'] }, ['files_changed.2']],
    ['a file that files_changed does not name', { ...VALID, files_changed: ['b'] }, ['files.0.path']],
    ['previous content and a patch', withFile({ previous_content: '', patch: '' }), ['files.0.patch']],
    ['content of another type', withFile({ content: 1 }), ['files.0.content']],
    ['content null', withFile({ content: null }), ['files.0.content']],
    ['no content', { ...VALID, files: [{ path: 'a' }] }, ['files.0.content']],
    ['NUL in content', withFile({ content: 'a\0b' }), ['files.0.content']],
    ['NUL in previous content', withFile({ previous_content: '\0' }), ['files.0.previous_content']],
    ['NUL in code', { ai_tool: 'x-v1', code: '\0', files_changed: ['a'] }, ['code']],
    ['a lone surrogate in content', withFile({ content: 'a\ud800b' }), ['files.0.content']],
    ['a lone surrogate in a patch', withFile({ patch: '\udc00' }), ['files.0.patch']],
    ['a lone surrogate in a path', withFile({ path: 'a\ud800' }), ['files.0.path']],
    ['a lone surrogate in the language', { ...VALID, language: '\ud800' }, ['language']],
    ['an unknown member', { ...VALID, evidence_level: 'E3' }, ['evidence_level']],
    ['an unknown member of a file', withFile({ mode: '755' }), ['files.0.mode']],
    [
      '__proto__',
      JSON.parse('{"ai_tool":"x-v1","files":[{"path":"a","content":""}],"__proto__":{"ttl_days":90}}'),
      ['__proto__'],
    ],
    ['a member misspelt', { ...VALID, ttlDays: 5 }, ['ttlDays']],
    ['ttl 0', { ...VALID, ttl_days: 0 }, ['ttl_days']],
    ['ttl 91', { ...VALID, ttl_days: 91 }, ['ttl_days']],
    ['ttl 1.5', { ...VALID, ttl_days: 1.5 }, ['ttl_days']],
    ['ttl as text', { ...VALID, ttl_days: '30' }, ['ttl_days']],
    ['ttl -1', { ...VALID, ttl_days: -1 }, ['ttl_days']],
    ['ttl null', { ...VALID, ttl_days: null }, ['ttl_days']],
    ['an unknown privacy', { ...VALID, path_privacy: 'secret' }, ['path_privacy']],
    ['a short commit id', { ...VALID, commit_sha: 'abc1234' }, ['commit_sha']],
    ['a commit id in upper case', { ...VALID, commit_sha: 'A'.repeat(40) }, ['commit_sha']],
    ['a commit id with a line break', { ...VALID, commit_sha: `${'a'.repeat(40)}\n` }, ['commit_sha']],
    ['an empty language', { ...VALID, language: '' }, ['language']],
    ['a long language', { ...VALID, language: 'x'.repeat(41) }, ['language']],
    ['a long repository', { ...VALID, repository: 'x'.repeat(257) }, ['repository']],
    ['a long commit message', { ...VALID, commit_message: 'x'.repeat(65_537) }, ['commit_message']],
    ['an address as user', { ...VALID, user_id: 'a@example.com' }, ['user_id']],
    ['a name as user', { ...VALID, user_id: 'Ann Other' }, ['user_id']],
    ['several at once', { ...VALID, ttl_days: 0, commit_sha: 'x' }, ['commit_sha', 'ttl_days']],
  ])('%s', (_, input, paths) => {
    expect(errorPaths(input)).toEqual(paths)
  })

  test('a password in the address of the repository is not published', () => {
    for (const repository of [
      'https://user:token@github.com/x/y',
      'https://token@github.com/x/y',
      'user:token@github.com/x/y',
    ]) {
      expect(errorPaths({ ...VALID, repository }), repository).toEqual(['repository'])
    }
  })
})

describe('ai_tool', () => {
  test.each(['claude-code-v1.0', 'x-v1', 'gpt-5-v2.0.1', 'cursor-v0.45.3.1', '7-v0', 'a--b-v1'])(
    '%s',
    (tool) => {
      expect(errorPaths({ ...VALID, ai_tool: tool })).toEqual([])
    },
  )

  test.each([
    '',
    'claude',
    'claude-1.0',
    'Claude-v1',
    'claude code-v1',
    'claude-v',
    'claude-v1.',
    'claude-v1.x',
    '-v1',
    'claude-v1.0.0.0.0',
    'claude-v1\n',
    'cläude-v1',
    `${'a'.repeat(62)}-v1`,
    'a/b-v1',
    '<b>-v1',
    ' x-v1',
  ])('%j is none', (tool) => {
    expect(errorPaths({ ...VALID, ai_tool: tool })).toEqual(['ai_tool'])
  })
})

describe('a path', () => {
  test.each([
    'a',
    'a/b/c.ts',
    '.env',
    'a.b/..c',
    'a..b',
    'größe.ts',
    '日本/語.ts',
    '😀',
    'a b',
    "it's",
    'ab:c',
    '~',
    '-x',
    '*',
    '%2e%2e/x',
    'x'.repeat(1024),
  ])('%s', (path) => {
    expect(relativePath.safeParse(path).success).toBe(true)
  })

  test.each([
    ['empty', ''],
    ['absolute', '/etc/passwd'],
    ['of a drive', 'C:/x'],
    ['of a drive, in lower case', 'c:x'],
    ['of a network share', '//server/x'],
    ['above', '..'],
    ['beginning above', '../x'],
    ['with .. within', 'a/../b'],
    ['ending in ..', 'a/..'],
    ['with . within', 'a/./b'],
    ['beginning with .', './a'],
    ['a dot', '.'],
    ['with an empty segment', 'a//b'],
    ['of a directory', 'a/'],
    ['with a backslash', 'a\\b'],
    ['above, with backslashes', '..\\x'],
    ['with NUL', 'a\0b'],
    ['with a line break', 'a\nb'],
    ['with a carriage return', 'a\rb'],
    ['with a tab', 'a\tb'],
    ['with an escape', 'a\u001b[31m'],
    ['with DEL', 'a\u007f'],
    ['with a control character of the second block', 'a\u0085b'],
    ['with a line separator', 'a\u2028b'],
    ['with an override of the writing direction', 'a\u202egnp.ts'],
    ['with an isolate of the writing direction', 'a\u2066b'],
    ['in NFD', 'größe.ts'.normalize('NFD')],
    ['with a lone surrogate', 'a\ud83d'],
    ['too long', 'x'.repeat(1025)],
    ['too long in bytes', 'ü'.repeat(513)],
  ])('%s is refused', (_, path) => {
    expect(relativePath.safeParse(path).success).toBe(false)
  })

  test('that is taken is on one line, stays below its folder, and is the same in NFC', () => {
    const segment = fc.oneof(
      fc.constantFrom('..', '.', '', 'a', '\\', 'C:', '\n', '\u0301', 'e'),
      fc.string({ unit: 'binary', maxLength: 3 }),
    )
    const candidate = fc.array(segment, { maxLength: 4 }).map((segments) => segments.join('/'))
    fc.assert(
      fc.property(fc.oneof(candidate, fc.string({ unit: 'binary' })), (path) => {
        if (!relativePath.safeParse(path).success) return
        expect(new URL(`file:///base/${path.split('/').map(encodeURIComponent).join('/')}`).pathname).toMatch(
          /^\/base\/./,
        )
        expect(path).not.toMatch(/[\p{Cc}\\]/u)
        expect(path.normalize('NFC')).toBe(path)
      }),
      { numRuns: 1_000 },
    )
  })
})

test('whatever is taken can be canonicalised', () => {
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.constant('\ud800'))
  fc.assert(
    fc.property(text, text, text, (path, content, language) => {
      const result = issueRequestSchema.safeParse({ ai_tool: 'x-v1', files: [{ path, content }], language })
      if (result.success) expect(() => canonicalText(result.data)).not.toThrow()
    }),
  )
})

test('anything at all is taken or refused, never thrown at', () => {
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.object({ maxDepth: 4 })), (input) => {
      issueRequestSchema.safeParse(input)
    }),
  )
})
