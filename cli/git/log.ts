import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { askGit, type Repository } from './run.ts'
import { type StreamEnd, streamGit } from './stream.ts'

/** A commit as `git log` lists it. */
export interface LoggedCommit {
  readonly id: string
  /** Seconds since 1970; of a crafted commit any number. */
  readonly committedAt: number
  /** As git stores them: bytes. Of a commit with more than `maxPaths`, that many and one. */
  readonly paths: readonly Buffer[]
}

const MAX_LOG_BYTES = 64 * 1024 * 1024
/** Git itself makes no longer path; a crafted tree may. */
const MAX_FIELD_BYTES = 64 * 1024
/** A NUL, the id and time, a NUL; then a line feed and the paths, each with a NUL (`git log -z`). No path is empty. */
const FORMAT = '--format=%x00%H %ct'

/**
 * Reads the log from a commit backwards, newest first and without merges, each commit with the paths that it
 * changed. Renames are a name that goes and one that comes.
 *
 * @param limits commits to read, and paths of one commit to keep
 * @param take false ends the reading
 */
export async function readLog(
  repository: Repository,
  from: string,
  limits: { readonly commits: number; readonly paths: number },
  take: (commit: LoggedCommit) => boolean,
): Promise<StreamEnd> {
  const reader = new LogReader(limits.paths, take)
  const end = await streamGit(
    repository,
    [
      ...['-c', 'log.showSignature=false', '-c', 'log.showRoot=true', 'log', '-z', FORMAT],
      ...['--name-only', '--no-renames', '--no-merges', '--no-relative', '--no-notes', '--no-color'],
      ...['-n', String(limits.commits), '--end-of-options', from],
    ],
    (chunk) => reader.read(chunk),
  )
  return end === 'whole' && !reader.finish() ? 'stopped' : end
}

/** The commits at which a shallow clone ends: their parents, and so what they changed, are not known. */
export async function shallowBoundary(repository: Repository): Promise<ReadonlySet<string> | null> {
  if ((await askGit(repository, ['rev-parse', '--is-shallow-repository'])) !== 'true') return null
  const file = await askGit(repository, ['rev-parse', '--git-path', 'shallow'])
  const text = await readFile(resolve(repository.root, file ?? ''), 'latin1').catch(() => '')
  return new Set(text.split('\n').filter((line) => line !== ''))
}

/** Takes the output of `git log` in pieces, cut anywhere. */
export class LogReader {
  readonly #maxPaths: number
  readonly #take: (commit: LoggedCommit) => boolean
  #rest: Buffer = Buffer.alloc(0)
  #total = 0
  #headerNext = false
  #commit: { id: string; committedAt: number; paths: Buffer[] } | null = null

  /** @param take gets each commit; false ends the reading */
  constructor(maxPaths: number, take: (commit: LoggedCommit) => boolean) {
    this.#maxPaths = maxPaths
    this.#take = take
  }

  /** @returns false when enough was read */
  read(chunk: Buffer): boolean {
    this.#total += chunk.length
    const data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let start = 0
    for (let end = data.indexOf(0); end !== -1; end = data.indexOf(0, start)) {
      if (!this.#field(data.subarray(start, end))) return false
      start = end + 1
    }
    this.#rest = data.subarray(start)
    return this.#rest.length <= MAX_FIELD_BYTES && this.#total <= MAX_LOG_BYTES
  }

  /** The output has ended: the last commit is whole. */
  finish(): boolean {
    const commit = this.#commit
    this.#commit = null
    return commit === null || this.#take(commit)
  }

  #field(field: Buffer): boolean {
    if (this.#headerNext) {
      this.#headerNext = false
      const [id = '', seconds = ''] = field.toString('latin1').split(' ')
      this.#commit = { id, committedAt: Number(seconds), paths: [] }
    } else if (field.length === 0) {
      this.#headerNext = true
      return this.finish()
    } else if (this.#commit !== null && this.#commit.paths.length <= this.#maxPaths) {
      const isFirst = this.#commit.paths.length === 0
      this.#commit.paths.push(isFirst ? field.subarray(1) : field)
    }
    return true
  }
}
