import { toHex } from '../../core/verify/index.ts'

/** What is wrong with a log. Each code is one kind of fault; a reader may branch on it. */
export type FaultCode =
  /** There is no checkpoint. */
  | 'checkpoint_missing'
  /** It is malformed, of another origin, or the log's key did not sign it. */
  | 'checkpoint_invalid'
  /** A tile or an entry bundle that the tree must have is not there. */
  | 'object_missing'
  /** It has another length, or another number of entries, than its place in the tree asks for. */
  | 'object_length'
  /** It is no entry bundle. */
  | 'bundle_malformed'
  /** A hash of a tile is not the one of what lies below it. */
  | 'tile_mismatch'
  /** An entry does not hash to what its tile has, and the signed root vouches for the tile. */
  | 'entry_mismatch'
  /** What is there hashes to another subtree than the one that the signed root vouches for. */
  | 'subtree_mismatch'
  /** All that is there hashes to another root than the signed one. */
  | 'root_mismatch'
  /** An entry is not in RFC 8785 form, or lacks a member, or has one of another form. */
  | 'entry_malformed'
  /** Two entries are equal. */
  | 'entry_duplicate'
  /** The log is smaller than it was. */
  | 'log_rolled_back'
  /** The log does not begin as it did. */
  | 'log_forked'
  /** Too few witnesses have cosigned the checkpoint. */
  | 'quorum_missing'
  /** The entry of a certificate's issue is not in the log. */
  | 'certificate_missing'
  /** The network says that a certificate's entry has another index. */
  | 'certificate_index'
  /** A certificate is revoked, and the log has no entry of that. */
  | 'revocation_missing'

export interface Fault {
  readonly code: FaultCode
  /** A path below the log's URL, an entry as `entry 12`, or a certificate's id. */
  readonly where: string
  readonly what: string
  readonly expected: string | null
  readonly got: string | null
}

export type NoteCode = 'entry_type_unknown' | 'time_goes_back' | 'quorum_missing'

/** What is worth knowing and no fault. */
export interface Note {
  readonly code: NoteCode
  readonly what: string
  readonly count: number
  /** The first one, as {@link Fault.where}. */
  readonly first: string
}

/** The outcome of a check; as JSON it is the document of `coderisk log fsck --json`. */
export interface LogReport {
  /** All of it was read, and nothing is wrong. */
  readonly ok: boolean
  readonly origin: string | null
  /** In entries. */
  readonly size: number | null
  /** Hex. */
  readonly root_hash: string | null
  /** The signed note, with the cosignatures that it has. */
  readonly checkpoint: string | null
  /** How many entries, tiles and bundles were read, and the bytes of all of them. */
  readonly read: { readonly entries: number; readonly objects: number; readonly bytes: number }
  /** Entries by their type. */
  readonly entry_types: Readonly<Record<string, number>>
  /** The checkpoint of before, and whether this log is a continuation of it; null where there was none. */
  readonly earlier: { readonly size: number; readonly root_hash: string; readonly consistent: boolean } | null
  /** Of the witness policy; null where there was none. */
  readonly witnesses: WitnessReport | null
  /** Null unless they were asked for. */
  readonly certificates: CertificatesReport | null
  readonly fault_count: number
  /** The first ones. */
  readonly faults: readonly Fault[]
  readonly notes: readonly Note[]
  /** Why not all of it was read; null if it was. */
  readonly interrupted: string | null
}

export interface WitnessReport {
  /** What the policy asks for: `none`, or the name of a witness or group. */
  readonly quorum: string
  readonly quorum_reached: boolean
  readonly cosigned: readonly { readonly name: string; readonly cosigned_at: string }[]
}

export interface CertificatesReport {
  readonly checked: number
  readonly included: number
  /** Too new to be in the log already. */
  readonly pending: number
  readonly revoked: number
}

/** Faults that are kept by default; all are counted. */
export const MAX_FAULTS_KEPT = 100
/** After so many the log is given up: more of the same would tell nobody anything. */
export const MAX_FAULTS = 100_000
/** Names of entry types that are counted one by one; they come from the log. */
const MAX_ENTRY_TYPES = 64

/** Too many faults: the check ends. */
export class TooManyFaults extends Error {}

/** Collects what a check finds. */
export class Findings {
  readonly faults: Fault[] = []
  readonly entryTypes = new Map<string, number>()
  readonly read = { entries: 0, objects: 0, bytes: 0 }
  faultCount = 0
  readonly #notes = new Map<NoteCode, { -readonly [K in keyof Note]: Note[K] }>()
  readonly #kept: number

  /** @param kept how many faults are kept; all are counted */
  constructor(kept: number = MAX_FAULTS_KEPT) {
    this.#kept = kept
  }

  /** @throws {TooManyFaults} */
  fault(
    code: FaultCode,
    where: string,
    what: string,
    values: { expected?: string | Uint8Array; got?: string | Uint8Array } = {},
  ): void {
    this.faultCount++
    if (this.faults.length < this.#kept) {
      this.faults.push({ code, where, what, expected: inHex(values.expected), got: inHex(values.got) })
    }
    if (this.faultCount >= MAX_FAULTS) throw new TooManyFaults()
  }

  note(code: NoteCode, first: string, what: string): void {
    const known = this.#notes.get(code)
    if (known === undefined) this.#notes.set(code, { code, what, count: 1, first })
    else known.count++
  }

  countEntry(type: string): void {
    const name = this.entryTypes.has(type) || this.entryTypes.size < MAX_ENTRY_TYPES ? type : 'others'
    this.entryTypes.set(name, (this.entryTypes.get(name) ?? 0) + 1)
  }

  get notes(): Note[] {
    return [...this.#notes.values()]
  }
}

function inHex(value: string | Uint8Array | undefined): string | null {
  if (value === undefined) return null
  return typeof value === 'string' ? value : toHex(value)
}
