import path from 'node:path'
import { parseArgs } from 'node:util'
import { backUp } from '../stack/backup.ts'
import { defaultDataDirectory, resolveDataDirectory } from '../stack/data-directory.ts'
import { withDatabase } from '../stack/local-database.ts'
import { firstLine } from '../stack/stack-error.ts'

const USAGE = `npm run backup -- [--out FOLDER] [--data DIR]

Writes every table of the network's database to a new folder, as of one moment. The network may go on running.

  --out FOLDER  a folder that does not exist (backup-YYYYMMDDTHHMMSSZ)
  --data DIR    the data of the local stack (.coderisk)

DATABASE_URL, if set, names the PostgreSQL to back up: the URL of a superuser, or of an owner with BYPASSRLS. The backup
holds sealed keys: keep it as safe as the database. KEY_ENCRYPTION_SECRET, which opens them, is not in it: keep that too.`

try {
  await run()
} catch (error) {
  console.error(`npm run backup: ${firstLine(error)}`)
  process.exitCode = 1
}

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: { out: { type: 'string' }, data: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) return console.log(USAGE)
  const now = new Date()
  const stamp = now.toISOString().replace(/[-:]|\.\d+/g, '')
  const folder = path.resolve(process.env.INIT_CWD ?? process.cwd(), values.out ?? `backup-${stamp}`)
  const data = values.data === undefined ? defaultDataDirectory() : resolveDataDirectory(values.data)
  const manifest = await withDatabase(
    { data, databaseUrl: process.env.DATABASE_URL || undefined },
    (ownerUrl) => backUp(ownerUrl, folder, now),
  )
  console.log(`${folder}: ${manifest.tables.length} tables as of ${manifest.created_at}`)
}
