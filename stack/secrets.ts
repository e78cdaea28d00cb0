import { randomBytes } from 'node:crypto'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import type { DataDirectory } from './data-directory.ts'

const FILE = 'secrets.json'

/** Secrets of the network itself; in production they are Worker secrets. */
export interface NetworkSecrets {
  /** `KEY_ENCRYPTION_SECRET`: 32 random bytes, base64. */
  readonly key_encryption_secret: string
  /** Ed25519, with its private half. */
  readonly network_root_key: JWK
  /** Of the embedded PostgreSQL's owner. */
  readonly owner_password: string
}

/** What was made in one database: it is good for that one only. */
export interface Tenants {
  readonly organisation_id: string
  readonly api_key: string
  readonly operator_key: string
  /** Certificates of this repository: commit, or hash of a file → certificate id. */
  readonly certificates: Record<string, string>
}

export interface Secrets extends NetworkSecrets {
  /** By database; see {@link databaseKey}. */
  readonly databases: Record<string, Tenants>
}

export async function generateNetworkSecrets(): Promise<NetworkSecrets> {
  const pair = await generateKeyPair('Ed25519', { extractable: true })
  return {
    key_encryption_secret: randomBytes(32).toString('base64'),
    network_root_key: await exportJWK(pair.privateKey),
    owner_password: randomBytes(24).toString('hex'),
  }
}

/** The data directory's secrets; made, and written down before anything is done with them, at the first start. */
export async function loadSecrets(data: DataDirectory): Promise<Secrets> {
  const stored = data.readJson<Secrets>(FILE)
  if (stored !== undefined) return stored
  const secrets: Secrets = { ...(await generateNetworkSecrets()), databases: {} }
  data.writeJson(FILE, secrets)
  return secrets
}

export function rememberTenants(
  data: DataDirectory,
  secrets: Secrets,
  database: string,
  tenants: Tenants,
): Secrets {
  const updated = { ...secrets, databases: { ...secrets.databases, [database]: tenants } }
  data.writeJson(FILE, updated)
  return updated
}

/** A name for the database: `embedded`, or where it is, without who asks. */
export function databaseKey(databaseUrl: string | undefined): string {
  if (databaseUrl === undefined) return 'embedded'
  const { hostname, port, pathname } = new URL(databaseUrl)
  return `${hostname}:${port || '5432'}${pathname}`
}

export function networkRootPublicKey(secrets: NetworkSecrets): string {
  const { kty, crv, x } = secrets.network_root_key
  return JSON.stringify({ kty, crv, x })
}
