import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { FEATURE_NAMES, type FeatureName } from '../../core/analysis/risk/model.ts'

export interface Commit {
  /** Seconds since 1970. */
  readonly date: number
  /** Whether SZZ traced a later fix back to it. */
  readonly bug: boolean
  /** `fix` is 0 or 1. */
  readonly features: Readonly<Record<FeatureName, number>>
}

export interface Project {
  readonly name: string
  /** Oldest first. */
  readonly commits: readonly Commit[]
}

const SUFFIX = '.csv.gz'

/**
 * Reads each `PROJECT.csv.gz` of a directory, in the order of their names: gzip, a header line, then numbers without
 * quotes. Other columns than `date`, `bug` and the features are passed over.
 *
 * @throws {Error} that names file and line of what is no such file
 */
export function readDataset(directory: string): Project[] {
  const files = readdirSync(directory)
    .filter((file) => file.endsWith(SUFFIX))
    .sort()
  if (files.length === 0) throw new Error(`${directory} holds no *${SUFFIX}`)
  return files.map((file) => {
    const text = gunzipSync(readFileSync(path.join(directory, file))).toString('utf8')
    const commits = readCommits(text, file).sort((a, b) => a.date - b.date)
    return { name: file.slice(0, -SUFFIX.length), commits }
  })
}

function readCommits(text: string, file: string): Commit[] {
  const [header, ...lines] = text.trimEnd().split(/\r?\n/)
  const names = header!.split(',')
  for (const name of ['date', 'bug', ...FEATURE_NAMES]) {
    if (!names.includes(name)) throw new Error(`${file} has no column ${name}`)
  }
  return lines.map((line, index) => {
    const cells = line.split(',').map((cell) => (cell === '' ? Number.NaN : Number(cell)))
    const of = (name: string) => cells[names.indexOf(name)] ?? Number.NaN
    const features = Object.fromEntries(FEATURE_NAMES.map((name) => [name, of(name)])) as Commit['features']
    const values = [of('date'), of('bug'), ...Object.values(features)]
    if (!values.every((value) => value >= 0)) throw new Error(`${file}:${index + 2} is not a row of numbers`)
    return { date: of('date'), bug: of('bug') > 0, features }
  })
}
