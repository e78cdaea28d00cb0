import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type CommandContext, type ExitCode, parseOptions } from '../command.ts'
import { inputFailure, usageFailure } from '../failure.ts'
import { rootKeyThumbprint } from '../trust-store.ts'
import { generateRootKey } from './root-key-file.ts'

export const PRIVATE_KEY_FILE = 'network-root-private.jwk'
export const PUBLIC_KEY_FILE = 'network-root-public.jwk'

/** `coderisk trust init`: makes the network root key. It never replaces one. */
export async function initTrust({ args, cwd, terminal }: CommandContext): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, { out: { type: 'string' } })
  if (positionals.length > 0) throw usageFailure(`'${positionals[0]}' is one too many`)
  const folder = resolve(cwd, values.out ?? '.')
  const [privateFile, publicFile] = [join(folder, PRIVATE_KEY_FILE), join(folder, PUBLIC_KEY_FILE)]
  for (const file of [privateFile, publicFile]) {
    if (existsSync(file)) throw inputFailure(`${file} is there already, and is not overwritten`)
  }
  const { privateText, publicText, publicKey } = generateRootKey()
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(cannotWrite)
  await writeFile(privateFile, privateText, { flag: 'wx', mode: 0o600 }).catch(cannotWrite)
  await writeFile(publicFile, publicText, { flag: 'wx', mode: 0o644 }).catch(async (error) => {
    // Half a key is none, and nobody has seen this one.
    await rm(privateFile, { force: true })
    cannotWrite(error)
  })
  terminal.print(`Network root key ${rootKeyThumbprint(publicKey)}`)
  terminal.print(`  private half   ${privateFile}`)
  terminal.print(`  public half    ${publicFile}`)
  terminal.print(whatIsNext(JSON.stringify(publicKey), privateFile))
  return 0
}

function whatIsNext(publicKey: string, privateFile: string): string {
  return `
Next:
  1. Keep the private half where no network reaches it, and a copy in another place: it cannot be made again.
  2. Tell both Workers the public half, in wrangler.toml and in workers/core/wrangler.toml:
       NETWORK_ROOT_PUBLIC_KEY = '${publicKey}'
  3. Publish the thumbprint above where your users find it without the network: they pin it.
  4. Deploy, then sign the first trust root, and the next within 30 days each time:
       coderisk trust sign --key ${privateFile} --publish`
}

function cannotWrite(error: NodeJS.ErrnoException): never {
  throw inputFailure(`the key cannot be written: ${error.message}`)
}
