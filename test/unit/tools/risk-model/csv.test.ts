import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CsvError, CsvReader, type CsvRow, MAX_ROW_CHARACTERS } from '../../../../tools/risk-model/csv.ts'

function read(...pieces: string[]): CsvRow[] {
  const reader = new CsvReader()
  return [...pieces.flatMap((piece) => [...reader.push(piece)]), ...reader.end()]
}

function cells(text: string): (readonly string[])[] {
  return read(text).map((row) => row.cells)
}

test.each([
  ['nothing', '', []],
  [
    'LF',
    'a,b\nc,d\n',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  [
    'no line end at the end',
    'a,b\nc,d',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  [
    'CRLF',
    'a,b\r\nc,d\r\n',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  ['byte order mark', '\uFEFFa\n', [['a']]],
  ['byte order mark before a quote', '\uFEFF"a"\n', [['a']]],
  ['a byte order mark elsewhere is text', 'a\n\uFEFFb\n', [['a'], ['\uFEFFb']]],
  [
    'empty cells',
    ',\n,',
    [
      ['', ''],
      ['', ''],
    ],
  ],
  ['blank line', 'a\n\nb\n', [['a'], [''], ['b']]],
  ['quotes', '"a","b"\n', [['a', 'b']]],
  [
    'quotes before CRLF',
    '"a","b"\r\n"c",d\r\n',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  ['quotes at the end', 'a,"b"', [['a', 'b']]],
  ['empty quotes', '"",""', [['', '']]],
  ['a comma in quotes', '"a,b",c', [['a,b', 'c']]],
  ['line ends in quotes', '"a\nb\r\nc",d', [['a\nb\r\nc', 'd']]],
  ['doubled quotes', '"say ""yes""",b', [['say "yes"', 'b']]],
  ['a quote in the middle', 'a 5" disc,b', [['a 5" disc', 'b']]],
  ['carriage returns after a quote', '"a"\r\r\nb\n', [['a'], ['b']]],
  ['a carriage return in the middle', 'a\rb,c', [['a\rb', 'c']]],
] as [string, string, string[][]][])('%s', (_, text, expected) => {
  expect(cells(text)).toEqual(expected)
})

test('says on which line each row begins', () => {
  expect(read('a\n"b\nb\nb"\n\nc').map((row) => row.line)).toEqual([1, 2, 5, 6])
})

describe('no CSV', () => {
  test.each([
    ['a quote not closed', 'a\nb,"c\nd\n', 'line 2: a quoted cell is not closed'],
    ['text after a quote', 'a\n"b"c\n', 'line 2: text follows a closing quote'],
    ['a row without end', `a\n"${'x'.repeat(MAX_ROW_CHARACTERS)}`, `line 2: a row of more than`],
    ['a row of commas alone', `a\n${','.repeat(MAX_ROW_CHARACTERS + 1)}`, `line 2: a row of more than`],
  ])('%s', (_, text, message) => {
    expect(() => cells(text)).toThrow(CsvError)
    expect(() => cells(text)).toThrow(message)
  })

  test('the limit is of a row and not of the input', () => {
    const row = `${'x'.repeat(MAX_ROW_CHARACTERS / 2)}\n`
    expect(cells(row.repeat(4))).toHaveLength(4)
  })
})

describe('for any text', () => {
  const text = fc.array(fc.constantFrom('a', '1', ',', '"', '\n', '\r', '\r\n', '\uFEFF', 'é', '""'), {
    maxLength: 60,
  })

  test('reads what was written', () => {
    const cell = fc
      .array(fc.constantFrom('a', ',', '"', '\n', '\r', ' ', '\u{1F600}'))
      .map((parts) => parts.join(''))
    const rows = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 5 })
    fc.assert(
      fc.property(rows, fc.constantFrom('\n', '\r\n'), (table, lineEnd) => {
        const quote = (value: string) => `"${value.replaceAll('"', '""')}"`
        const written = table.map((row) => row.map(quote).join(',') + lineEnd).join('')
        expect(cells(written)).toEqual(table)
      }),
    )
  })

  test('it does not matter where it is cut, and nothing is thrown but CsvError', () => {
    const outcome = (...pieces: string[]) => {
      try {
        return read(...pieces)
      } catch (error) {
        expect(error).toBeInstanceOf(CsvError)
        return String(error)
      }
    }
    fc.assert(
      fc.property(text, (parts) => {
        const whole = parts.join('')
        expect(outcome(...whole)).toEqual(outcome(whole))
      }),
      { numRuns: 2_000 },
    )
  })
})
