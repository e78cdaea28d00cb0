import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { ApiFailure, fetchText } from '../api.ts'
import { type Command, type CommandContext, parseOptions } from '../command.ts'
import { CONNECTION_OPTIONS, resolveConnection } from '../configuration.ts'
import { CommandFailure, inputFailure, serverFailure, usageFailure } from '../failure.ts'
import { holdNewestTrustRoot } from '../offline.ts'
import { printVerification } from '../reports/verification.ts'
import { BUNDLE_SUFFIX, readSubject } from '../subject.ts'
import { trustRootsOf, verifyBundle } from '../verify/offline.ts'

const OPTIONS = {
  out: { type: 'string' },
  'root-key': { type: 'string' },
  url: CONNECTION_OPTIONS.url,
} as const

export const bundle: Command = {
  usage: 'coderisk bundle ID|URL [--out FILE|-] [--root-key FILE|JWK] [--url URL]',
  help: `Saves a certificate with all that verifying it takes: the trust root, the signed status list and the proof
from the transparency log. 'coderisk verify FILE' then needs no network at all, and only the network root key that you
pinned (coderisk trust fetch).

The bundle is verified before it is saved. Unless it is valid nothing is saved, and the exit code is 1.

Options:
  --out FILE|-            where to save, - for stdout; CERT-….bundle.json in the current folder by default
  --root-key FILE|JWK     the network root key; else CODERISK_ROOT_KEY, else the pinned one
  --url URL               the network, else CODERISK_URL, else the local stack, else coderisk.com`,

  async run(context) {
    const { values, positionals } = parseOptions(context.args, OPTIONS)
    const [name, ...more] = positionals
    if (name === undefined) throw usageFailure('which certificate? Give its id or its page')
    if (more.length > 0) throw usageFailure(`one certificate at a time: '${more[0]}' is one too many`)
    const subject = await readSubject(name, context.cwd)
    if (subject.kind !== 'id') throw usageFailure(`${name} is here already: give an id`)
    const connection = resolveConnection(values, context.env, context.cwd)
    const path = `/v1/trust/certs/${subject.id}/bundle`
    const report = (line: string) => context.terminal.warn(line)
    const text = await fetchText(connection, { method: 'GET', path }, report).catch(refuseBundle)
    const held = await holdNewestTrustRoot(trustRootsOf([{ name, text }]), values, context)
    const document = await verifyBundle(text, null, held, context)
    if (document.verdict === 'valid' && document.certificate_id !== subject.id) {
      throw serverFailure(`${connection.baseUrl} answered with another certificate`)
    }
    if (document.verdict !== 'valid') {
      printVerification(context.terminal, document, context.now)
      throw new CommandFailure(1, 'the bundle does not verify: nothing was saved')
    }
    await save(text, values.out ?? `${subject.id}${BUNDLE_SUFFIX}`, context)
    return 0
  },
}

/** These are answers, and no faults of the network. */
const REFUSALS: readonly (string | null)[] = [
  'certificate_not_found',
  'certificate_revoked',
  'certificate_invalid',
]

function refuseBundle(error: unknown): never {
  if (!(error instanceof ApiFailure) || !REFUSALS.includes(error.code)) throw error
  throw new CommandFailure(1, error.message, { details: error.details })
}

async function save(text: string, out: string, { terminal, cwd }: CommandContext): Promise<void> {
  if (out === '-') {
    terminal.print(text.replace(/\n$/, ''))
    return
  }
  await writeFile(resolve(cwd, out), text).catch((error: NodeJS.ErrnoException) => {
    throw inputFailure(`the bundle cannot be saved: ${error.message}`)
  })
  terminal.print(`Verified, and saved to ${out}`)
  terminal.print(`Verify it anywhere, with no network: coderisk verify ${out}`)
}
