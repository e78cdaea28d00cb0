import { createHash } from 'node:crypto'
import { ensureLog } from '../../../core/log/create.ts'
import { type Sequenced, type SequenceOptions, sequence } from '../../../core/log/sequence.ts'
import { makeLogEntry } from '../../../core/verify/log-entry.ts'
import { LOG_CHECKPOINT_OBJECT } from '../../../schema/kv.ts'
import { MemoryObjectStore } from '../../support/object-store.ts'
import { startTestCore, type TestCore } from '../../unit/core/support.ts'
import { type StaticLog, serveStore } from './static-log.ts'

/** A log of a test's own: its entries are in a database, the sequencer publishes it, and it is served over HTTP. */
export interface SequencedLog {
  readonly core: TestCore
  readonly store: MemoryObjectStore
  readonly served: StaticLog
  readonly vkey: string
  /** Adds entries up to `size` and sequences them. */
  growTo(size: number): Promise<void>
  /** The published checkpoint. */
  checkpoint(): string
  /** Of every entry in the order of its index, as `readLog` of the Go program computes it. */
  digest(): Promise<string>
  leafHash(index: number): Promise<Uint8Array>
  stop(): Promise<void>
}

const ROWS_AT_ONCE = 1_000
const SOME_DIGEST = '00'.repeat(32)

/** @param settings how it is sequenced, once the log's verifier key is known */
export async function startSequencedLog(
  settings: (vkey: string, core: TestCore) => SequenceOptions = () => ({}),
): Promise<SequencedLog> {
  const core = await startTestCore({ keys: false })
  await ensureLog(core.ctx())
  const [log] = await core.db.owner<{ verifier_key: string }[]>`SELECT verifier_key FROM logs`
  const vkey = log!.verifier_key
  const store = new MemoryObjectStore()
  const served = await serveStore(store)
  const options = settings(vkey, core)
  const run = () => sequence(core.ctx(), store, options)
  return {
    core,
    store,
    served,
    vkey,
    async growTo(size) {
      await insertEntries(core, size)
      await runToEnd(run, size)
    },
    checkpoint: () => new TextDecoder().decode(store.bytes(LOG_CHECKPOINT_OBJECT) ?? undefined),
    digest: () => digestOf(core),
    async leafHash(index) {
      const rows = await core.db.owner<{ leaf_hash: Buffer }[]>`
        SELECT leaf_hash FROM log_entries WHERE leaf_index = ${index}`
      return rows[0]!.leaf_hash
    },
    async stop() {
      await served.stop()
      await core.db.stop()
    },
  }
}

async function insertEntries(core: TestCore, size: number): Promise<void> {
  const [row] = await core.db.owner<{ count: number }[]>`SELECT count(*)::int AS count FROM log_entries`
  const time = new Date().toISOString()
  for (let from = row!.count; from < size; from += ROWS_AT_ONCE) {
    const count = Math.min(ROWS_AT_ONCE, size - from)
    const entries = await Promise.all(
      Array.from({ length: count }, (_, i) =>
        makeLogEntry('certificate.issued', `CERT-${from + i}`, time, SOME_DIGEST),
      ),
    )
    const rows = entries.map(({ bytes, leafHash }) => ({
      entry: Buffer.from(bytes),
      leaf_hash: Buffer.from(leafHash),
      created_at: time,
    }))
    await core.db.owner`INSERT INTO log_entries ${core.db.owner(rows)}`
  }
}

async function runToEnd(run: () => Promise<Sequenced>, size: number): Promise<void> {
  for (;;) {
    const { publishedSize, more, held } = await run()
    if (held) throw new Error('the checkpoint is held back')
    if (more) continue
    if (publishedSize !== size) throw new Error(`published ${publishedSize} entries and not ${size}`)
    return
  }
}

async function digestOf(core: TestCore): Promise<string> {
  const rows = await core.db.owner<{ entry: Buffer }[]>`
    SELECT entry FROM log_entries WHERE leaf_index IS NOT NULL ORDER BY leaf_index`
  const hash = createHash('sha256')
  const length = Buffer.alloc(4)
  for (const { entry } of rows) {
    length.writeUInt32BE(entry.length)
    hash.update(length).update(entry)
  }
  return hash.digest('hex')
}
