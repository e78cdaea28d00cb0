import { toBase64 } from '../../core/verify/index.ts'
import type { CommandContext, ExitCode } from '../command.ts'
import { CommandFailure, serverFailure } from '../failure.ts'
import { clean, mark } from '../output.ts'
import { counted, witnessText } from '../reports/log.ts'
import { cosignedBy, MAX_CHECKPOINT_BYTES, openCheckpointBytes } from './check-log.ts'
import { httpReader } from './http.ts'
import { ReadFailure } from './objects.ts'
import type { LogSource } from './source.ts'

/** `coderisk log show`: the newest checkpoint, once its signature holds. */
export async function show(source: LogSource, json: boolean, context: CommandContext): Promise<ExitCode> {
  const { terminal } = context
  const bytes = await httpReader(source.url, terminal.warn)('checkpoint', MAX_CHECKPOINT_BYTES).catch(
    (error) => {
      throw error instanceof ReadFailure ? serverFailure(error.message) : error
    },
  )
  if (bytes === null) throw serverFailure(`there is no checkpoint at ${source.url}`)
  const opened = await openCheckpointBytes(bytes, source.verifierKey)
  if (opened === null) {
    throw new CommandFailure(1, `the checkpoint is malformed, or ${source.verifierKey.name} did not sign it`)
  }
  const { origin, size, root, text } = opened
  const witnesses = source.witnesses ? await cosignedBy(source.witnesses.policy, opened.note) : null
  if (json) {
    terminal.printJson({
      origin,
      size,
      root_hash: Buffer.from(root).toString('hex'),
      witnesses,
      checkpoint: text,
    })
  } else {
    terminal.print(`${mark(terminal.paint, 'passed')} ${clean(origin)}: ${counted(size)}, signed by its key`)
    terminal.print(`  Root       ${toBase64(root)}`)
    if (witnesses !== null) terminal.print(`  Witnesses  ${witnessText(witnesses)}`)
  }
  return witnesses?.quorum_reached === false && source.witnesses?.required ? 1 : 0
}
