import { resolve } from 'node:path'
import { callApi } from '../api.ts'
import { type CommandContext, type ExitCode, parseOptions } from '../command.ts'
import { CONNECTION_OPTIONS, type Connection, resolveConnection } from '../configuration.ts'
import { CommandFailure, inputFailure, serverFailure, usageFailure } from '../failure.ts'
import { openTrustRootText, TRUST_ROOT_FILE } from '../offline.ts'
import { inWords, shortTime } from '../reports/words.ts'
import {
  checkRootKey,
  configurationFile,
  findRootKey,
  type RootKey,
  readTrustStore,
  rememberVersion,
  rootKeyThumbprint,
  type TrustStore,
  writeFileAtomically,
  writeTrustStore,
} from '../trust-store.ts'

const OPTIONS = {
  out: { type: 'string' },
  pin: { type: 'string' },
  'root-key': { type: 'string' },
  ...CONNECTION_OPTIONS,
} as const

/** `coderisk trust fetch` */
export async function fetchTrust(context: CommandContext): Promise<ExitCode> {
  const { values, positionals } = parseOptions(context.args, OPTIONS)
  if (positionals.length > 0) throw usageFailure(`'${positionals[0]}' is one too many`)
  if (values.pin !== undefined && values['root-key'] !== undefined) {
    throw usageFailure('give --pin or --root-key, not both')
  }
  const connection = resolveConnection(values, context.env, context.cwd)
  const store = await readTrustStore(context.env)
  const rootKey =
    values.pin === undefined
      ? await findRootKey(values['root-key'], context.env, store)
      : await fetchPinned(connection, values.pin, context)
  if (rootKey === null) throw await askToPin(connection, context)
  const next = values.pin === undefined ? store : { ...store, root_key: rootKey }
  await fetchTrustRoot(connection, rootKey, next, values.out, context)
  return 0
}

async function fetchTrustRoot(
  connection: Connection,
  rootKey: RootKey,
  store: TrustStore,
  out: string | undefined,
  { env, cwd, now, terminal }: CommandContext,
): Promise<void> {
  const path = '/.well-known/coderisk/trust-root.json'
  const jws = await callApi(connection, { method: 'GET', path }, (line) => terminal.warn(line))
  const text = `${JSON.stringify(jws)}\n`
  const opened = await openTrustRootText(text, rootKey, store, now)
  if (!opened.ok) throw new CommandFailure(1, `the trust root is refused: ${inWords(opened.reason)}`)
  const file = out === undefined ? configurationFile(env, TRUST_ROOT_FILE) : resolve(cwd, out)
  try {
    await writeFileAtomically(file, text)
    await writeTrustStore(env, rememberVersion(store, rootKey, opened.trustRoot.version))
  } catch (error) {
    throw inputFailure(`nothing can be saved: ${(error as Error).message}`)
  }
  const { version, expires_at, keys } = opened.trustRoot
  terminal.print(`Trust root version ${version}, ${keys.length} keys, good until ${shortTime(expires_at)}`)
  terminal.print(`Signed by root key ${rootKeyThumbprint(rootKey)}`)
  terminal.print(`Saved to ${file}`)
}

async function fetchPinned(
  connection: Connection,
  thumbprint: string,
  context: CommandContext,
): Promise<RootKey> {
  const shown = await fetchRootKey(connection, context)
  if (rootKeyThumbprint(shown) === thumbprint.trim()) return shown
  throw new CommandFailure(1, `the network shows another root key: ${rootKeyThumbprint(shown)}`, {
    details: [
      'Nothing was pinned. Either the thumbprint is wrong, or this is not the network that you mean.',
    ],
  })
}

async function askToPin(connection: Connection, context: CommandContext): Promise<CommandFailure> {
  const thumbprint = rootKeyThumbprint(await fetchRootKey(connection, context))
  return new CommandFailure(
    1,
    'no root key is pinned yet, so this trust root proves nothing: nothing was saved',
    {
      details: [
        `${connection.baseUrl} shows a root key with the thumbprint`,
        `  ${thumbprint}`,
        'Is that the one that the network published elsewhere? Then:',
        `  coderisk trust fetch --pin ${thumbprint}`,
      ],
    },
  )
}

async function fetchRootKey(connection: Connection, { terminal }: CommandContext): Promise<RootKey> {
  const path = '/.well-known/coderisk/root-key.json'
  const answer = await callApi(connection, { method: 'GET', path }, (line) => terminal.warn(line))
  try {
    return checkRootKey(answer)
  } catch {
    throw serverFailure(`${connection.baseUrl} did not answer with a public Ed25519 key`)
  }
}
