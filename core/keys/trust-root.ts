import { desc, eq } from 'drizzle-orm'
import { exportSPKI, importJWK } from 'jose'
import { signingKeys, trustRoots } from '../../schema/tables/index.ts'
import type { Context, Transaction } from '../context.ts'
import { markForPublication, TRUST_ROOT_ENTITY } from '../publication/mark.ts'
import { fromBase64Url, utf8 } from '../verify/encoding.ts'
import type { TrustRoot, TrustRootKey } from '../verify/trust-root.ts'
import type { FlattenedJws, PublicRsaJwk } from './vault.ts'

const DAY_MS = 86_400_000
export const TRUST_ROOT_LIFETIME_DAYS = 30
/**
 * A certificate bears the time at which its request began, and clocks differ: one that the old key signed rightly may
 * say a moment later than the key's retirement. Verifiers grant this much at both ends of a key's life.
 */
const KEY_LIFE_LEEWAY_MS = 60_000
/** A new version is signed when the current one has this long to live. */
const RENEWAL_LEAD_DAYS = 15

type KeyRow = typeof signingKeys.$inferSelect

/**
 * Signs the next version of the trust root and marks it for publication.
 *
 * @returns its version; null where the network root key is kept offline, and this must be done there
 */
export async function publishTrustRoot(ctx: Context): Promise<number | null> {
  const { keys, version } = await ctx.database.asSystem(async (tx) => ({
    keys: await liveKeys(tx),
    version: ((await currentTrustRoot(tx))?.version ?? 0) + 1,
  }))
  const document = await compose(ctx, keys, version)
  const jws = await ctx.keys.signTrustRoot(utf8(JSON.stringify(document)))
  if (jws === null) return null
  return ctx.database.asSystem(async (tx) => {
    // A version is given once. Whoever finds its number taken leaves it: renewal sees what is still missing.
    const expiresAt = new Date(document.expires_at)
    await tx.insert(trustRoots).values({ version, jws, createdAt: ctx.now, expiresAt }).onConflictDoNothing()
    await markForPublication(tx, 'trust_root', TRUST_ROOT_ENTITY, ctx.now)
    return version
  })
}

/** Signs a new version when the current one is about to expire, or does not say what the keys are by now. */
export async function renewTrustRoot(ctx: Context): Promise<void> {
  const { current, keys } = await ctx.database.asSystem(async (tx) => ({
    current: await currentTrustRoot(tx),
    keys: await liveKeys(tx),
  }))
  const due = (current?.expiresAt.getTime() ?? 0) - RENEWAL_LEAD_DAYS * DAY_MS
  const listed = current === undefined ? [] : openOwn(current.jws as FlattenedJws).keys
  const wanted = keys.map((key) => `${key.kid} ${key.state}`).join()
  const told = listed.map((key) => `${key.kid} ${key.state}`).join()
  if (ctx.now.getTime() >= due || wanted !== told) await publishTrustRoot(ctx)
}

export async function currentTrustRoot(tx: Transaction) {
  const [row] = await tx.select().from(trustRoots).orderBy(desc(trustRoots.version)).limit(1)
  return row
}

/** Whether the newest trust root lists `kid`, so that verifiers can know the key before it signs. */
export async function trustRootLists(tx: Transaction, kid: string): Promise<boolean> {
  const current = await currentTrustRoot(tx)
  if (current === undefined) return false
  return openOwn(current.jws as FlattenedJws).keys.some((key) => key.kid === kid)
}

function liveKeys(tx: Transaction): Promise<KeyRow[]> {
  return tx.select().from(signingKeys).where(eq(signingKeys.livemode, true)).orderBy(signingKeys.kid)
}

async function compose(ctx: Context, keys: readonly KeyRow[], version: number): Promise<TrustRoot> {
  return {
    type: 'coderisk-trust-root',
    version,
    issued_at: ctx.now.toISOString(),
    expires_at: new Date(ctx.now.getTime() + TRUST_ROOT_LIFETIME_DAYS * DAY_MS).toISOString(),
    keys: await Promise.all(keys.map(describe)),
    status_lists: [`${ctx.settings.publicBaseUrl}/v1/status-lists/`],
  }
}

/** The payload of a trust root that we signed and stored ourselves. */
function openOwn(jws: FlattenedJws): TrustRoot {
  return JSON.parse(new TextDecoder().decode(fromBase64Url(jws.payload)!)) as TrustRoot
}

async function describe(row: KeyRow): Promise<TrustRootKey> {
  const jwk = row.publicJwk as PublicRsaJwk
  const pem = await exportSPKI((await importJWK({ ...jwk }, 'RS256', { extractable: true })) as CryptoKey)
  return {
    kid: row.kid,
    algorithm: 'RS256',
    state: row.state,
    valid_from: new Date(row.createdAt.getTime() - KEY_LIFE_LEEWAY_MS).toISOString(),
    valid_to: row.retiredAt && new Date(row.retiredAt.getTime() + KEY_LIFE_LEEWAY_MS).toISOString(),
    jwk: { kty: 'RSA', n: jwk.n, e: jwk.e },
    pem,
  }
}
