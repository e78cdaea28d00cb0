import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import {
  decide,
  type Examined,
  examineText,
  type OpenedTrustRoot,
  openTrustRoot,
  parseStrictJson,
  type Verdict,
} from '../core/verify/index.ts'
import type { Verification } from '../schema/wire/verification.ts'
import type { CommandContext } from './command.ts'
import { inputFailure } from './failure.ts'
import {
  configurationFile,
  findRootKey,
  type RootKey,
  readTrustStore,
  rememberVersion,
  rootKeyThumbprint,
  type TrustStore,
  writeTrustStore,
} from './trust-store.ts'

/** The saved trust root's name in the user's configuration folder. */
export const TRUST_ROOT_FILE = 'trust-root.json'

/** A verification made here, and what it rests on. */
export interface OfflineVerification extends Verification {
  readonly offline: true
  readonly trust_root: {
    readonly accepted: boolean
    /** RFC 7638 thumbprint of the root key that it had to be signed by. */
    readonly root_key: string
    readonly version: number | null
    readonly expires_at: string | null
  }
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
  options: { 'trust-root'?: string | undefined; 'root-key'?: string | undefined },
  { env, cwd, now, terminal }: CommandContext,
): Promise<PinnedTrustRoot> {
  const store = await readTrustStore(env)
  const rootKey = await findRootKey(options['root-key'], env, store)
  if (rootKey === null) {
    throw inputFailure('no network root key is pinned', 'Pin it once: coderisk trust fetch --pin THUMBPRINT')
  }
  const option = options['trust-root']
  const file = option === undefined ? configurationFile(env, TRUST_ROOT_FILE) : resolve(cwd, option)
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw inputFailure(
      `the trust root ${file} cannot be read (${error.code})`,
      'Save it: coderisk trust fetch',
    )
  })
  const opened = await openTrustRootText(text, rootKey, store, now)
  if (opened.ok) {
    await remember(env, rememberVersion(store, rootKey, opened.trustRoot.version), store, terminal.warn)
  }
  return { opened, rootKey }
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

/**
 * Verifies without any network. There is no live status then, so a certificate whose every other check holds is
 * `indeterminate` with the one reason `status_unavailable`.
 *
 * @param text a certificate's JSON, or a flattened JWS
 */
export async function verifyOffline(
  text: string,
  { opened, rootKey }: PinnedTrustRoot,
  now: Date,
): Promise<OfflineVerification> {
  const root_key = rootKeyThumbprint(rootKey)
  if (!opened.ok) {
    const trust_root = { accepted: false, root_key, version: null, expires_at: null }
    return { ...withoutTrustRoot(opened.reason), offline: true, trust_root }
  }
  const { version, expires_at } = opened.trustRoot
  const examined = await examineText(text, opened.trustRoot)
  const verdict = decide(examined, null, now.getTime(), { maximumStalenessMs: 0 })
  return {
    ...describe(examined, verdict),
    offline: true,
    trust_root: { accepted: true, root_key, version, expires_at },
  }
}

/** What the certificate says of itself is repeated only when its signature and its key hold. */
function describe(examined: Examined, verdict: Verdict): Verification {
  const signed = verdict.checks.signature.result === 'passed'
  const certificate = signed && verdict.checks.key_validity.result === 'passed' ? examined.certificate : null
  return {
    ...NOTHING_KNOWN,
    certificate_id: examined.certificate?.certificate_id ?? null,
    verdict: verdict.verdict,
    reasons: [...verdict.reasons],
    status: verdict.status,
    issued_at: certificate?.issued_at ?? null,
    expires_at: certificate?.expires_at ?? null,
    risk_level: certificate?.risk_level ?? null,
    risk_score: certificate?.risk_score ?? null,
    confidence: certificate?.confidence ?? null,
    ai_tool: certificate?.ai_tool ?? null,
    verification_url: certificate?.verification_url ?? null,
    signature_valid: signed,
    checks: verdict.checks,
  }
}

const UNDECIDED = { result: 'indeterminate', reason: 'trust_root_unavailable' } as const

const NOTHING_KNOWN: Verification = {
  certificate_id: null,
  verdict: 'indeterminate',
  reasons: [],
  status: 'unknown',
  issued_at: null,
  expires_at: null,
  risk_level: null,
  risk_score: null,
  confidence: null,
  ai_tool: null,
  verification_url: null,
  signature_valid: false,
  status_as_of: null,
  status_source: 'none',
  revoked_at: null,
  revocation_reason: null,
  checks: {
    signature: UNDECIDED,
    key_validity: UNDECIDED,
    expiry: UNDECIDED,
    status: { result: 'indeterminate', reason: 'status_unavailable' },
  },
}

/** Without keys nothing at all can be decided. */
function withoutTrustRoot(reason: string): Verification {
  return { ...NOTHING_KNOWN, reasons: [reason, 'status_unavailable'] }
}
