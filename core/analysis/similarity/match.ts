import { round } from '../change.ts'
import type { Grams } from './winnow.ts'

/** Fewer fingerprints in common are chance. */
export const MIN_SHARED = 5
/** Normalised tokens within which what is shared has to stand: a likeness strewn over a long file is none. */
export const SPAN_TOKENS = 300
/** Fingerprints of an incident that are compared as one: a root cause is a part of the change that it was in. */
export const CHUNK_FINGERPRINTS = 48
/** Fingerprints of incidents that one change is compared with; the caller passes no more. */
export const MAX_INCIDENT_FINGERPRINTS = 200_000
/** Hits that have left the span before they are forgotten, in one go. */
const MAX_LEFT_HITS = 4096
/** Samples that have one fingerprint in common; in further ones it does not count. */
const MAX_SAMPLES_PER_FINGERPRINT = 16

/** What a change is compared with. */
export interface Pattern {
  readonly id: string
  /** Its id is shown to nobody but its owner. */
  readonly private: boolean
  /** Fingerprints of code that shows the pattern, by sample. */
  readonly samples: readonly (readonly number[])[]
}

/** A confirmed incident: the fingerprints of its root-cause change in their order, of this `FINGERPRINT_VERSION`. */
export interface Incident {
  readonly id: string
  readonly private: boolean
  readonly fingerprints: readonly number[]
}

export interface Match {
  readonly id: string
  readonly private: boolean
  /** 0 to 1, two decimals. */
  readonly similarity: number
  /** The index, in what was compared, of the file that is most alike. */
  readonly file: number
  /** The line in it, from 1, up to which it is. */
  readonly line: number
}

/**
 * How like the patterns of a catalogue, and the incidents, a change is: most alike first, and none that shares fewer than
 * `MIN_SHARED` fingerprints within `SPAN_TOKENS`.
 *
 * The similarity to a sample is its containment in the change (Broder, 1997), |F(sample) ∩ F(change)| ÷ |F(sample)|, and
 * to a pattern that of its nearest sample. Containment and not Jaccard's index, and never that of the change in the
 * sample: both fall with each further line, so that a change could be padded until it passes. More code never lowers
 * the similarity.
 *
 * @param change the grams of each file of the change; time and memory grow with their number
 */
export function matchCatalogue(
  change: readonly Grams[],
  catalogue: Catalogue,
  incidents: readonly Incident[] = [],
): Match[] {
  const own =
    incidents.length === 0
      ? []
      : [new Catalogue(incidents.map((incident) => asPattern(incident, catalogue.idioms)))]
  return [catalogue, ...own]
    .flatMap((patterns) => patterns.match(change))
    .sort((a, b) => b.similarity - a.similarity || (a.id < b.id ? -1 : 1))
}

/** Patterns with an index from fingerprints to samples, which is made when it is first needed. */
export class Catalogue {
  readonly patterns: readonly Pattern[]
  /** Grams of ordinary code, which say nothing: they count neither as shared nor as missing. */
  readonly idioms: ReadonlySet<number>
  private made: Index | null = null

  constructor(patterns: readonly Pattern[], idioms: ReadonlySet<number> = new Set()) {
    this.patterns = patterns
    this.idioms = idioms
  }

  match(change: readonly Grams[]): Match[] {
    this.made ??= makeIndex(this.patterns, this.idioms)
    const nearest = findNearest(change, this.made)
    const best = new Map<number, Match>()
    for (const [sample, { shared, file, line }] of nearest) {
      if (shared < MIN_SHARED) continue
      const { pattern, size } = this.made.samples[sample]!
      const similarity = round(shared / size, 2)
      if (similarity <= (best.get(pattern)?.similarity ?? -1)) continue
      const { id, private: isPrivate } = this.patterns[pattern]!
      best.set(pattern, { id, private: isPrivate, similarity, file, line })
    }
    return [...best.values()]
  }
}

interface Index {
  readonly samples: readonly { readonly pattern: number; readonly size: number }[]
  /** From a fingerprint to its first slot; its slots, one for each sample that has it, follow one another. */
  readonly firstSlot: ReadonlyMap<number, number>
  readonly slotHash: Uint32Array
  readonly slotSample: Uint32Array
}

function makeIndex(patterns: readonly Pattern[], idioms: ReadonlySet<number>): Index {
  const samples: { pattern: number; size: number }[] = []
  const holders = new Map<number, number[]>()
  for (const [pattern, { samples: ofPattern }] of patterns.entries()) {
    for (const fingerprints of ofPattern) {
      const telling = [...new Set(fingerprints)].filter((hash) => !idioms.has(hash))
      for (const hash of telling) {
        const samplesWithIt = holders.get(hash)
        if (samplesWithIt === undefined) holders.set(hash, [samples.length])
        else if (samplesWithIt.length < MAX_SAMPLES_PER_FINGERPRINT) samplesWithIt.push(samples.length)
      }
      samples.push({ pattern, size: telling.length })
    }
  }
  const firstSlot = new Map<number, number>()
  const slotHash: number[] = []
  const slotSample: number[] = []
  for (const [hash, samplesWithIt] of holders) {
    firstSlot.set(hash, slotHash.length)
    for (const sample of samplesWithIt) {
      slotHash.push(hash)
      slotSample.push(sample)
    }
  }
  return {
    samples,
    firstSlot,
    slotHash: Uint32Array.from(slotHash),
    slotSample: Uint32Array.from(slotSample),
  }
}

interface Nearest {
  readonly shared: number
  readonly file: number
  readonly line: number
}

/**
 * For each sample, the most of its fingerprints that stand within `SPAN_TOKENS` of one file. One pass over the grams: a
 * hit enters the span of its sample when its gram comes, and leaves it when the grams have gone on too far.
 */
function findNearest(change: readonly Grams[], index: Index): ReadonlyMap<number, Nearest> {
  const nearest = new Map<number, Nearest>()
  const span = new Span(index)
  for (const [file, grams] of change.entries()) {
    for (let i = 0; i < grams.count; i++) {
      const hash = grams.hash[i]!
      const first = index.firstSlot.get(hash)
      if (first === undefined) continue
      span.moveTo(grams.at[i]!)
      for (let slot = first; index.slotHash[slot] === hash; slot++) {
        const sample = index.slotSample[slot]!
        const shared = span.add(slot)
        if (shared > (nearest.get(sample)?.shared ?? 0)) {
          nearest.set(sample, { shared, file, line: grams.line[i]! })
        }
      }
    }
    span.moveTo(Number.POSITIVE_INFINITY)
  }
  return nearest
}

/** The hits not more than `SPAN_TOKENS` behind, and how many different ones each sample has among them. */
class Span {
  private readonly slotSample: Uint32Array
  /** Where each slot was last hit, or −1. */
  private readonly lastHit: Float64Array
  private readonly shared: Uint32Array
  private hits: { slot: number; at: number }[] = []
  private oldest = 0
  private at = 0

  constructor(index: Index) {
    this.slotSample = index.slotSample
    this.lastHit = new Float64Array(index.slotSample.length).fill(-1)
    this.shared = new Uint32Array(index.samples.length)
  }

  moveTo(at: number): void {
    this.at = at
    for (; this.oldest < this.hits.length; this.oldest++) {
      const hit = this.hits[this.oldest]!
      if (at - hit.at <= SPAN_TOKENS) break
      if (this.lastHit[hit.slot] !== hit.at) continue
      this.lastHit[hit.slot] = -1
      this.shared[this.slotSample[hit.slot]!]!--
    }
    if (this.oldest > MAX_LEFT_HITS) {
      this.hits = this.hits.slice(this.oldest)
      this.oldest = 0
    }
  }

  /** Gives how many different fingerprints of the slot's sample are in the span with it. */
  add(slot: number): number {
    const sample = this.slotSample[slot]!
    if (this.lastHit[slot] === -1) this.shared[sample]!++
    this.lastHit[slot] = this.at
    this.hits.push({ slot, at: this.at })
    return this.shared[sample]!
  }
}

/** Half-overlapping chunks, so that a part of a long change is found wherever it begins. */
function asPattern({ id, private: isPrivate, fingerprints }: Incident, idioms: ReadonlySet<number>): Pattern {
  const telling = fingerprints.filter((hash) => !idioms.has(hash))
  const samples: number[][] = []
  const step = CHUNK_FINGERPRINTS / 2
  for (let from = 0; from === 0 || from + step < telling.length; from += step) {
    samples.push(telling.slice(from, from + CHUNK_FINGERPRINTS))
  }
  return { id, private: isPrivate, samples }
}
