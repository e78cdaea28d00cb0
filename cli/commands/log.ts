import { type Command, parseOptions } from '../command.ts'
import { CONNECTION_OPTIONS, resolveConnection } from '../configuration.ts'
import { usageFailure } from '../failure.ts'
import { fsck } from '../log/fsck.ts'
import { fetchProof } from '../log/proof.ts'
import { show } from '../log/show.ts'
import { findLog, LOG_SOURCE_OPTIONS } from '../log/source.ts'

const OPTIONS = {
  ...LOG_SOURCE_OPTIONS,
  ...CONNECTION_OPTIONS,
  'from-checkpoint': { type: 'string' },
  'save-checkpoint': { type: 'string' },
  concurrency: { type: 'string' },
  organisation: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const

/** What makes sense only where the whole log is read. */
const FSCK_OPTIONS = ['from-checkpoint', 'save-checkpoint', 'concurrency', 'organisation'] as const

export const log: Command = {
  usage: 'coderisk log fsck [LOG] | show [LOG] | proof ENTRY  [--vkey VKEY] [OPTIONS]',
  help: `Watches the transparency log: a tile log as c2sp.org/tlog-tiles has it, below the URL LOG.

  fsck [LOG]     reads the whole log and checks it: the checkpoint, every tile at every level, every entry, the
                 root, duplicates. Exit code 1 for any fault, 3 if it could not be read to its end
  show [LOG]     the newest checkpoint: size, root, witnesses
  proof ENTRY    prints the proof that an entry is in the log (c2sp.org/tlog-proof), once it has verified it.
                 ENTRY is a certificate (its id, page or file), a leaf hash, or an index

Which log, and its key:
  --vkey VKEY               the log's verifier key, NAME+HASH+BASE64 (c2sp.org/signed-note). Without it the log, its
                            key, its URL and its witnesses are those of the trust root (coderisk trust fetch)
  --trust-root FILE         the saved trust root, if it is not where 'trust fetch' puts it
  --root-key FILE|JWK       the network root key; else CODERISK_ROOT_KEY, else the pinned one
  --witness-policy FILE     witnesses that must have cosigned the checkpoint (c2sp.org/tlog-policy)

Of fsck:
  --from-checkpoint FILE    a checkpoint that was saved before: the log must be a continuation of it
  --save-checkpoint FILE    save the checkpoint, if there is no fault. Both may name one file, for use in a cron job
  --organisation            also check that every certificate of the API key's organisation is in the log, and that
                            the revoked ones are there as revoked. Those of the last minute may still be pending
  --concurrency N           objects that are read at a time, 8 by default
  --url URL, --api-key KEY  the network that is asked for certificates and proofs; else CODERISK_URL, CODERISK_API_KEY

  --json                    one JSON document: ok, url, origin, size, root_hash, checkpoint, read {entries, objects,
                            bytes}, entry_types, earlier, witnesses, certificates, fault_count, faults [{code, where,
                            what, expected, got}] (the first 100), notes [{code, what, count, first}], interrupted

It needs some 350 MB for the first million entries, and 50 MB for each further one: by those it finds duplicates.`,

  async run(context) {
    const { values, positionals } = parseOptions(context.args, OPTIONS)
    const [action, name, ...more] = positionals
    if (more.length > 0) throw usageFailure(`'${more[0]}' is one too many`)
    if (action === 'fsck') return fsck(name, values, context)
    for (const option of FSCK_OPTIONS) {
      if (values[option]) throw usageFailure(`--${option} is for coderisk log fsck`)
    }
    if (action === 'show') return show(await findLog(name, values, context), values.json, context)
    if (action !== 'proof') throw usageFailure('what is to be done? fsck, show or proof')
    if (name === undefined) throw usageFailure('which entry? A certificate, a leaf hash or an index')
    if (values.json) throw usageFailure('a proof is text: c2sp.org/tlog-proof')
    const connection = resolveConnection(values, context.env, context.cwd)
    // A key alone says which log is meant; where it is read from is the network's to say.
    const url = values.vkey === undefined ? undefined : connection.baseUrl
    const { verifierKey } = await findLog(url, values, context)
    const proof = await fetchProof(name, connection, verifierKey, context)
    context.terminal.print(proof.replace(/\n$/, ''))
    return 0
  },
}
