import { type ExecFileException, execFile } from 'node:child_process'
import { CommandFailure, inputFailure } from '../failure.ts'

/** A working tree, and the environment that git runs in. */
export interface Repository {
  /** Absolute path of the top of the working tree. */
  readonly root: string
  readonly env: NodeJS.ProcessEnv
}

/** A list of 500 changes is far smaller; more than this is a change too large to certify anyway. */
const MAX_GIT_OUTPUT_BYTES = 64 * 1024 * 1024

/**
 * Options before every sub-command. A repository's own fsmonitor is a program, and must not run because
 * someone certified; pathspecs are taken as the names that they are.
 */
export const GIT_OPTIONS = ['--literal-pathspecs', '-c', 'core.fsmonitor=false'] as const

/** There is no repository to ask, or no git to ask it with. */
export class NoRepository extends CommandFailure {
  constructor(message: string, ...details: string[]) {
    super(2, message, { details })
  }
}

/** @throws {NoRepository} when `cwd` is in no working tree, or git is missing */
export async function openRepository(
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Repository> {
  const gitEnv = gitEnvironment(env)
  const found = await execute(cwd, gitEnv, ['rev-parse', '--show-toplevel'])
  if (!found.ok) throw notARepository(found.stderr)
  return { root: found.stdout.toString('utf8').replace(/\n$/, ''), env: gitEnv }
}

/** Runs git, without a shell. @throws {CommandFailure} with git's own words when it fails */
export async function git(repository: Repository, args: readonly string[]): Promise<Buffer> {
  const result = await execute(repository.root, repository.env, args)
  if (result.ok) return result.stdout
  throw inputFailure(`git ${args[0]} failed`, ...lines(result.stderr))
}

/** Runs git for an answer that may be missing. @returns its trimmed text, or null when git fails */
export async function askGit(repository: Repository, args: readonly string[]): Promise<string | null> {
  const result = await execute(repository.root, repository.env, args)
  return result.ok ? result.stdout.toString('utf8').trim() : null
}

type Execution = { ok: true; stdout: Buffer } | { ok: false; stderr: string }

function execute(cwd: string, env: NodeJS.ProcessEnv, args: readonly string[]): Promise<Execution> {
  const options = { cwd, env, encoding: 'buffer', maxBuffer: MAX_GIT_OUTPUT_BYTES } as const
  return new Promise((resolve, reject) => {
    execFile('git', [...GIT_OPTIONS, ...args], options, (error, stdout, stderr) => {
      if (error === null) resolve({ ok: true, stdout })
      else if (typeof error.code === 'number') resolve({ ok: false, stderr: stderr.toString('utf8') })
      else reject(cannotRun(error, cwd))
    })
  })
}

function cannotRun(error: ExecFileException, cwd: string): CommandFailure {
  const code = error.code as string | undefined
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') {
    return inputFailure('the change is too large to certify: git lists more than 64 MiB of changes')
  }
  if (code === 'ENOENT') return new NoRepository(`git was not found (PATH), or ${cwd} does not exist`)
  return inputFailure(`git could not be run: ${code ?? error.signal ?? error.message}`)
}

/** Messages in one language, no prompt, no lock taken, and objects as they are, not as replaced locally. */
function gitEnvironment(env: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  return {
    ...env,
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
  }
}

function notARepository(stderr: string): CommandFailure {
  if (/not a git repository/.test(stderr)) {
    return new NoRepository('this folder is not in a git repository', 'Run it inside one, or: git init')
  }
  if (/must be run in a work tree/.test(stderr)) {
    return inputFailure('this is a bare repository, or the inside of .git: run it in a working tree')
  }
  return inputFailure('git refuses this repository', ...lines(stderr))
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '')
}
