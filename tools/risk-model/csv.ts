export interface CsvRow {
  /** The line, from 1, that the row begins on. */
  readonly line: number
  readonly cells: readonly string[]
}

/** Input that is no CSV. */
export class CsvError extends Error {
  /** From 1. */
  readonly line: number

  constructor(line: number, problem: string) {
    super(`line ${line}: ${problem}`)
    this.line = line
  }
}

/** A quote that nobody closes would otherwise hold all of the input. */
export const MAX_ROW_CHARACTERS = 1_000_000

const BYTE_ORDER_MARK = '\uFEFF'

/**
 * Reads CSV (RFC 4180) that comes in pieces, cut anywhere: cells between commas, in quotes where they hold commas, line
 * ends or doubled quotes; lines ended by LF or CRLF, the last one by the end of the input too. A byte order mark is
 * passed over. A quote inside a cell that does not begin with one stands for itself.
 *
 * Give it each piece with `push` and then call `end`; both yield the rows that are whole by then, and throw `CsvError`
 * after those before the mistake.
 */
export class CsvReader {
  #line = 1
  #rowLine = 1
  #rowCharacters = 0
  #cells: string[] = []
  #cell = ''
  #state: 'begin' | 'plain' | 'quoted' | 'closed' = 'begin'
  #first = true;

  *push(piece: string): Generator<CsvRow> {
    const text = this.#first && piece.startsWith(BYTE_ORDER_MARK) ? piece.slice(1) : piece
    if (piece !== '') this.#first = false
    for (let at = 0; at < text.length; ) {
      const end = this.#state === 'quoted' ? quotedEnd(text, at) : plainEnd(text, at)
      if (end > at) this.#take(text.slice(at, end))
      at = end + 1
      if (end === text.length) break
      if (text[end] === '\n' && this.#state !== 'quoted') yield this.#finishRow(1)
      else this.#meet(text[end]!)
    }
  }

  *end(): Generator<CsvRow> {
    if (this.#state === 'quoted') throw new CsvError(this.#rowLine, 'a quoted cell is not closed')
    if (this.#rowCharacters > 0) yield this.#finishRow(0)
  }

  /** Characters that end nothing. */
  #take(text: string): void {
    this.#count(text.length)
    if (this.#state === 'closed') {
      if (text.replaceAll('\r', '') !== '') throw new CsvError(this.#line, 'text follows a closing quote')
      return
    }
    if (this.#state === 'begin') this.#state = 'plain'
    this.#cell += text
  }

  /** A comma or a quote; in a quoted cell, a line end or a quote. */
  #meet(character: string): void {
    this.#count(1)
    if (character === '"') this.#meetQuote()
    else if (character === ',') this.#finishCell()
    else {
      this.#cell += character
      this.#line++
    }
  }

  #meetQuote(): void {
    if (this.#state === 'begin') this.#state = 'quoted'
    else if (this.#state === 'quoted') this.#state = 'closed'
    else {
      this.#cell += '"'
      // The second of two: the cell goes on.
      if (this.#state === 'closed') this.#state = 'quoted'
    }
  }

  #finishCell(): void {
    this.#cells.push(this.#cell)
    this.#cell = ''
    this.#state = 'begin'
  }

  #finishRow(lineEnds: 0 | 1): CsvRow {
    if (this.#state === 'plain' && this.#cell.endsWith('\r')) this.#cell = this.#cell.slice(0, -1)
    this.#finishCell()
    const row = { line: this.#rowLine, cells: this.#cells }
    this.#cells = []
    this.#line += lineEnds
    this.#rowLine = this.#line
    this.#rowCharacters = 0
    return row
  }

  #count(characters: number): void {
    this.#rowCharacters += characters
    if (this.#rowCharacters > MAX_ROW_CHARACTERS) {
      throw new CsvError(this.#rowLine, `a row of more than ${MAX_ROW_CHARACTERS} characters`)
    }
  }
}

function plainEnd(text: string, from: number): number {
  let at = from
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    // , LF "
    if (code === 44 || code === 10 || code === 34) break
  }
  return at
}

function quotedEnd(text: string, from: number): number {
  let at = from
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 10 || code === 34) break
  }
  return at
}
