import type { Verification } from '../../schema/wire/verification.ts'
import type { CodeSource } from '../code-check.ts'
import { type Command, type CommandContext, type ExitCode, parseOptions } from '../command.ts'
import { resolveConnection } from '../configuration.ts'
import { usageFailure } from '../failure.ts'
import { holdNewestTrustRoot, openPinnedTrustRoot, type TrustOptions } from '../offline.ts'
import { clean } from '../output.ts'
import { printVerification, type VerificationDocument } from '../reports/verification.ts'
import { addBundle, type BundleFile, readBundleFile, readSubject, type Subject } from '../subject.ts'
import { trustRootsOf, verifyBundle, verifyCertificate } from '../verify/offline.ts'
import { verifyOnline } from '../verify/online.ts'

const OPTIONS = {
  offline: { type: 'boolean', default: false },
  'trust-root': { type: 'string' },
  'root-key': { type: 'string' },
  'allow-unknown-status': { type: 'boolean', default: false },
  files: { type: 'string', multiple: true },
  code: { type: 'string' },
  json: { type: 'boolean', default: false },
  url: { type: 'string' },
} as const

export const verify: Command = {
  usage: 'coderisk verify ID|URL|FILE|BUNDLE…|FOLDER|- [PATHS…] [--offline] [--code FILE] [--json]',
  help: `Says whether a certificate holds, check by check. Exit code 0 only when the verdict is valid.

What is verified:
  ID                      CERT-YYYY-…, asked of the network, with its live status
  URL                     the page or badge of a certificate: its id is asked of the network, not of that host
  FILE, or - for stdin    a certificate (JSON, or what 'certify --json' printed) or its JWS
  BUNDLE…                 offline bundles (coderisk bundle ID), with no network at all: each brings the trust root, the
                          status list and the proof from the transparency log; the pinned root key vouches for them
  FOLDER                  every *.bundle.json in it and in its .coderisk; the worst verdict gives the exit code

PATHS after them are code: files, or a folder that holds the certificate's files. It is compared with what was
certified. Nothing is sent.

Options:
  --files PATHS…          the same as PATHS
  --code FILE             also compare the code, for a certificate of one piece of code
  --offline               a FILE without any network: needs a saved trust root (coderisk trust fetch)
  --trust-root FILE       the saved trust root, if it is not where 'trust fetch' puts it. A newer one in a bundle counts
                          instead, and is saved there; an older one than was ever accepted is refused
  --root-key FILE|JWK     the network root key; else CODERISK_ROOT_KEY, else the pinned one
  --allow-unknown-status  a FILE says nothing of its status, and what a bundle says of it runs out: the verdict is then
                          'indeterminate' and the exit code 1. This makes exactly that case exit code 0
  --json                  one JSON document; of several bundles { results: [{ file, … }] }
  --url URL               the network, else CODERISK_URL, else the local stack, else coderisk.com`,

  async run(context) {
    const { values, positionals } = parseOptions(context.args, OPTIONS)
    const [name, ...more] = positionals
    if (name === undefined) throw usageFailure('which certificate? Give its id, its page, a file or a folder')
    const { subject, paths } = await readSubjects(name, more, values.files !== undefined, context.cwd)
    const source = readCodeSource(values, paths)
    checkOfflineOptions(values, subject)
    if (subject.kind === 'bundles') return verifyBundles(subject, source, values, context)
    const document = await verifyOne(subject, source, values, context)
    if (values.json) context.terminal.printJson(document)
    else printVerification(context.terminal, document, context.now)
    return conclude(document, values['allow-unknown-status'], context, values.json)
  },
}

interface VerifyOptions extends TrustOptions {
  readonly offline: boolean
  readonly 'allow-unknown-status': boolean
  readonly json: boolean
  readonly url?: string | undefined
}

/** Bundles may be several; what is none of them is code. After `--files` everything is. */
async function readSubjects(
  name: string,
  more: readonly string[],
  allCode: boolean,
  cwd: string,
): Promise<{ subject: Subject; paths: readonly string[] }> {
  const subject = await readSubject(name, cwd)
  if (subject.kind !== 'bundles' || subject.folder || allCode) return { subject, paths: more }
  const bundles = [...subject.bundles]
  let count = 0
  for (const next of more) {
    const bundle = await readBundleFile(next, cwd)
    if (bundle === null) break
    addBundle(bundles, bundle)
    count++
  }
  return { subject: { ...subject, bundles }, paths: more.slice(count) }
}

function readCodeSource(
  values: { files?: string[] | undefined; code?: string | undefined },
  paths: readonly string[],
): CodeSource | null {
  const files = [...(values.files ?? []), ...paths]
  if (values.code === undefined) return files.length === 0 ? null : { kind: 'files', paths: files }
  if (files.length > 0) throw usageFailure('give files or --code, not both')
  return { kind: 'code', file: values.code }
}

function checkOfflineOptions(values: VerifyOptions, { kind }: Subject): void {
  if (values.offline && kind === 'id') {
    throw usageFailure('--offline needs the certificate itself, in a file: an id can only be looked up')
  }
  if (values.offline || kind === 'bundles') return
  for (const name of ['trust-root', 'root-key', 'allow-unknown-status'] as const) {
    if (values[name]) throw usageFailure(`--${name} is for --offline, and for bundles`)
  }
}

async function verifyOne(
  subject: Exclude<Subject, { kind: 'bundles' }>,
  source: CodeSource | null,
  values: VerifyOptions,
  context: CommandContext,
): Promise<VerificationDocument> {
  if (subject.kind === 'document' && values.offline) {
    return verifyCertificate(subject.text, source, await openPinnedTrustRoot(values, context), context)
  }
  return verifyOnline(
    resolveConnection({ url: values.url }, context.env, context.cwd),
    subject,
    source,
    context,
  )
}

async function verifyBundles(
  { bundles, folder }: { bundles: readonly BundleFile[]; folder: boolean },
  source: CodeSource | null,
  values: VerifyOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal } = context
  const held = await holdNewestTrustRoot(trustRootsOf(bundles), values, context)
  const single = bundles.length === 1 && !folder
  const results: { file: string; document: VerificationDocument }[] = []
  let worst: ExitCode = 0
  for (const { name, text } of bundles) {
    const document = await verifyBundle(text, source, held, context)
    results.push({ file: name, document })
    if (!values.json) {
      if (!single) terminal.print(`${results.length === 1 ? '' : '\n'}${terminal.paint.dim(clean(name))}`)
      printVerification(terminal, document, context.now)
    }
    const code = conclude(document, values['allow-unknown-status'], context, values.json)
    if (code > worst) worst = code
  }
  if (values.json && single) terminal.printJson(results[0]!.document)
  else if (values.json) {
    terminal.printJson({ results: results.map(({ file, document }) => ({ file, ...document })) })
  }
  return worst
}

/** What nobody can know without a network. */
const UNKNOWN_STATUS: readonly string[] = ['status_unavailable', 'status_stale']

function conclude(
  document: VerificationDocument,
  allowUnknownStatus: boolean,
  { terminal }: CommandContext,
  json: boolean,
): ExitCode {
  if (document.verdict === 'valid') return 0
  if (document.verdict !== 'indeterminate' || !isOnlyStatus(document)) return 1
  if (!json) {
    terminal.print()
    terminal.print('All that can be checked without a network holds. Whether it was revoked since cannot be.')
    terminal.print(
      allowUnknownStatus
        ? 'Accepted by --allow-unknown-status.'
        : 'Verify online for that, or accept it with --allow-unknown-status.',
    )
  }
  return allowUnknownStatus ? 0 : 1
}

function isOnlyStatus(document: Verification): boolean {
  return 'offline' in document && document.reasons.every((reason) => UNKNOWN_STATUS.includes(reason))
}
