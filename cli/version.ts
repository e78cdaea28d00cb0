import { readFileSync } from 'node:fs'

/** The version in the package that this file belongs to. */
export function cliVersion(): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  )
  return manifest.version
}
