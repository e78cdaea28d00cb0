import { spawn } from 'node:child_process'

export interface Ran {
  /** 0 when it succeeded; null when it was ended because it took too long. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly input?: string | Uint8Array
  readonly cwd?: string
  /** In place of this process's own environment. */
  readonly env?: NodeJS.ProcessEnv
  readonly timeoutMs?: number
}

const TIMEOUT_MS = 100_000

/** Runs a program to its end. A program that cannot be started has code 127, as in a shell. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: 'pipe',
    timeout: options.timeoutMs ?? TIMEOUT_MS,
    killSignal: 'SIGKILL',
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  // A program that does not read its input may be gone before it is written.
  child.stdin.on('error', () => {})
  child.stdin.end(options.input ?? '')
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: 127, stdout, stderr: error.message }))
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}
