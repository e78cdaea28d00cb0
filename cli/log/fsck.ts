import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { OpenedCheckpoint, VerifierKey } from '../../core/verify/index.ts'
import type { CommandContext, ExitCode } from '../command.ts'
import { type Connection, resolveConnection } from '../configuration.ts'
import { CommandFailure, inputFailure, usageFailure } from '../failure.ts'
import { printLogReport } from '../reports/log.ts'
import { writeFileAtomically } from '../trust-store.ts'
import { checkCertificates, Revocations } from './certificates.ts'
import { checkLog, DEFAULT_CONCURRENCY, type LogToCheck, openCheckpointBytes } from './check-log.ts'
import { httpReader } from './http.ts'
import { askRevokedAt, listCertificates } from './list-certificates.ts'
import { ReadFailure } from './objects.ts'
import type { LogReport } from './report.ts'
import { findLog } from './source.ts'

export interface FsckValues {
  readonly vkey?: string | undefined
  readonly 'trust-root'?: string | undefined
  readonly 'root-key'?: string | undefined
  readonly 'witness-policy'?: string | undefined
  readonly 'from-checkpoint'?: string | undefined
  readonly 'save-checkpoint'?: string | undefined
  readonly concurrency?: string | undefined
  readonly organisation: boolean
  readonly json: boolean
  readonly url?: string | undefined
  readonly 'api-key'?: string | undefined
}

const MAX_CONCURRENCY = 64
/** Between two lines of progress. */
const PROGRESS_INTERVAL_MS = 200

/** `coderisk log fsck`: reads a whole log over HTTP, says what is wrong, and saves its checkpoint if nothing is. */
export async function fsck(
  url: string | undefined,
  values: FsckValues,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal } = context
  const concurrency = readConcurrency(values.concurrency)
  const organisation = values.organisation ? organisationToCheck(values, context) : null
  const source = await findLog(url, values, context)
  const earlier = await readEarlier(values, source.verifierKey, context.cwd)
  const revocations = new Revocations()
  const report = await checkLog({
    read: httpReader(source.url, terminal.warn),
    verifierKey: source.verifierKey,
    witnesses: source.witnesses,
    earlier: earlier ?? undefined,
    concurrency,
    onProgress: progress(context),
    ...(organisation === null ? {} : withCertificates(organisation, revocations, context)),
  })
  if (values.json) terminal.printJson({ url: source.url, ...report })
  else printLogReport(terminal, source.url, report)
  if (report.ok) await saveCheckpoint(values['save-checkpoint'], report, context)
  if (report.ok) return 0
  return report.fault_count > 0 ? 1 : 3
}

function readConcurrency(text: string | undefined): number {
  if (text === undefined) return DEFAULT_CONCURRENCY
  const concurrency = Number(text)
  if (/^\d+$/.test(text) && concurrency >= 1 && concurrency <= MAX_CONCURRENCY) return concurrency
  throw usageFailure(`--concurrency is a number from 1 to ${MAX_CONCURRENCY}`)
}

function organisationToCheck(values: FsckValues, { env, cwd }: CommandContext): Connection {
  const connection = resolveConnection(values, env, cwd)
  if (connection.apiKey !== null) return connection
  throw usageFailure('--organisation needs an API key: CODERISK_API_KEY, or --api-key')
}

/** While checkpoints are saved to the file that they are read from, there is none the first time. */
async function readEarlier(
  { 'from-checkpoint': name, 'save-checkpoint': saved }: FsckValues,
  verifierKey: VerifierKey,
  cwd: string,
): Promise<OpenedCheckpoint | null> {
  if (name === undefined) return null
  const file = resolve(cwd, name)
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && saved !== undefined && resolve(cwd, saved) === file) return null
    throw inputFailure(`the checkpoint ${name} cannot be read (${error.code})`)
  })
  if (bytes === null) return null
  const earlier = await openCheckpointBytes(bytes, verifierKey)
  if (earlier === null) throw inputFailure(`${name} is no checkpoint that ${verifierKey.name} signed`)
  return earlier
}

function withCertificates(
  connection: Connection,
  revocations: Revocations,
  { terminal, now }: CommandContext,
): Pick<LogToCheck, 'onEntry' | 'afterwards'> {
  return {
    onEntry: (entry) => revocations.add(entry),
    afterwards: async (tree) => {
      terminal.progress('asking for the certificates of the organisation')
      const certificates = listCertificates(connection, terminal.warn)
      const revokedAt = (id: string) => askRevokedAt(connection, id, terminal.warn)
      try {
        const found = await checkCertificates(certificates, tree, revocations, now.getTime(), revokedAt)
        return { certificates: found }
      } catch (error) {
        // What the log itself came to is worth having without the network's answers.
        if (error instanceof CommandFailure) throw new ReadFailure(error.message)
        throw error
      }
    },
  }
}

function progress({ terminal }: CommandContext): LogToCheck['onProgress'] {
  let next = 0
  return (entries, size) => {
    const now = performance.now()
    if (now < next) return
    next = now + PROGRESS_INTERVAL_MS
    terminal.progress(`${entries.toLocaleString('en-GB')} of ${size.toLocaleString('en-GB')} entries`)
  }
}

async function saveCheckpoint(
  name: string | undefined,
  { checkpoint }: LogReport,
  { cwd }: CommandContext,
): Promise<void> {
  if (name === undefined || checkpoint === null) return
  await writeFileAtomically(resolve(cwd, name), checkpoint).catch((error: NodeJS.ErrnoException) => {
    throw inputFailure(`the checkpoint cannot be saved: ${error.message}`)
  })
}
