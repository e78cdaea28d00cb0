import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const lockFile = path.join(root, 'package-lock.json')
const installedFile = path.join(root, 'node_modules', '.package-lock.json')
const markFile = path.join(root, 'node_modules', '.cache', 'coderisk', 'installed')

/**
 * Installs the locked dependencies if they are missing or not the locked ones.
 *
 * @returns {boolean} whether they are there now; if not, one line has said why
 */
export function installDependencies() {
  if (inStep()) return true
  console.error('Installing the locked dependencies (npm ci); this takes about a minute.')
  const npm = npmCommand()
  const flags = ['ci', '--no-audit', '--no-fund', '--loglevel=error', '--no-progress']
  const result = spawnSync(npm.command, [...npm.args, ...flags], {
    cwd: root,
    env: { ...process.env, npm_config_update_notifier: 'false', NODE_ENV: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    shell: npm.shell,
  })
  if (result.status === 0 && existsSync(path.join(root, 'node_modules', 'node', 'package.json'))) {
    remember()
    return true
  }
  process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`)
  console.error(
    `Installing failed (${result.error?.message ?? `npm ci ended with ${result.signal ?? result.status}`}): ` +
      'see above, then run the command again.',
  )
  return false
}

/** npm's record of what it installed says the same as package-lock.json; read only when a file has changed. */
function inStep() {
  if (!existsSync(installedFile) || !existsSync(projectNode())) return false
  const stamp = fingerprint()
  if (existsSync(markFile) && readFileSync(markFile, 'utf8') === stamp) return true
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages
  const locked = JSON.parse(readFileSync(lockFile, 'utf8')).packages
  for (const [where, entry] of Object.entries(locked)) {
    if (where === '' || entry.link) continue
    const present = installed[where]
    // What is optional may be for another platform, and then is rightly absent.
    if (present === undefined ? !entry.optional : present.version !== entry.version) return false
    if (present !== undefined && present.integrity !== entry.integrity) return false
  }
  for (const where of Object.keys(installed)) if (locked[where] === undefined) return false
  remember()
  return true
}

function projectNode() {
  const folder = path.join(root, 'node_modules', 'node', 'bin')
  return path.join(folder, process.platform === 'win32' ? 'node.exe' : 'node')
}

function fingerprint() {
  return [lockFile, installedFile].map((file) => `${statSync(file).mtimeMs}:${statSync(file).size}`).join(' ')
}

function remember() {
  try {
    mkdirSync(path.dirname(markFile), { recursive: true })
    writeFileSync(markFile, fingerprint())
  } catch {
    // A read-only checkout: the comparison is made each time.
    rmSync(markFile, { force: true })
  }
}

/** The npm that runs us if there is one, so that it uses the same Node; else the one on PATH. */
function npmCommand() {
  const script = process.env.npm_execpath
  if (script !== undefined && /npm-cli\.[cm]?js$/.test(script)) {
    return { command: process.execPath, args: [script], shell: false }
  }
  return { command: 'npm', args: [], shell: process.platform === 'win32' }
}
