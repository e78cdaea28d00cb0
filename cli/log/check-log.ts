import {
  type Checkpoint,
  decodeUtf8,
  equalBytes,
  MAX_NOTE_LENGTH,
  type OpenedCheckpoint,
  openCheckpoint,
  quorumReached,
  toHex,
  type VerifierKey,
  verifyCosignature,
  type WitnessPolicy,
} from '../../core/verify/index.ts'
import { checkTree } from './check-tree.ts'
import { type EntryMembers, readEntry } from './entry.ts'
import { HashTable, MAX_TABLE_INDEX } from './hash-table.ts'
import { ReadFailure, type ReadObject } from './objects.ts'
import { Findings, type LogReport, TooManyFaults, type WitnessReport } from './report.ts'

export interface LogToCheck {
  readonly read: ReadObject
  /** The log's, type 0x01; its name is the log's origin. */
  readonly verifierKey: VerifierKey
  /** One that was read before: the log must be a continuation of it. */
  readonly earlier?: OpenedCheckpoint | undefined
  readonly witnesses?: { readonly policy: WitnessPolicy; readonly required: boolean } | undefined
  /** Objects that are read at a time, {@link DEFAULT_CONCURRENCY} by default. */
  readonly concurrency?: number | undefined
  readonly onEntry?: ((entry: LoggedEntry) => void) | undefined
  readonly onProgress?: ((entries: number, size: number) => void) | undefined
  /** Goes on where the tree has been read, to add what it finds. */
  readonly afterwards?: ((log: CheckedTree) => Promise<Partial<LogReport>>) | undefined
}

export interface LoggedEntry {
  readonly index: number
  readonly bytes: Uint8Array
  readonly leafHash: Uint8Array
  /** Null for an entry that is malformed. */
  readonly members: EntryMembers | null
}

export interface CheckedTree {
  readonly checkpoint: Checkpoint
  readonly leaves: HashTable
  readonly findings: Findings
}

export const DEFAULT_CONCURRENCY = 8
/** Entries are in the order of their transactions, whose times are those of the requests. */
const MAX_STEP_BACK_MS = 10 * 60_000
/** A note is text in UTF-8. */
export const MAX_CHECKPOINT_BYTES = MAX_NOTE_LENGTH

/**
 * Reads a whole log and checks it: the checkpoint's signature and origin, each tile at each level, each entry, the root,
 * duplicates, and that it is a continuation of an earlier one. What is wrong comes back as faults.
 *
 * Memory: one tile of each level, the objects that are read ahead (a bundle has 16 MiB at most, and 80 KB as a rule), and 40 to
 * 48 bytes for each entry, by which duplicates are found.
 */
export async function checkLog(log: LogToCheck): Promise<LogReport> {
  const findings = new Findings()
  let found: Partial<LogReport> = {}
  let interrupted: string | null = null
  const tell = (more: Partial<LogReport>) => {
    found = { ...found, ...more }
  }
  try {
    await check(log, findings, tell)
  } catch (error) {
    if (error instanceof ReadFailure) interrupted = error.message
    else if (error instanceof TooManyFaults) interrupted = 'too many faults'
    else throw error
  }
  return {
    ...NOTHING_FOUND,
    ...found,
    ok: findings.faultCount === 0 && interrupted === null,
    read: { ...findings.read },
    entry_types: Object.fromEntries([...findings.entryTypes].sort()),
    fault_count: findings.faultCount,
    faults: findings.faults,
    notes: findings.notes,
    interrupted,
  }
}

const NOTHING_FOUND = {
  origin: null,
  size: null,
  root_hash: null,
  checkpoint: null,
  earlier: null,
  witnesses: null,
  certificates: null,
} as const

type Tell = (more: Partial<LogReport>) => void

async function check(log: LogToCheck, findings: Findings, tell: Tell): Promise<void> {
  const opened = await readCheckpoint(log, findings)
  if (opened === null) return
  const { origin, size, root, text } = opened
  tell({ origin, size, root_hash: toHex(root), checkpoint: text })
  tell({ witnesses: await checkWitnesses(log, opened, findings) })
  if (size > MAX_TABLE_INDEX) throw new ReadFailure(`more than ${MAX_TABLE_INDEX} entries cannot be checked`)
  const { earlier, read, concurrency = DEFAULT_CONCURRENCY } = log
  const grows = earlier !== undefined && earlier.size <= size
  const leaves = new HashTable()
  const { earlierRoot } = await checkTree({
    size,
    root,
    earlierSize: grows ? earlier.size : 0,
    read,
    concurrency,
    findings,
    visit: visitor(log, findings, leaves, size),
  })
  if (earlier !== undefined) {
    tell({ earlier: compareEarlier(earlier, opened, grows ? earlierRoot : null, findings) })
  }
  if (log.afterwards !== undefined) tell(await log.afterwards({ checkpoint: opened, leaves, findings }))
}

async function readCheckpoint(
  { read, verifierKey }: LogToCheck,
  findings: Findings,
): Promise<OpenedCheckpoint | null> {
  const bytes = await read('checkpoint', MAX_CHECKPOINT_BYTES)
  if (bytes === null) {
    findings.fault('checkpoint_missing', 'checkpoint', 'there is no checkpoint')
    return null
  }
  findings.read.objects++
  findings.read.bytes += bytes.length
  const opened = await openCheckpointBytes(bytes, verifierKey)
  if (opened === null) {
    findings.fault(
      'checkpoint_invalid',
      'checkpoint',
      'it is malformed, of another log, or not signed by its key',
      {
        expected: verifierKey.text,
      },
    )
  }
  return opened
}

/** @returns null for what is no checkpoint of the log whose key is given */
export async function openCheckpointBytes(
  bytes: Uint8Array,
  verifierKey: VerifierKey,
): Promise<OpenedCheckpoint | null> {
  const text = bytes.length > MAX_CHECKPOINT_BYTES ? null : decodeUtf8(bytes)
  return text === null ? null : openCheckpoint(text, verifierKey)
}

async function checkWitnesses(
  { witnesses }: LogToCheck,
  { note }: OpenedCheckpoint,
  findings: Findings,
): Promise<WitnessReport | null> {
  if (witnesses === undefined) return null
  const report = await cosignedBy(witnesses.policy, note)
  if (!report.quorum_reached) {
    const what = 'too few witnesses of the policy have cosigned'
    if (witnesses.required) {
      findings.fault('quorum_missing', 'checkpoint', what, { expected: witnesses.policy.quorum })
    } else findings.note('quorum_missing', 'checkpoint', what)
  }
  return report
}

/** Which witnesses of a policy have cosigned a checkpoint. */
export async function cosignedBy(
  policy: WitnessPolicy,
  note: OpenedCheckpoint['note'],
): Promise<WitnessReport> {
  const cosigned: { name: string; cosigned_at: string }[] = []
  for (const { name, key } of policy.witnesses) {
    const cosignature = await verifyCosignature(note, key)
    if (cosignature !== null) cosigned.push({ name, cosigned_at: timeText(cosignature.time) })
  }
  const { quorum } = policy
  const quorum_reached = quorumReached(policy, new Set(cosigned.map(({ name }) => name)))
  return { quorum, quorum_reached, cosigned }
}

/** @param seconds since the epoch; a witness may sign any number */
function timeText(seconds: number): string {
  const time = new Date(seconds * 1000)
  return Number.isNaN(time.getTime()) ? `second ${seconds}` : time.toISOString()
}

function visitor(log: LogToCheck, findings: Findings, leaves: HashTable, size: number) {
  let latest = Number.NEGATIVE_INFINITY
  return (index: number, bytes: Uint8Array, leafHash: Uint8Array): void => {
    const where = `entry ${index}`
    const before = leaves.add(index, leafHash)
    if (before !== null) {
      findings.fault('entry_duplicate', where, `it is the same as entry ${before}`, { got: leafHash })
    }
    const read = readEntry(bytes)
    if (!read.ok) findings.fault('entry_malformed', where, `it ${read.fault}`)
    else {
      findings.countEntry(read.entry.type)
      if (!read.known)
        findings.note('entry_type_unknown', where, 'entries of a type that this program does not know')
      const time = Date.parse(read.entry.time)
      if (time < latest - MAX_STEP_BACK_MS) {
        findings.note('time_goes_back', where, 'entries more than 10 minutes older than one before')
      }
      latest = Math.max(latest, time)
    }
    log.onEntry?.({ index, bytes, leafHash, members: read.ok ? read.entry : null })
    log.onProgress?.(index + 1, size)
  }
}

/** @param root of as many entries as the earlier log had; null where the log is smaller, or it cannot be told */
function compareEarlier(
  earlier: Checkpoint,
  now: Checkpoint,
  root: Uint8Array | null,
  findings: Findings,
): LogReport['earlier'] {
  const consistent = root !== null && equalBytes(root, earlier.root)
  if (now.size < earlier.size) {
    const sizes = { expected: `${earlier.size} entries or more`, got: `${now.size}` }
    findings.fault('log_rolled_back', 'checkpoint', 'the log is smaller than it was', sizes)
  } else if (!consistent && root !== null) {
    findings.fault('log_forked', 'checkpoint', `its first ${earlier.size} entries are not those of before`, {
      expected: earlier.root,
      got: root,
    })
  }
  return { size: earlier.size, root_hash: toHex(earlier.root), consistent }
}
