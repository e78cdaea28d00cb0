import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { openTrustRoot } from '../../core/verify/index.ts'
import { callApi } from '../api.ts'
import { type CommandContext, type ExitCode, parseOptions } from '../command.ts'
import { CONNECTION_OPTIONS, type Connection, resolveConnection } from '../configuration.ts'
import { inputFailure, usageFailure } from '../failure.ts'
import { clean, type Terminal } from '../output.ts'
import { shortTime } from '../reports/words.ts'
import { readTrustStore, rootKeyThumbprint, writeFileAtomically } from '../trust-store.ts'
import { describeChanges } from './describe.ts'
import { type Draft, readDraft, requireOperatorKey } from './draft.ts'
import { type RootKeyPair, readRootKeyFile } from './root-key-file.ts'

const OPTIONS = {
  key: { type: 'string' },
  draft: { type: 'string' },
  out: { type: 'string' },
  publish: { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
  ...CONNECTION_OPTIONS,
} as const

/** `coderisk trust sign`: signs the next trust root, once whoever holds the key has seen what changes. */
export async function signTrust(context: CommandContext): Promise<ExitCode> {
  const { env, cwd, terminal } = context
  const { values, positionals } = parseOptions(context.args, OPTIONS)
  if (positionals.length > 0) throw usageFailure(`'${positionals[0]}' is one too many`)
  if (values.key === undefined) throw usageFailure('--key names the file with the network root key')
  if (values.draft === '-' && !values.yes) throw usageFailure('--draft - leaves nobody to ask: give --yes')
  const connection = resolveConnection(values, env, cwd)
  if (values.publish) requireOperatorKey(connection)
  const key = await readRootKeyFile(resolve(cwd, values.key), (line) => terminal.warn(line))
  const draft = await readDraft(values.draft, connection, context)
  await refuseUnfit(draft, key, context)
  await explain(draft, key, context)
  if (!values.yes && !(await confirm('Sign this? [y/N]', terminal))) {
    throw inputFailure('nothing was signed')
  }
  const signed = JSON.stringify(key.sign(draft.payload))
  if (values.out !== undefined) await save(resolve(cwd, values.out), signed, terminal)
  if (values.publish) await publish(connection, signed, terminal)
  if (values.out === undefined && !values.publish) terminal.print(signed)
  return 0
}

/** What no verifier would accept, or what would take one back, is not signed. */
async function refuseUnfit({ trustRoot, current }: Draft, key: RootKeyPair, { env, now }: CommandContext) {
  const { version, expires_at } = trustRoot
  if (!(now.getTime() < Date.parse(expires_at))) throw inputFailure('the draft has expired: get a new one')
  const { highest_versions } = await readTrustStore(env)
  const seen = highest_versions[rootKeyThumbprint(key.publicKey)] ?? 0
  const published = Math.max(seen, current?.trustRoot.version ?? 0)
  if (version > published) return
  throw inputFailure(`the draft is version ${version}, and version ${published} was published already`)
}

/** To stderr: what is printed on stdout may be what was signed. */
async function explain({ trustRoot, current }: Draft, key: RootKeyPair, { now, terminal }: CommandContext) {
  const opened = current && (await openTrustRoot(JSON.parse(current.text), key.publicKey, { now }))
  const expired = opened?.ok === false && opened.reason === 'trust_root_expired'
  // What this key did not sign says nothing of what was there before: whoever wrote the draft wrote that too.
  const before = opened?.ok || expired ? current!.trustRoot : null
  terminal.warn(`Root key      ${rootKeyThumbprint(key.publicKey)}`)
  for (const line of describeChanges(trustRoot, before, now)) terminal.warn(line)
  if (current !== null && before === null) {
    terminal.warn(
      'The one before it was signed by another root key: is this the right key, the right network?',
    )
  }
  if (before !== null && trustRoot.version !== before.version + 1) {
    terminal.warn('There are versions between the two: what they changed is not shown')
  }
  if (expired) {
    terminal.warn('The one before it has expired: until this one is published, nothing verifies')
  }
}

async function save(file: string, signed: string, terminal: Terminal): Promise<void> {
  await writeFileAtomically(file, `${signed}\n`).catch((error: Error) => {
    throw inputFailure(`nothing can be saved: ${error.message}`)
  })
  terminal.print(`Saved to ${file}`)
}

async function publish(connection: Connection, signed: string, terminal: Terminal): Promise<void> {
  const idempotencyKey = `trust-root-${createHash('sha256').update(signed).digest('hex')}`
  const request = {
    method: 'POST',
    path: '/v1/trust-root',
    body: signed,
    idempotencyKey,
    authorised: true,
  } as const
  const answer = await callApi(connection, request, (line) => terminal.warn(line))
  const { version, expires_at, activated_key } = answer as Record<string, unknown>
  terminal.print(clean(`Published version ${version}, good until ${shortTime(String(expires_at))}`))
  if (typeof activated_key === 'string') terminal.print(clean(`${activated_key} signs from now on`))
}

/** One line of stdin, which need not be a terminal. Its end is a no. */
async function confirm(question: string, terminal: Terminal): Promise<boolean> {
  terminal.warn(question)
  const lines = createInterface({ input: process.stdin })
  for await (const line of lines) {
    lines.close()
    return /^y(es)?$/i.test(line.trim())
  }
  return false
}
