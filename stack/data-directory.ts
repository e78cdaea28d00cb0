import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { identify, isAlive, type ProcessIdentity } from './processes.ts'
import { StackError } from './stack-error.ts'

const FORMAT = 1
const POSTGRES_MAJOR = 18
const PRIVATE = 0o600

/** What other tools read in `stack.json` while the network runs. */
export interface StackFile {
  readonly base_url: string
  readonly api_key: string
  readonly operator_key: string
  readonly database_url: string
  readonly organisation_id: string
  readonly pid: number
}

export interface DataDirectory {
  readonly path: string
  file(name: string): string
  readJson<T>(name: string): T | undefined
  writeJson(name: string, value: unknown): void
  remove(name: string): void
  /** Lets another process have it. */
  release(): void
}

/** `.coderisk/` of this project. */
export function defaultDataDirectory(): string {
  return path.resolve(import.meta.dirname, '..', '.coderisk')
}

/** As the person typed it: npm runs scripts elsewhere than where it was called. */
export function resolveDataDirectory(typed: string): string {
  return path.resolve(process.env.INIT_CWD ?? process.cwd(), typed)
}

/**
 * Opens a data directory for this process alone, creating it if need be.
 *
 * @throws {StackError} when another network runs on it, or it is of another version, or is something else
 */
export function openDataDirectory(directory: string): DataDirectory {
  const data = path.resolve(directory)
  try {
    mkdirSync(data, { recursive: true })
    refuseForeignFolder(data)
  } catch (error) {
    if (error instanceof StackError) throw error
    throw new StackError(
      `${data} cannot be used: ${(error as Error).message}. Choose another with --data DIR.`,
    )
  }
  const lock = path.join(data, 'lock')
  takeLock(data, lock)
  try {
    checkVersion(data)
  } catch (error) {
    rmSync(lock, { force: true })
    throw error
  }
  const file = (name: string) => path.join(data, name)
  return {
    path: data,
    file,
    readJson: (name) => readJson(file(name)),
    writeJson: (name, value) => writeAtomically(file(name), `${JSON.stringify(value, null, 2)}\n`),
    remove: (name) => rmSync(file(name), { force: true, recursive: true }),
    release: () => rmSync(lock, { force: true }),
  }
}

export function readJson<T>(file: string): T | undefined {
  if (!existsSync(file)) return undefined
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T
  } catch (error) {
    throw new StackError(`${file} is damaged: restore it, or start with another --data DIR.`, {
      cause: error,
    })
  }
}

/** Readers see the old file or the new one, and nobody else sees either. */
function writeAtomically(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.new`
  writeFileSync(temporary, text, { mode: PRIVATE, flush: true })
  renameSync(temporary, file)
}

/** A mistyped --data must not fill somebody's folder with a database. */
function refuseForeignFolder(data: string): void {
  const known = (name: string) => /^(version|lock|secrets\.json|postgresql|.*\.log|.*\.new)/.test(name)
  if (existsSync(path.join(data, 'version')) || readdirSync(data).every(known)) return
  throw new StackError(
    `${data} holds other things than our data: choose an empty or a new folder with --data DIR.`,
  )
}

function takeLock(data: string, lock: string): void {
  const mine = JSON.stringify(identify(process.pid))
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(lock, mine, { flag: 'wx', mode: PRIVATE })
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw new StackError(`${data} cannot be written: ${(error as Error).message}.`)
      }
    }
    const holder = readLock(lock)
    if (holder !== undefined && isAlive(holder)) {
      throw new StackError(
        `The network already runs on ${data} (process ${holder.pid}): stop it, or start this one with another --data DIR and --port.`,
      )
    }
    unlinkSync(lock)
  }
  throw new StackError(`Another start is taking ${data} at this moment: try again.`)
}

function readLock(lock: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(lock, 'utf8')) as ProcessIdentity
  } catch {
    // Written by a process that died half-way, or gone by now.
    return undefined
  }
}

function checkVersion(data: string): void {
  const file = path.join(data, 'version')
  const version = readJson<{ format?: unknown; postgres_major?: unknown }>(file)
  const clusterVersion = path.join(data, 'postgresql', 'PG_VERSION')
  const major = existsSync(clusterVersion) ? Number(readFileSync(clusterVersion, 'utf8')) : POSTGRES_MAJOR
  const format = version === undefined ? FORMAT : version.format
  const recordedMajor = version === undefined ? POSTGRES_MAJOR : version.postgres_major
  if (format !== FORMAT || recordedMajor !== POSTGRES_MAJOR || major !== POSTGRES_MAJOR) {
    throw new StackError(
      `${data} was made by another version (format ${format}, PostgreSQL ${major === POSTGRES_MAJOR ? recordedMajor : major}; this one needs format ${FORMAT}, PostgreSQL ${POSTGRES_MAJOR}): use that version, or start with another --data DIR.`,
    )
  }
  if (version === undefined) {
    writeAtomically(file, `${JSON.stringify({ format: FORMAT, postgres_major: POSTGRES_MAJOR })}\n`)
  }
}
