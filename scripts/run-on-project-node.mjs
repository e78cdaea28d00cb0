import { fork } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const here = path.dirname(fileURLToPath(import.meta.url))
const root = path.resolve(here, '..')
const PARENT_POLL_MS = 500

/**
 * Runs one of the project's TypeScript files with the project's Node, and ends as it ends.
 *
 * Signals are passed on, and this process waits until the child has ended. If this process dies, however it dies,
 * the child is told (follow-parent.mjs).
 *
 * @param {string} file path of the file, relative to the project
 * @param {string[]} args
 */
export function runOnProjectNode(file, args) {
  const modules = path.join(root, 'node_modules')
  const binary = path.join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (!existsSync(binary)) {
    console.error(`The dependencies are not installed: run \`npm ci\` in ${root}.`)
    process.exit(1)
  }
  const child = fork(path.join(root, file), args, {
    execPath: realpathSync(binary),
    execArgv: ['--import', pathToFileURL(path.join(here, 'follow-parent.mjs')).href],
    env: { ...process.env, PATH: `${path.join(modules, '.bin')}${path.delimiter}${process.env.PATH ?? ''}` },
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  passSignals(child)
  watchNpm(child)
  child.on('error', (error) => {
    console.error(`Could not run ${binary}: ${error.message}`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => {
    process.exit(signal === null ? (code ?? 1) : 128 + (os.constants.signals[signal] ?? 0))
  })
}

function passSignals(child) {
  // A terminal sends SIGINT to the child as well, others only to us: the child may get it twice.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) {
    process.on(signal, () => child.kill(signal))
  }
}

/** npm killed outright cannot pass the signal on; being given to another parent is the sign of it. */
function watchNpm(child) {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) child.kill('SIGTERM')
  }, PARENT_POLL_MS).unref()
}
