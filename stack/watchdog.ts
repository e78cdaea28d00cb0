import { type ChildProcess, spawn } from 'node:child_process'

/** SIGINT to a postmaster is its fast shutdown; workerd ends on any. */
const SCRIPT = `
pids=
while read -r command pid; do
  case $command in
    watch) pids="$pids $pid " ;;
    forget) pids=$(printf %s "$pids" | sed "s/ $pid / /g") ;;
    done) exit 0 ;;
  esac
done
for pid in $pids; do kill -INT "$pid" 2>/dev/null; done
`

/** Ends processes that would outlive this one, should it be killed outright. */
export interface Watchdog {
  watch(pid: number): void
  /** To be called when a process has ended in the ordinary way: its number may be given to another. */
  forget(pid: number): void
  /** Ends the watch. */
  dismiss(): void
}

let shared: Watchdog | undefined

/** The one of this process, started when first needed. It ends with the process and need not be dismissed. */
export function processWatchdog(): Watchdog {
  shared ??= startWatchdog()
  return shared
}

/**
 * Starts a shell in its own session that reads process numbers from a pipe. The pipe's end comes when this process
 * ends, in whatever way; the shell then ends what it was told of, unless it was dismissed before.
 */
export function startWatchdog(): Watchdog {
  if (process.platform === 'win32') return { watch: () => {}, forget: () => {}, dismiss: () => {} }
  const shell: ChildProcess = spawn('/bin/sh', ['-c', SCRIPT], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
  })
  shell.unref()
  shell.on('error', () => {})
  const pipe = shell.stdin!
  pipe.on('error', () => {})
  ;(pipe as { unref?: () => void }).unref?.()
  return {
    watch: (pid) => void pipe.write(`watch ${pid}\n`),
    forget: (pid) => void pipe.write(`forget ${pid}\n`),
    dismiss: () => void pipe.end('done\n'),
  }
}
