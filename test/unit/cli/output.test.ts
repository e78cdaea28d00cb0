import { expect, it } from 'vitest'
import { clean, openTerminal } from '../../../cli/output.ts'

function colours(isTTY: boolean, env: Record<string, string>): string {
  let written = ''
  const stream = { isTTY, write: (text: string) => (written += text) }
  const terminal = openTerminal(stream, stream, env)
  terminal.print(terminal.paint.red('x'))
  return written
}

it.each([
  [true, {}, '\u001b[31mx\u001b[39m\n'],
  [true, { NO_COLOR: '1' }, 'x\n'],
  [true, { TERM: 'dumb' }, 'x\n'],
  [false, {}, 'x\n'],
])('colours on a terminal %s with %j: %j', (isTTY, env, text) => {
  expect(colours(isTTY, env)).toBe(text)
})

it.each([
  ['plain ü 日本 ✓', 'plain ü 日本 ✓'],
  ['a\u001b[2Jb', 'a[2Jb'],
  ['a\r\nb\tc', 'abc'],
  ['\u009b31m', '31m'],
  ['a\u202eb\u2066c\u200f', 'abc'],
  [3.2, '3.2'],
])('%j is printed as %j', (text, printed) => {
  expect(clean(text)).toBe(printed)
})

it('prints JSON that moves no cursor and says the same', () => {
  let written = ''
  const stream = { write: (text: string) => (written += text) }
  const value = { 'a\u009b2J': ['\u001b[2J', '\u202e\u2066\u200f\u007f\u2028', 'ü 日本'] }
  openTerminal(stream, stream, {}).printJson(value)
  expect(JSON.parse(written)).toEqual(value)
  expect(clean(written)).toBe(written.replaceAll('\n', ''))
})

it.each([
  [true, {}, 'reading\r\u001b[Ksending\r\u001b[Kwarning\nresult\n'],
  [true, { TERM: 'dumb' }, 'warning\nresult\n'],
  [false, {}, 'warning\nresult\n'],
])('progress on a terminal %s with %j: %j', (isTTY, env, text) => {
  let written = ''
  const stream = { isTTY, write: (text: string) => (written += text) }
  const terminal = openTerminal(stream, stream, env)
  terminal.progress('read\u001bing')
  terminal.progress('sending')
  terminal.warn('warning')
  terminal.print('result')
  expect(written).toBe(text)
})
