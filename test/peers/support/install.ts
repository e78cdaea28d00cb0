import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import type { Installed, Peers } from './peers.ts'
import { type Ran, run } from './run.ts'

const COSIGN_VERSION = 'v3.1.3'
const COSIGN = `github.com/sigstore/cosign/v3/cmd/cosign@${COSIGN_VERSION}`
const STRIPE_MOCK_VERSION = 'v0.203.0'
const STRIPE_MOCK = `github.com/stripe/stripe-mock@${STRIPE_MOCK_VERSION}`
/** Built from `go/`, so that its `go.mod` says of which version. */
const WITNESS_PROGRAMS = ['litewitness', 'witnessctl'].map((name) => `filippo.io/torchwood/cmd/${name}`)
/** On one slow core; past this the peer counts as one that cannot be installed. */
const INSTALL_TIMEOUT_MS = 1_800_000
const MAX_REASON_LENGTH = 300

const GO_MODULE = path.resolve(import.meta.dirname, '..', 'go')
const REQUIREMENTS = path.resolve(import.meta.dirname, '..', 'moto', 'requirements.txt')

type Say = (line: string) => void

/**
 * Installs every peer into the cache folder with its ordinary package manager, unless it is there already.
 *
 * @param say is told of each peer, and how long its installation took
 */
export async function installPeers(say: Say): Promise<Peers> {
  const cache = process.env['CODERISK_PEERS_CACHE'] || defaultCache()
  mkdirSync(cache, { recursive: true })
  const moto = installMoto(cache, say)
  // One after the other: Go's compiler takes every core.
  const libraries = await installGoPrograms(cache, say)
  const stripeMock = await goInstall(cache, `stripe-mock-${STRIPE_MOCK_VERSION}`, STRIPE_MOCK, say)
  const cosign = await goInstall(cache, `cosign-${COSIGN_VERSION}`, COSIGN, say)
  return {
    openssl: requirePrograms('openssl') ?? { found: true, path: 'openssl' },
    cosign,
    'go libraries': libraries,
    litewitness: requirePrograms('ssh-agent', 'ssh-add', 'ssh-keygen') ?? libraries,
    moto: await moto,
    'stripe-mock': stripeMock,
  }
}

function defaultCache(): string {
  return path.join(process.env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache'), 'coderisk-peers')
}

function goInstall(cache: string, name: string, program: string, say: Say): Promise<Installed> {
  return install(cache, name, say, ['go'], (folder) =>
    run('go', ['install', program], {
      env: { ...process.env, GOBIN: folder },
      timeoutMs: INSTALL_TIMEOUT_MS,
    }),
  )
}

function installGoPrograms(cache: string, say: Say): Promise<Installed> {
  const files = globSync('**/*.{go,mod,sum}', { cwd: GO_MODULE }).sort()
  const name = `go-${fingerprint(files.map((file) => path.join(GO_MODULE, file)))}`
  return install(cache, name, say, ['go'], (folder) =>
    run('go', ['build', '-buildvcs=false', '-o', `${folder}/`, '.', ...WITNESS_PROGRAMS], {
      cwd: GO_MODULE,
      timeoutMs: INSTALL_TIMEOUT_MS,
    }),
  )
}

function installMoto(cache: string, say: Say): Promise<Installed> {
  return install(cache, `moto-${fingerprint([REQUIREMENTS])}`, say, ['python3'], async (folder) => {
    const made = await run('python3', ['-m', 'venv', folder])
    if (made.code !== 0) return made
    // By the interpreter: the scripts of a virtual environment name the folder that it was made in.
    return run(path.join(folder, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '-r', REQUIREMENTS], {
      timeoutMs: INSTALL_TIMEOUT_MS,
    })
  })
}

/** Installs into a folder that gets its name only once it is complete, so that nothing half-made is ever found. */
async function install(
  cache: string,
  name: string,
  say: Say,
  programs: readonly string[],
  work: (folder: string) => Promise<Ran>,
): Promise<Installed> {
  const final = path.join(cache, name)
  if (existsSync(final)) return { found: true, path: final }
  const lacking = requirePrograms(...programs)
  if (lacking !== null) return lacking
  const folder = mkdtempSync(path.join(cache, 'installing-'))
  try {
    const since = performance.now()
    const { code, stderr } = await work(folder)
    if (code !== 0) return { found: false, reason: `not installed: ${lastLine(stderr)}` }
    if (!existsSync(final)) renameSync(folder, final)
    say(`installed ${name} in ${Math.round((performance.now() - since) / 1000)} s`)
    return { found: true, path: final }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @returns why not, when one of the programs is not on the PATH */
function requirePrograms(...names: readonly string[]): Extract<Installed, { found: false }> | null {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter)
  const missing = names.find((name) => !folders.some((folder) => existsSync(path.join(folder, name))))
  return missing === undefined ? null : { found: false, reason: `${missing} is not on the PATH` }
}

function fingerprint(files: readonly string[]): string {
  const hash = createHash('sha256')
  for (const file of files) hash.update(readFileSync(file))
  return hash.digest('hex').slice(0, 16)
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)!.slice(0, MAX_REASON_LENGTH)
}
