// Reads changes as CSV from standard input and prints the probability that each induces a bug, one to a line, with the
// shipped model: `npm run -s risk:score < features.csv`. docs/risk-model.md says what the columns mean.
import { once } from 'node:events'
import { type ChangeFeatures, predict } from '../../core/analysis/risk/model.ts'
import { CsvError, CsvReader, type CsvRow } from './csv.ts'

const NUMBERS = ['la', 'ld', 'nf', 'nd', 'ns', 'entropy'] as const
const DIGITS = 6
const EXIT_MALFORMED = 2
const NUMBER = /^\+?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i
const FIX: Readonly<Record<string, boolean>> = {
  '0': false,
  '0.0': false,
  false: false,
  '1': true,
  '1.0': true,
  true: true,
}

/** Where the features stand in a row. */
interface Columns {
  readonly count: number
  readonly numbers: readonly number[]
  /** Null without such a column. */
  readonly fix: number | null
}

let columns: Columns | null = null
let blankLine: number | null = null

// Whoever reads the output may stop before its end.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})
try {
  const reader = new CsvReader()
  process.stdin.setEncoding('utf8')
  for await (const piece of process.stdin) await print(reader.push(piece))
  await print(reader.end())
  if (columns === null) throw new CsvError(1, 'there is no header')
} catch (error) {
  if (!(error instanceof CsvError)) throw error
  console.error(error.message)
  process.exitCode = EXIT_MALFORMED
}

/** Rows before a malformed one are printed all the same. */
async function print(rows: Iterable<CsvRow>): Promise<void> {
  let output = ''
  try {
    for (const row of rows) output += scoreRow(row)
  } finally {
    if (output !== '' && !process.stdout.write(output)) await once(process.stdout, 'drain')
  }
}

function scoreRow({ line, cells }: CsvRow): string {
  if (cells.length === 1 && cells[0]!.trim() === '') {
    blankLine ??= line
    return ''
  }
  // Passing over a blank line in between would put each later probability beside the wrong row.
  if (blankLine !== null) throw new CsvError(blankLine, 'is empty, and others follow')
  if (columns === null) {
    columns = readHeader(line, cells)
    return ''
  }
  return `${predict(readFeatures(line, cells, columns)).probability.toFixed(DIGITS)}\n`
}

function readHeader(line: number, cells: readonly string[]): Columns {
  const names = cells.map((cell) => cell.trim().toLowerCase())
  const find = (name: string) => {
    const index = names.indexOf(name)
    if (index !== names.lastIndexOf(name)) throw new CsvError(line, `the column ${name} is there twice`)
    return index
  }
  const numbers = NUMBERS.map(find)
  const missing = NUMBERS.filter((_, index) => numbers[index] === -1)
  if (missing.length > 0) throw new CsvError(line, `the header lacks ${missing.join(', ')}`)
  const fix = find('fix')
  return { count: cells.length, numbers, fix: fix === -1 ? null : fix }
}

function readFeatures(
  line: number,
  cells: readonly string[],
  { count, numbers, fix }: Columns,
): ChangeFeatures {
  if (cells.length !== count) {
    throw new CsvError(line, `has ${cells.length} cells where the header has ${count}`)
  }
  const [la, ld, nf, nd, ns, entropy] = numbers.map((index, i) =>
    readNumber(line, NUMBERS[i]!, cells[index]!),
  )
  return {
    la: la!,
    ld: ld!,
    nf: nf!,
    nd: nd!,
    ns: ns!,
    entropy: entropy!,
    fix: fix === null ? null : readFix(line, cells[fix]!),
  }
}

function readNumber(line: number, name: string, cell: string): number {
  const text = cell.trim()
  if (!NUMBER.test(text)) throw new CsvError(line, `${name} is not a number of 0 or more`)
  return Number(text)
}

function readFix(line: number, cell: string): boolean | null {
  const text = cell.trim().toLowerCase()
  if (text === '') return null
  if (!Object.hasOwn(FIX, text)) throw new CsvError(line, 'fix is none of 0, 1, true, false and empty')
  return FIX[text]!
}
