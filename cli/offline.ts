import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type OpenedTrustRoot, openTrustRoot, parseStrictJson, type TrustRoot } from '../core/verify/index.ts'
import type { CommandContext } from './command.ts'
import { inputFailure } from './failure.ts'
import { inWords } from './reports/words.ts'
import {
  configurationFile,
  findRootKey,
  type RootKey,
  readTrustStore,
  rememberVersion,
  rootKeyThumbprint,
  type TrustStore,
  writeFileAtomically,
  writeTrustStore,
} from './trust-store.ts'

/** The saved trust root's name in the user's configuration folder. */
export const TRUST_ROOT_FILE = 'trust-root.json'

/** Options of every command that needs a trust root. */
export interface TrustOptions {
  readonly 'trust-root'?: string | undefined
  readonly 'root-key'?: string | undefined
}

/** A saved trust root, opened or refused, and the root key that it had to be signed by. */
export interface PinnedTrustRoot {
  readonly opened: OpenedTrustRoot
  readonly rootKey: RootKey
}

/**
 * Opens the saved trust root with the root key that is given or pinned, and remembers its version.
 *
 * @throws {CommandFailure} (exit code 2) when there is no root key, or no saved trust root
 */
export async function openPinnedTrustRoot(
  options: TrustOptions,
  context: CommandContext,
): Promise<PinnedTrustRoot> {
  const { env, now, terminal } = context
  const { store, rootKey } = await requireRootKey(options, context)
  const text = await readTrustRootFile(options, context)
  const opened = await openTrustRootText(text, rootKey, store, now)
  if (opened.ok) {
    await remember(env, rememberVersion(store, rootKey, opened.trustRoot.version), store, terminal.warn)
  }
  return { opened, rootKey }
}

/** What is trusted before a bundle is opened. */
export interface HeldTrust {
  readonly rootKey: RootKey
  /** The highest version that was accepted so far. */
  readonly minimumVersion: number
  /** The newest that is here; null where there is none. */
  readonly trustRoot: TrustRoot | null
}

/**
 * The newest trust root that the pinned root key signed: the saved one, or one of those that came with bundles. It is
 * remembered, and saved where the saved one is older, so that what is learnt from one bundle counts for all others.
 *
 * @param offered signed trust roots, as they were received
 * @throws {CommandFailure} (exit code 2) when there is no root key, or the file of `--trust-root` is refused
 */
export async function holdNewestTrustRoot(
  offered: readonly unknown[],
  options: TrustOptions,
  context: CommandContext,
): Promise<HeldTrust> {
  const { env, now, terminal } = context
  const { store, rootKey } = await requireRootKey(options, context)
  const minimumVersion = store.highest_versions[rootKeyThumbprint(rootKey)] ?? 0
  const saved = await openSaved(options, rootKey, store, context)
  let newest = saved?.ok ? saved.trustRoot : null
  let newestJws: unknown = null
  for (const jws of offered) {
    const opened = await openTrustRoot(jws, rootKey, { now, minimumVersion })
    if (!opened.ok || opened.trustRoot.version <= (newest?.version ?? 0)) continue
    newest = opened.trustRoot
    newestJws = jws
  }
  if (newest === null) return { rootKey, minimumVersion, trustRoot: null }
  await remember(env, rememberVersion(store, rootKey, newest.version), store, terminal.warn)
  // One that another root key signed is of another network, and is not replaced.
  const replaceable = saved === null || saved.ok || saved.reason !== 'trust_root_not_pinned'
  if (newestJws !== null && replaceable && options['trust-root'] === undefined) {
    const file = configurationFile(env, TRUST_ROOT_FILE)
    // Where it cannot be saved the bundle still has it.
    await writeFileAtomically(file, `${JSON.stringify(newestJws)}\n`).catch(() => {})
  }
  return { rootKey, minimumVersion: Math.max(minimumVersion, newest.version), trustRoot: newest }
}

/** @returns null when nothing is saved */
async function openSaved(
  options: TrustOptions,
  rootKey: RootKey,
  store: TrustStore,
  context: CommandContext,
): Promise<OpenedTrustRoot | null> {
  if (options['trust-root'] === undefined) {
    const file = configurationFile(context.env, TRUST_ROOT_FILE)
    const text = await readFile(file, 'utf8').catch(() => null)
    return text === null ? null : openTrustRootText(text, rootKey, store, context.now)
  }
  const opened = await openTrustRootText(
    await readTrustRootFile(options, context),
    rootKey,
    store,
    context.now,
  )
  if (!opened.ok) throw inputFailure(`the trust root is refused: ${inWords(opened.reason)}`)
  return opened
}

async function requireRootKey(
  options: TrustOptions,
  { env }: CommandContext,
): Promise<{ store: TrustStore; rootKey: RootKey }> {
  const store = await readTrustStore(env)
  const rootKey = await findRootKey(options['root-key'], env, store)
  if (rootKey !== null) return { store, rootKey }
  throw inputFailure('no network root key is pinned', 'Pin it once: coderisk trust fetch --pin THUMBPRINT')
}

async function readTrustRootFile(
  { 'trust-root': option }: TrustOptions,
  { env, cwd }: CommandContext,
): Promise<string> {
  const file = option === undefined ? configurationFile(env, TRUST_ROOT_FILE) : resolve(cwd, option)
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw inputFailure(
      `the trust root ${file} cannot be read (${error.code})`,
      'Save it: coderisk trust fetch',
    )
  })
}

/** Opens a trust root by the kernel's rules; never one older than was accepted before. */
export async function openTrustRootText(
  text: string,
  rootKey: RootKey,
  store: TrustStore,
  now: Date,
): Promise<OpenedTrustRoot> {
  const minimumVersion = store.highest_versions[rootKeyThumbprint(rootKey)] ?? 0
  const parsed = parseStrictJson(text)
  return openTrustRoot(parsed.ok ? parsed.value : null, rootKey, { now, minimumVersion })
}

/** Where nothing can be written a verdict is still given, and a rollback would go unseen: that is said. */
async function remember(
  env: CommandContext['env'],
  next: TrustStore,
  store: TrustStore,
  warn: (line: string) => void,
): Promise<void> {
  if (JSON.stringify(next) === JSON.stringify(store)) return
  await writeTrustStore(env, next).catch((error: NodeJS.ErrnoException) => {
    warn(`the trust root's version could not be remembered (${error.code}): a rollback would go unseen`)
  })
}
