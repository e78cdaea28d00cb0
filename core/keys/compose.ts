import { eq } from 'drizzle-orm'
import { exportSPKI, importJWK } from 'jose'
import { LOG_ID, logs, signingKeys } from '../../schema/tables/index.ts'
import type { Context, Transaction } from '../context.ts'
import { canonicalText } from '../verify/canonical.ts'
import type { TrustRoot, TrustRootKey, TrustRootLog } from '../verify/trust-root.ts'
import { readTrustedLog } from '../verify/trusted-log.ts'
import type { KeyRow } from './lifecycle.ts'
import type { PublicRsaJwk } from './vault.ts'

const DAY_MS = 86_400_000
export const TRUST_ROOT_LIFETIME_DAYS = 30
/**
 * A certificate bears the time at which its request began, and clocks differ: one that the old key signed rightly may
 * say a moment later than the key's retirement. Verifiers grant this much at both ends of a key's life.
 */
const KEY_LIFE_LEEWAY_MS = 60_000

/** What every version says differently, and what therefore says nothing. */
const OF_EACH_VERSION: readonly (keyof TrustRoot)[] = ['version', 'issued_at', 'expires_at']

/** What the trust root that follows `current` has to say at this moment. */
export async function composeTrustRoot(
  ctx: Context,
  tx: Transaction,
  current: TrustRoot | null,
): Promise<TrustRoot> {
  const rows = await tx.select().from(signingKeys).where(eq(signingKeys.livemode, true))
  const log = await describeLog(ctx, tx)
  return {
    type: 'coderisk-trust-root',
    version: (current?.version ?? 0) + 1,
    issued_at: ctx.now.toISOString(),
    expires_at: new Date(ctx.now.getTime() + TRUST_ROOT_LIFETIME_DAYS * DAY_MS).toISOString(),
    keys: [...(await Promise.all(rows.map(describeKey))), ...lostKeys(rows, current)].sort(byKid),
    ...(log === null ? {} : { log }),
    status_lists: [`${ctx.settings.publicBaseUrl}/v1/status-lists/`],
    agent_ca_certificates: [],
  }
}

/**
 * Where two trust roots say different things, each in a few words; their versions and times aside.
 *
 * @param expected what the network knows
 * @param actual anything that has the shape of a trust root
 */
export function differences(expected: TrustRoot, actual: TrustRoot): string[] {
  const names = new Set([...Object.keys(expected), ...Object.keys(actual)]) as Set<keyof TrustRoot>
  return [...names].flatMap((name) => {
    if (OF_EACH_VERSION.includes(name) || isSame(expected[name], actual[name])) return []
    return name === 'keys' ? keyDifferences(expected.keys, actual.keys) : [`\`${name}\` is another`]
  })
}

function keyDifferences(expected: readonly TrustRootKey[], actual: readonly TrustRootKey[]): string[] {
  const told = new Map(actual.map((key) => [key.kid, key]))
  const known = new Set(expected.map(({ kid }) => kid))
  const found = expected.flatMap((key) => {
    const other = told.get(key.kid)
    if (other === undefined) return [`${key.kid} is missing`]
    const members = [...new Set([...Object.keys(key), ...Object.keys(other)])] as (keyof TrustRootKey)[]
    const changed = members.filter((member) => !isSame(key[member], other[member]))
    return changed.length === 0 ? [] : [`${key.kid} has another ${changed.join(', ')}`]
  })
  const unknown = actual.filter(({ kid }) => !known.has(kid)).map(({ kid }) => `${kid} is not known here`)
  const all = [...found, ...unknown]
  return all.length === 0 ? ['`keys` has a key twice, or in another order'] : all
}

function isSame(one: unknown, other: unknown): boolean {
  if (one === undefined || other === undefined) return one === other
  try {
    return canonicalText(one) === canonicalText(other)
  } catch {
    // A text that has no canonical form is none that the network wrote.
    return false
  }
}

/**
 * Keys of the current trust root that the database no longer knows: it was put back to an older state. Nobody signs with
 * them any more, and what they signed must still verify, so they stay, as of when the trust root that told of them ends.
 */
function lostKeys(rows: readonly KeyRow[], current: TrustRoot | null): TrustRootKey[] {
  const known = new Set(rows.map(({ kid }) => kid))
  const lost = current?.keys.filter(({ kid }) => !known.has(kid)) ?? []
  return lost.map((key) => ({
    ...key,
    state: key.state === 'compromised' ? 'compromised' : 'retired',
    valid_to: key.valid_to ?? current!.expires_at,
  }))
}

async function describeKey(row: KeyRow): Promise<TrustRootKey> {
  const jwk = row.publicJwk as PublicRsaJwk
  const pem = await exportSPKI((await importJWK({ ...jwk }, 'RS256', { extractable: true })) as CryptoKey)
  const ended = row.retiredAt ?? row.compromisedAt
  const logIndex = row.state === 'compromised' ? row.compromisedLogIndex : null
  return {
    kid: row.kid,
    algorithm: 'RS256',
    state: row.state,
    valid_from: new Date(row.createdAt.getTime() - KEY_LIFE_LEEWAY_MS).toISOString(),
    valid_to: ended && new Date(ended.getTime() + KEY_LIFE_LEEWAY_MS).toISOString(),
    jwk: { kty: 'RSA', n: jwk.n, e: jwk.e },
    pem,
    ...(logIndex === null ? {} : { compromised_log_index: logIndex }),
  }
}

/** Null while there is no log. */
async function describeLog(ctx: Context, tx: Transaction): Promise<TrustRootLog | null> {
  const { origin, verifierKey } = logs
  const [row] = await tx.select({ origin, verifierKey }).from(logs).where(eq(logs.id, LOG_ID))
  if (row === undefined) return null
  const log: TrustRootLog = {
    origin: row.origin,
    verifier_key: row.verifierKey,
    url: `${ctx.settings.publicBaseUrl}/log`,
    witness_policy: ctx.settings.log.witnessPolicy,
    witness_failure: ctx.settings.log.witnessFailure,
  }
  // Verifiers would refuse the whole trust root.
  if (readTrustedLog(log) === null) throw new TypeError('LOG_WITNESS_POLICY is not a c2sp.org/tlog-policy')
  return log
}

function byKid(one: TrustRootKey, other: TrustRootKey): number {
  return one.kid < other.kid ? -1 : 1
}
