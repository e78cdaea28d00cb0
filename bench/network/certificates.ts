import { examine } from '../../core/analysis/examine.ts'
import { judge } from '../../core/analysis/judge.ts'
import { buildCertificate } from '../../core/certificates/build.ts'
import { describeSignature } from '../../core/certificates/issue.ts'
import type { Actor, Context } from '../../core/context.ts'
import type { Signer } from '../../core/keys/vault.ts'
import { canonicalBytes } from '../../core/verify/canonical.ts'
import { toHex } from '../../core/verify/encoding.ts'
import { issuedLogEntry, type LogEntry } from '../../core/verify/log-entry.ts'
import { type CertificateRecord, certificateKey, writeRecord } from '../../schema/kv.ts'
import { signingKeys } from '../../schema/tables/index.ts'
import { issueRequestSchema } from '../../schema/wire/issue.ts'
import { withContext } from '../../stack/provision.ts'
import { syntaxOfThisProcess } from '../../stack/syntax.ts'
import { changeOf } from '../load/changes.ts'
import { appendEntries, sequenceAll } from './log.ts'
import { type Network, PUBLIC_BASE_URL } from './network.ts'

const CHANGED_LINES = 10
const BATCH = 250

/**
 * Puts that many certificates into KV, each signed as a real one with the network's active key, and each with its entry in
 * the published log, as almost all are that anybody looks up.
 */
export async function fillKv(network: Network, count: number): Promise<string[]> {
  const made = await makeCertificates(network, count)
  await appendEntries(
    network.sql,
    made.map(({ entry }) => entry),
  )
  await sequenceAll(network)
  const places = await readPlaces(network)
  for (let from = 0; from < count; from += BATCH) {
    const values = made.slice(from, from + BATCH).map(({ id, record, entry }) => {
      const leafHash = toHex(entry.leafHash)
      return [certificateKey(id), writeRecord({ ...record, logIndex: places.get(leafHash)!, leafHash })]
    })
    await network.kv.add(Object.fromEntries(values))
  }
  return made.map(({ id }) => id)
}

interface Made {
  readonly id: string
  readonly record: CertificateRecord
  readonly entry: LogEntry
}

function makeCertificates(network: Network, count: number): Promise<Made[]> {
  const { appDatabaseUrl, secrets } = network
  return withContext({ appDatabaseUrl, secrets, publicBaseUrl: PUBLIC_BASE_URL }, async (ctx) => {
    const signer = await activeSigner(ctx)
    const make = await certificateMaker(ctx, network)
    const made: Made[] = []
    while (made.length < count) {
      const size = Math.min(BATCH, count - made.length)
      made.push(...(await Promise.all(Array.from({ length: size }, () => make(signer)))))
    }
    return made
  })
}

/** By leaf hash, hex. */
async function readPlaces({ sql }: Network): Promise<ReadonlyMap<string, number>> {
  const rows = await sql<{ leaf_hash: string; leaf_index: number }[]>`
    SELECT encode(leaf_hash, 'hex') AS leaf_hash, leaf_index::int FROM log_entries`
  return new Map(rows.map(({ leaf_hash, leaf_index }) => [leaf_hash, leaf_index]))
}

async function activeSigner(ctx: Context): Promise<Signer> {
  const keys = await ctx.database.asSystem((tx) => tx.select().from(signingKeys))
  const key = keys.find((candidate) => candidate.livemode && candidate.state === 'active')
  return ctx.keys.signer(key!.kid, key!.sealedPrivateKey)
}

async function certificateMaker(ctx: Context, { tenants }: Network) {
  const request = issueRequestSchema.parse(JSON.parse(changeOf(CHANGED_LINES)()))
  const examination = await examine(request, await syntaxOfThisProcess())
  const terms = { coverageThreshold: 0.7, level: 'E1' as const, calibration: null, incidents: [] }
  const analysis = judge(examination, terms)
  const actor: Actor = {
    keyId: 'key_bench',
    organisationId: tenants.organisation_id,
    userId: 'usr_bench',
    scopes: ['certificates:write'],
    livemode: true,
  }
  let position = 0
  return async (signer: Signer): Promise<Made> => {
    const { certificate } = await buildCertificate(ctx, actor, request, {
      analysis,
      evidenceSha256: undefined,
      statusPosition: position++,
    })
    const signed = canonicalBytes(certificate)
    const record: CertificateRecord = {
      v: 1,
      generation: 1,
      signed: new TextDecoder().decode(signed),
      signature: describeSignature(signer.kid, await signer.sign(signed)),
    }
    return { id: certificate.certificate_id, record, entry: await issuedLogEntry(certificate, signed) }
  }
}
