import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { JWK } from 'jose'
import { parseNetworkRootKey } from '../core/keys/root-key.ts'
import type { Recovered } from '../core/recovery/recover.ts'
import { defaultDataDirectory, resolveDataDirectory } from '../stack/data-directory.ts'
import { withStoppedNetwork } from '../stack/local-database.ts'
import { publishedIn, publishedOver } from '../stack/published-source.ts'
import { restore } from '../stack/restore.ts'
import { networkRootPublicKey } from '../stack/secrets.ts'
import { firstLine, StackError } from '../stack/stack-error.ts'

const USAGE = `npm run restore -- --from FOLDER [--network URL --root-key JWK] [--checkpoint FILE] [--data DIR]

Puts a backup in the place of the database, and brings it up to what was published since it was made: the log, what was
revoked, the trust root. Stop the network first; nothing may be served before this is done.

  --from FOLDER   what npm run backup has written
  --network URL   where the edge still serves what was published (production); the local stack's own files if not given
  --root-key JWK  the public network root key, with --network; NETWORK_ROOT_PUBLIC_KEY if not given
  --checkpoint FILE
                  a checkpoint of the log that somebody has kept: what is published must reach at least that far
  --data DIR      the data of the local stack (.coderisk)

DATABASE_URL, if set, names the PostgreSQL to restore into, migrated by this version (npm run migrate).`

try {
  await run()
} catch (error) {
  console.error(`npm run restore: ${firstLine(error)}`)
  process.exitCode = 1
}

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      from: { type: 'string' },
      network: { type: 'string' },
      'root-key': { type: 'string' },
      checkpoint: { type: 'string' },
      data: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) return console.log(USAGE)
  if (values.from === undefined) throw new StackError('name the backup with --from FOLDER.')
  const { network } = values
  const folder = fromHere(values.from)
  const kept =
    values.checkpoint === undefined ? {} : { keptCheckpoint: readFile(fromHere(values.checkpoint)) }
  const data = values.data === undefined ? defaultDataDirectory() : resolveDataDirectory(values.data)
  const rootKey = values['root-key'] ?? process.env.NETWORK_ROOT_PUBLIC_KEY
  const recovered = await withStoppedNetwork(
    { data, databaseUrl: process.env.DATABASE_URL || undefined },
    async ({ ownerUrl, persistDirectory, secrets }) => {
      if (network !== undefined) {
        const source = { ...publishedOver(network.replace(/\/$/, '')), ...kept }
        return restore({ ownerUrl, folder, source, pinned: parseKey(rootKey) })
      }
      const { close, ...source } = await publishedIn(persistDirectory)
      try {
        const pinned = JSON.parse(networkRootPublicKey(secrets))
        return await restore({ ownerUrl, folder, source: { ...source, ...kept }, pinned })
      } finally {
        await close()
      }
    },
  )
  report(recovered)
}

/** npm runs scripts elsewhere than where it was called. */
function fromHere(typed: string): string {
  return path.resolve(process.env.INIT_CWD ?? process.cwd(), typed)
}

function readFile(file: string): Uint8Array {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new StackError(`${file} cannot be read.`, { cause: error })
  }
}

function parseKey(text: string | undefined): JWK {
  const key = parseNetworkRootKey(text)
  if (key !== undefined) return key
  throw new StackError(
    '--network needs the public network root key, as JWK: --root-key or NETWORK_ROOT_PUBLIC_KEY.',
  )
}

function report(recovered: Recovered): void {
  const { logFrom, logTo, revokedCertificates, revokedApiKeys, compromisedKeys, statusBits } = recovered
  console.log(`Restored. The log had ${logFrom} entries in the backup and has ${logTo}, as it was published.`)
  console.log(`Revoked again: ${revokedCertificates} certificates, ${revokedApiKeys} API keys.`)
  if (compromisedKeys > 0) console.log(`Compromised signing keys that sign no more: ${compromisedKeys}.`)
  if (statusBits > 0)
    console.log(`${statusBits} revocations are of certificates that the backup does not have.`)
  if (recovered.refusedStatusLists > 0)
    console.log(
      `${recovered.refusedStatusLists} published status lists are not the network's: revocations of certificates that the backup does not have may be lost. See docs/runbook.md.`,
    )
  if (recovered.trustRoot) console.log('The published trust root was newer, and is the current one again.')
  console.log('What was issued and created since the backup is not in it: see docs/runbook.md.')
}
