import path from 'node:path'
import { parseArgs } from 'node:util'
import type { JWK } from 'jose'
import type { Recovered } from '../core/recovery/recover.ts'
import { defaultDataDirectory, resolveDataDirectory } from '../stack/data-directory.ts'
import { withStoppedNetwork } from '../stack/local-database.ts'
import { publishedIn, publishedOver } from '../stack/published-source.ts'
import { restore } from '../stack/restore.ts'
import { networkRootPublicKey } from '../stack/secrets.ts'
import { firstLine, StackError } from '../stack/stack-error.ts'

const USAGE = `npm run restore -- --from FOLDER [--network URL --root-key JWK] [--data DIR]

Puts a backup in the place of the database, and brings it up to what was published since it was made: the log, what was
revoked, the trust root. Stop the network first; nothing may be served before this is done.

  --from FOLDER   what npm run backup has written
  --network URL   where the edge still serves what was published (production); the local stack's own files if not given
  --root-key JWK  the public network root key, with --network; NETWORK_ROOT_PUBLIC_KEY if not given
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
      data: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) return console.log(USAGE)
  if (values.from === undefined) throw new StackError('name the backup with --from FOLDER.')
  const folder = path.resolve(process.env.INIT_CWD ?? process.cwd(), values.from)
  const data = values.data === undefined ? defaultDataDirectory() : resolveDataDirectory(values.data)
  const rootKey = values['root-key'] ?? process.env.NETWORK_ROOT_PUBLIC_KEY
  const recovered = await withStoppedNetwork(
    { data, databaseUrl: process.env.DATABASE_URL || undefined },
    async (local) => {
      const { ownerUrl } = local
      if (values.network !== undefined) {
        const pinned = parseKey(rootKey)
        return restore({ ownerUrl, folder, source: publishedOver(values.network.replace(/\/$/, '')), pinned })
      }
      const source = await publishedIn(local.persistDirectory)
      try {
        return await restore({
          ownerUrl,
          folder,
          source,
          pinned: JSON.parse(networkRootPublicKey(local.secrets)),
        })
      } finally {
        await source.close()
      }
    },
  )
  report(recovered)
}

function parseKey(text: string | undefined): JWK {
  try {
    return JSON.parse(text ?? '') as JWK
  } catch {
    throw new StackError(
      '--network needs the public network root key, as JWK: --root-key or NETWORK_ROOT_PUBLIC_KEY.',
    )
  }
}

function report(recovered: Recovered): void {
  const { logFrom, logTo, revokedCertificates, revokedApiKeys, statusBits, trustRoot } = recovered
  console.log(`Restored. The log had ${logFrom} entries in the backup and has ${logTo}, as it was published.`)
  console.log(`Revoked again: ${revokedCertificates} certificates, ${revokedApiKeys} API keys.`)
  if (statusBits > 0)
    console.log(`${statusBits} revocations are of certificates that the backup does not have.`)
  if (trustRoot) console.log('The published trust root was newer, and is the current one again.')
  console.log('What was issued and created since the backup is not in it: see docs/runbook.md.')
}
