import { parseArgs } from 'node:util'
import { defaultDataDirectory, openDataDirectory, resolveDataDirectory } from '../stack/data-directory.ts'
import { openDatabaseServer } from '../stack/database-server.ts'
import { migrate } from '../stack/migrations.ts'
import { loadSecrets } from '../stack/secrets.ts'
import { firstLine, StackError } from '../stack/stack-error.ts'

try {
  await run()
} catch (error) {
  console.error(`npm run migrate: ${firstLine(error)}`)
  if (!(error instanceof StackError)) console.error(error)
  process.exitCode = 1
}

/** Migrates the database of DATABASE_URL, or else the embedded one of the data directory. */
async function run(): Promise<void> {
  const { values } = parseArgs({ options: { data: { type: 'string' } } })
  const databaseUrl = process.env.DATABASE_URL
  if (databaseUrl !== undefined && databaseUrl !== '') {
    await migrate(databaseUrl)
    console.log(`Migrated ${new URL(databaseUrl).host}${new URL(databaseUrl).pathname}`)
    return
  }
  const data = openDataDirectory(
    values.data === undefined ? defaultDataDirectory() : resolveDataDirectory(values.data),
  )
  try {
    const { owner_password: password } = await loadSecrets(data)
    const server = await openDatabaseServer({ data, password })
    try {
      await migrate(server.ownerUrl)
      console.log(`Migrated the embedded PostgreSQL under ${data.path}`)
    } finally {
      await server.stop()
    }
  } finally {
    data.release()
  }
}
