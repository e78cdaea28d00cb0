import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import {
  fromBase64Url,
  isFlattenedJws,
  type OpenedTrustRoot,
  parseStrictJson,
  readTrustRoot,
  type TrustRoot,
} from '../../core/verify/index.ts'
import { type CommandContext, type ExitCode, parseOptions } from '../command.ts'
import { CommandFailure, inputFailure, usageFailure } from '../failure.ts'
import { openTrustRootText, TRUST_ROOT_FILE } from '../offline.ts'
import { mark } from '../output.ts'
import { inWords } from '../reports/words.ts'
import {
  configurationFile,
  findRootKey,
  type RootKey,
  readTrustStore,
  rootKeyThumbprint,
} from '../trust-store.ts'
import { describeTrustRoot } from './describe.ts'

const OPTIONS = {
  'root-key': { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

/** `coderisk trust show`: what a trust root says, and whether that counts. It changes nothing. */
export async function showTrust(context: CommandContext): Promise<ExitCode> {
  const { env, cwd, now, terminal } = context
  const { values, positionals } = parseOptions(context.args, OPTIONS)
  const [name, ...more] = positionals
  if (more.length > 0) throw usageFailure(`'${more[0]}' is one too many`)
  const file = name === undefined ? configurationFile(env, TRUST_ROOT_FILE) : resolve(cwd, name)
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw inputFailure(
      `the trust root ${file} cannot be read (${error.code})`,
      'Save it: coderisk trust fetch',
    )
  })
  const root = readUnverified(text)
  if (root === null) throw new CommandFailure(1, `${file} is not a trust root`)
  const store = await readTrustStore(env)
  const rootKey = await findRootKey(values['root-key'], env, store)
  const opened = rootKey === null ? null : await openTrustRootText(text, rootKey, store, now)
  const accepted = opened?.ok === true
  if (values.json) terminal.printJson(describeJson(root, rootKey, opened))
  else {
    terminal.print(`${mark(terminal.paint, accepted ? 'passed' : 'failed')} ${sentence(rootKey, opened)}`)
    terminal.print()
    for (const line of describeTrustRoot(root, now)) terminal.print(line)
  }
  return accepted ? 0 : 1
}

/** What a trust root says, whoever signed it. */
export function readUnverified(text: string): TrustRoot | null {
  const parsed = parseStrictJson(text)
  if (!parsed.ok || !isFlattenedJws(parsed.value)) return null
  const payload = fromBase64Url(parsed.value.payload)
  return payload === null ? null : readTrustRoot(new TextDecoder().decode(payload))
}

function sentence(rootKey: RootKey | null, opened: OpenedTrustRoot | null): string {
  if (rootKey === null || opened === null) {
    return 'No root key is pinned, so this proves nothing: coderisk trust fetch --pin THUMBPRINT'
  }
  const thumbprint = rootKeyThumbprint(rootKey)
  if (opened.ok) return `Signed by root key ${thumbprint}`
  if (opened.reason === 'trust_root_not_pinned') {
    return `Root key ${thumbprint} did not sign this: it proves nothing`
  }
  return `Signed by root key ${thumbprint}, and refused: ${inWords(opened.reason)}`
}

function describeJson(trust_root: TrustRoot, rootKey: RootKey | null, opened: OpenedTrustRoot | null) {
  const reason = opened === null ? 'no_root_key' : opened.ok ? null : opened.reason
  const root_key = rootKey === null ? null : rootKeyThumbprint(rootKey)
  return { accepted: reason === null, reason, root_key, trust_root }
}
