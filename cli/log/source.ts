import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import {
  ED25519_TYPE,
  MAX_POLICY_LENGTH,
  parsePolicy,
  parseVerifierKey,
  trustedLog,
  type VerifierKey,
  type WitnessPolicy,
} from '../../core/verify/index.ts'
import type { CommandContext } from '../command.ts'
import { checkBaseUrl } from '../configuration.ts'
import { inputFailure, usageFailure } from '../failure.ts'
import { openPinnedTrustRoot } from '../offline.ts'
import { inWords } from '../reports/words.ts'

/** Which log, and by what it is judged. */
export interface LogSource {
  /** Without a slash at its end. */
  readonly url: string
  readonly verifierKey: VerifierKey
  readonly witnesses: { readonly policy: WitnessPolicy; readonly required: boolean } | undefined
}

/** Options that say which log. */
export const LOG_SOURCE_OPTIONS = {
  vkey: { type: 'string' },
  'trust-root': { type: 'string' },
  'root-key': { type: 'string' },
  'witness-policy': { type: 'string' },
} as const

interface SourceValues {
  readonly vkey?: string | undefined
  readonly 'trust-root'?: string | undefined
  readonly 'root-key'?: string | undefined
  readonly 'witness-policy'?: string | undefined
}

/**
 * The log of `--vkey`, else the one that the trust root names, which also says where it is and who witnesses it.
 *
 * @param url the log's prefix, if it was given
 * @throws {CommandFailure} exit code 2
 */
export async function findLog(
  url: string | undefined,
  values: SourceValues,
  context: CommandContext,
): Promise<LogSource> {
  const given = values['witness-policy']
  const policy =
    given === undefined ? undefined : { policy: await readPolicy(given, context.cwd), required: true }
  if (values.vkey !== undefined) {
    if (url === undefined) throw usageFailure('with --vkey, say where the log is: coderisk log fsck URL')
    return { url: checkBaseUrl(url), verifierKey: readVerifierKey(values.vkey), witnesses: policy }
  }
  const { opened } = await openPinnedTrustRoot(values, context)
  if (!opened.ok) throw inputFailure(`the trust root is refused: ${inWords(opened.reason)}`)
  const log = trustedLog(opened.trustRoot)
  if (log === null) throw inputFailure('the trust root names no log', "Give the log's key: --vkey VKEY")
  return {
    url: checkBaseUrl(url ?? opened.trustRoot.log!.url),
    verifierKey: log.key,
    witnesses: policy ?? { policy: log.policy, required: log.witnessFailure === 'closed' },
  }
}

function readVerifierKey(text: string): VerifierKey {
  const key = parseVerifierKey(text.trim())
  if (key?.type === ED25519_TYPE) return key
  throw usageFailure('--vkey is not the key of a log: NAME+HASH+BASE64, Ed25519 (c2sp.org/signed-note)')
}

async function readPolicy(name: string, cwd: string): Promise<WitnessPolicy> {
  const text = await readFile(resolve(cwd, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw inputFailure(`the witness policy ${name} cannot be read (${error.code})`)
  })
  if (text.length > MAX_POLICY_LENGTH) throw inputFailure(`${name} is too large to be a witness policy`)
  const parsed = parsePolicy(text)
  if (parsed.ok) return parsed.policy
  throw inputFailure(
    `${name} is no witness policy (c2sp.org/tlog-policy): line ${parsed.line}: ${parsed.fault}`,
  )
}
