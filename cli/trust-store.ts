import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import type { JWK } from 'jose'
import { inputFailure } from './failure.ts'

/** The network root key: a public Ed25519 key (RFC 8037). */
export type RootKey = JWK & { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string }

/** What this user trusts: `trust.json` in the user's configuration folder. */
export interface TrustStore {
  readonly root_key?: RootKey
  /** Per root key (its thumbprint) the highest trust root that was accepted: an older one is a rollback. */
  readonly highest_versions: Readonly<Record<string, number>>
}

type Environment = Readonly<Record<string, string | undefined>>

/** A path in the user's configuration folder (XDG Base Directory). */
export function configurationFile(env: Environment, name: string): string {
  return join(env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config'), 'coderisk', name)
}

/** @throws {CommandFailure} when the file is there and damaged: going on would forget what was pinned */
export async function readTrustStore(env: Environment): Promise<TrustStore> {
  const file = configurationFile(env, 'trust.json')
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw inputFailure(`${file} cannot be read (${error.code})`)
  })
  if (text === null) return { highest_versions: {} }
  try {
    const { root_key, highest_versions = {} } = JSON.parse(text)
    return { highest_versions, ...(root_key === undefined ? {} : { root_key: checkRootKey(root_key) }) }
  } catch {
    throw inputFailure(`${file} is damaged`, 'Remove it, and pin the root key again: coderisk help trust')
  }
}

/** Replaces the store in one step, readable by this user alone. */
export async function writeTrustStore(env: Environment, store: TrustStore): Promise<void> {
  await writeFileAtomically(configurationFile(env, 'trust.json'), `${JSON.stringify(store, null, 2)}\n`)
}

export async function writeFileAtomically(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await writeFile(temporary, text, { mode: 0o600 })
  await rename(temporary, file)
}

/** Never lowers a version. */
export function rememberVersion(store: TrustStore, rootKey: RootKey, version: number): TrustStore {
  const thumbprint = rootKeyThumbprint(rootKey)
  const highest = Math.max(version, store.highest_versions[thumbprint] ?? 0)
  return { ...store, highest_versions: { ...store.highest_versions, [thumbprint]: highest } }
}

/** SHA-256 JWK thumbprint (RFC 7638), base64url. */
export function rootKeyThumbprint({ crv, kty, x }: RootKey): string {
  return createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url')
}

/** The root key to trust: given with the command or in CODERISK_ROOT_KEY, else the pinned one. */
export async function findRootKey(
  option: string | undefined,
  env: Environment,
  store: TrustStore,
): Promise<RootKey | null> {
  const given = option ?? (env.CODERISK_ROOT_KEY || undefined)
  return given === undefined ? (store.root_key ?? null) : readRootKey(given)
}

/** @param source a file, or the JWK itself */
async function readRootKey(source: string): Promise<RootKey> {
  const text = source.trimStart().startsWith('{')
    ? source
    : await readFile(source, 'utf8').catch(() => {
        throw inputFailure(`the root key file ${source} cannot be read`)
      })
  try {
    return checkRootKey(JSON.parse(text))
  } catch {
    throw inputFailure('the root key is not a public Ed25519 key in JWK form')
  }
}

/** @returns only the members that make the key. @throws {TypeError} for any other key, and for a private one */
export function checkRootKey(value: unknown): RootKey {
  const key = value as Partial<RootKey> | null
  if (key?.kty !== 'OKP' || key.crv !== 'Ed25519' || typeof key.x !== 'string' || 'd' in key) {
    throw new TypeError('not a public Ed25519 key')
  }
  if (Buffer.from(key.x, 'base64url').length !== 32) throw new TypeError('not 32 bytes')
  return { kty: 'OKP', crv: 'Ed25519', x: key.x }
}
