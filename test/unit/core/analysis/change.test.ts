import { createTwoFilesPatch } from 'diff'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type FileChange, measureChange, readChange, splitLines } from '../../../../core/analysis/change.ts'
import type { IssueRequest } from '../../../../schema/wire/issue.ts'

type File = NonNullable<IssueRequest['files']>[number]

const request = (files: readonly File[]) => ({ ai_tool: 'x-v1', files }) as unknown as IssueRequest

function read(...files: readonly File[]): readonly FileChange[] {
  const change = readChange(request(files))
  if (!change.ok) throw new Error(JSON.stringify(change.errors))
  return change.files
}

function figures(file: FileChange) {
  return { added: [...file.addedLines], deleted: file.deletedLineCount, known: file.previousKnown }
}

describe('what a file changed', () => {
  test.each<[string, string, string | undefined, object]>([
    ['a new file', 'a\nb\nc\n', undefined, { added: [1, 2, 3], deleted: 0, known: false }],
    ['a new file without a final newline', 'a\nb', undefined, { added: [1, 2], deleted: 0, known: false }],
    ['an empty new file', '', undefined, { added: [], deleted: 0, known: false }],
    ['a blank line', '\n', undefined, { added: [1], deleted: 0, known: false }],
    ['a file that was empty', 'a\n', '', { added: [1], deleted: 0, known: true }],
    ['a file emptied', '', 'a\nb\n', { added: [], deleted: 2, known: true }],
    ['nothing changed', 'a\nb\n', 'a\nb\n', { added: [], deleted: 0, known: true }],
    ['a line altered', 'a\nB\nc\n', 'a\nb\nc\n', { added: [2], deleted: 1, known: true }],
    ['a line put in', 'a\nb\nc\n', 'a\nc\n', { added: [2], deleted: 0, known: true }],
    ['a line taken out', 'a\nc\n', 'a\nb\nc\n', { added: [], deleted: 1, known: true }],
    ['two places', 'A\nb\nC\nd\n', 'a\nb\nc\nd\n', { added: [1, 3], deleted: 2, known: true }],
    ['a repeated line more', 'a\na\na\n', 'a\na\n', { added: [3], deleted: 0, known: true }],
    ['everything', 'x\ny\n', 'a\nb\nc\n', { added: [1, 2], deleted: 3, known: true }],
    ['the line ends', 'a\r\nb\r\n', 'a\nb\n', { added: [1, 2], deleted: 2, known: true }],
  ])('%s', (_, content, previous, expected) => {
    const file = { path: 'a.ts', content, ...(previous === undefined ? {} : { previous_content: previous }) }
    expect(figures(read(file)[0]!)).toEqual(expected)
  })

  test('code alone is a new file under the first path', () => {
    const change = readChange({
      ai_tool: 'x-v1',
      code: 'a\nb\n',
      files_changed: ['src/x.ts', 'y.ts'],
    } as IssueRequest)
    expect(change.ok && change.files.map((file) => [file.path, file.addedLines.size])).toEqual([
      ['src/x.ts', 2],
    ])
  })

  const lines = fc.array(
    fc.constantFrom('a', 'b', 'c', '', '  x', '-', '+a', '\\ No newline', '@@ -1 +1 @@'),
    { maxLength: 20 },
  )
  const text = fc
    .tuple(lines, fc.boolean())
    .map(([all, end]) => all.join('\n') + (end && all.length > 0 ? '\n' : ''))

  test('lines that it did not add are lines of before, in their order', () => {
    fc.assert(
      fc.property(text, text, (previous_content, content) => {
        const { addedLines, deletedLineCount } = read({ path: 'a', content, previous_content })[0]!
        const before = splitLines(previous_content)
        const after = splitLines(content)
        const kept = after.filter((_, index) => !addedLines.has(index + 1))
        expect(before.length - deletedLineCount).toBe(kept.length)
        expect(isSubsequence(kept, before)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test('a unified diff says the same as the content before it', () => {
    fc.assert(
      fc.property(text, text, fc.nat(4), (previous_content, content, context) => {
        fc.pre(previous_content !== content)
        const patch = createTwoFilesPatch('a.ts', 'a.ts', previous_content, content, '', '', { context })
        const [patched] = read({ path: 'a.ts', content, patch })
        expect(figures(patched!)).toEqual(figures(read({ path: 'a.ts', content, previous_content })[0]!))
      }),
      { numRuns: 500 },
    )
  })

  test('many files that were rewritten cost no more than one: they count as rewritten', {
    timeout: 20_000,
  }, () => {
    const content = Array.from({ length: 2_000 }, (_, i) => `new ${i % 7}`).join('\n')
    const previous_content = Array.from({ length: 2_000 }, (_, i) => `old ${i % 5}`).join('\n')
    const files = Array.from({ length: 500 }, (_, i) => ({ path: `${i}.ts`, content, previous_content }))
    expect(measureChange(read(...files), [])).toMatchObject({
      lines_added: 1_000_000,
      lines_deleted: 1_000_000,
    })
  })

  test('many files with a few changed lines each are measured exactly', () => {
    const before = Array.from({ length: 400 }, (_, i) => `line ${i}`)
    const previous_content = before.join('\n')
    const content = before.map((line, i) => (i % 40 === 3 ? `${line} changed` : line)).join('\n')
    const files = Array.from({ length: 500 }, (_, i) => ({ path: `${i}.ts`, content, previous_content }))
    expect(measureChange(read(...files), [])).toMatchObject({ lines_added: 5_000, lines_deleted: 5_000 })
  })

  test('one file of a thousand changed lines is measured exactly', () => {
    const before = Array.from({ length: 5_000 }, (_, i) => `line ${i}`)
    const content = before.map((line, i) => (i % 5 === 3 ? `${line} changed` : line)).join('\n')
    const files = [{ path: 'a.ts', content, previous_content: before.join('\n') }]
    expect(measureChange(read(...files), [])).toMatchObject({ lines_added: 1_000, lines_deleted: 1_000 })
  })
})

describe('a patch', () => {
  const good = '--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-old\n+new\n same\n'

  test('as git writes it', () => {
    const patch = `diff --git a/x b/x\nindex 1111111..2222222 100644\n${good}`
    expect(figures(read({ path: 'x', content: 'new\nsame\n', patch })[0]!)).toEqual({
      added: [1],
      deleted: 1,
      known: true,
    })
  })

  test('that makes a file', () => {
    const patch =
      'diff --git a/x b/x\nnew file mode 100644\n--- /dev/null\n+++ b/x\n@@ -0,0 +1,2 @@\n+a\n+b\n'
    expect(figures(read({ path: 'x', content: 'a\nb\n', patch })[0]!)).toEqual({
      added: [1, 2],
      deleted: 0,
      known: true,
    })
  })

  test.each([
    ['that ends in other content', good.replace('+new', '+newer')],
    ['whose unchanged lines are not there', good.replace(' same', ' other')],
    ['the wrong way round', good.replace('-old\n+new', '-new\n+old')],
    ['without hunks', '--- a/x\n+++ b/x\n'],
    ['of two files', `${good}${good.replaceAll('/x', '/y')}`],
    ['that is empty', ''],
    ['that is prose', 'I changed the first line.'],
    ['with a false count', good.replace('-1,2', '-1,9')],
    ['with a hunk header that is none', good.replace('@@ -1,2 +1,2 @@', '@@ nonsense @@')],
    ['that is binary', 'diff --git a/x b/x\nBinary files a/x and b/x differ\n'],
  ])('%s is an input error at its place', (_, patch) => {
    const change = readChange(
      request([
        { path: 'y', content: 'z\n' },
        { path: 'x', content: 'new\nsame\n', patch },
      ]),
    )
    expect(change.ok ? [] : change.errors.map((error) => error.path)).toEqual(['files[1].patch'])
  })

  test('every bad one is named', () => {
    const files = ['a', 'b', 'c'].map((path) => ({
      path,
      content: 'x\n',
      patch: path === 'b' ? '@@ -1 +1 @@\n-y\n+x\n' : 'bad',
    }))
    const change = readChange(request(files))
    expect(change.ok ? [] : change.errors.map((error) => error.path)).toEqual([
      'files[0].patch',
      'files[2].patch',
    ])
  })

  test('is never thrown at, whatever it is', () => {
    const token = fc.constantFrom(
      '@@ -1,1 +1,1 @@',
      '--- a',
      '+++ b',
      '-x',
      '+y',
      ' x',
      '\\ No newline at end of file',
      'Index: ',
      '\r',
      '\u2028',
      '===',
      '@@ -1,99999999 +1 @@',
      'diff --git "a\\',
      '"',
    )
    fc.assert(
      fc.property(
        fc.array(token, { maxLength: 12 }),
        fc.constantFrom('\n', '\r\n', ''),
        (tokens, separator) => {
          const change = readChange(
            request([{ path: 'x', content: 'x\ny\n', patch: tokens.join(separator) }]),
          )
          if (!change.ok) expect(change.errors[0]!.path).toBe('files[0].patch')
        },
      ),
      { numRuns: 1_000 },
    )
  })
})

describe('measureChange', () => {
  const changed = (added: number, deleted = 0): FileChange => ({
    path: 'x',
    content: '',
    addedLines: new Set(Array.from({ length: added }, (_, i) => i + 1)),
    deletedLineCount: deleted,
    previousKnown: true,
  })

  test.each<[string, string[], object]>([
    ['one at the top', ['a.ts'], { files: 1, directories: 1, subsystems: 1 }],
    ['two at the top', ['a.ts', 'b.ts'], { files: 2, directories: 1, subsystems: 1 }],
    ['two in one directory', ['src/a.ts', 'src/b.ts'], { files: 2, directories: 1, subsystems: 1 }],
    ['a directory and one in it', ['src/a.ts', 'src/x/b.ts'], { files: 2, directories: 2, subsystems: 1 }],
    ['directories of one name', ['a/x/1', 'b/x/1'], { files: 2, directories: 2, subsystems: 2 }],
    ['a directory and a file of one name', ['a/b', 'a'], { files: 2, directories: 2, subsystems: 2 }],
    ['none', [], { files: 0, directories: 0, subsystems: 0 }],
  ])('diffusion: %s', (_, paths, expected) => {
    expect(measureChange([changed(1)], paths)).toMatchObject(expected)
  })

  test.each<[string, FileChange[], number]>([
    ['of one file', [changed(5)], 0],
    ['of two alike', [changed(5), changed(2, 3)], 1],
    ['of four alike', [1, 1, 1, 1].map((n) => changed(n)), 1],
    ['of one and three', [changed(1), changed(3)], 0.8113],
    ['of two files, one untouched', [changed(4), changed(0)], 0],
    ['of nothing', [changed(0), changed(0)], 0],
  ])('entropy %s', (_, files, expected) => {
    expect(measureChange(files, []).entropy).toBe(expected)
  })

  test('entropy is a fraction, whatever the files', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(50), fc.nat(50)), { maxLength: 30 }), (counts) => {
        const { entropy } = measureChange(
          counts.map(([added, deleted]) => changed(added, deleted)),
          [],
        )
        expect(entropy).toBeGreaterThanOrEqual(0)
        expect(entropy).toBeLessThanOrEqual(1)
      }),
    )
  })
})

function isSubsequence(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0
  for (const line of whole) if (line === part[at]) at++
  return at === part.length
}
