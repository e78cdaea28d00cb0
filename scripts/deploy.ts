import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { migrate } from '../stack/migrations.ts'
import { firstLine } from '../stack/stack-error.ts'
import { buildAssets } from './build.ts'

const ROOT = path.resolve(import.meta.dirname, '..')

try {
  process.exitCode = await deploy()
} catch (error) {
  console.error(`npm run deploy: ${firstLine(error)}`)
  process.exitCode = 1
}

/** The database first, then the core, then the edge: each can work with the next one's predecessor. */
async function deploy(): Promise<number> {
  const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } })
  const dryRun = values['dry-run']
  const databaseUrl = process.env.DATABASE_URL
  if (!dryRun) {
    if (!databaseUrl)
      throw new Error('set DATABASE_URL to the owner’s URL of the production database, to migrate it')
    await migrate(databaseUrl)
    console.log(`Migrated ${new URL(databaseUrl).host}`)
  }
  await buildAssets()
  return runWrangler('workers/core/wrangler.toml', dryRun) || runWrangler('wrangler.toml', dryRun)
}

function runWrangler(config: string, dryRun: boolean): number {
  const args = ['deploy', '--config', config, ...(dryRun ? ['--dry-run'] : [])]
  const wrangler = path.join(ROOT, 'node_modules', '.bin', 'wrangler')
  return spawnSync(wrangler, args, { cwd: ROOT, stdio: 'inherit' }).status ?? 1
}
