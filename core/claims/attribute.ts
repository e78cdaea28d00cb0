import { DEFAULTS } from '../insurance/defaults.ts'
import { type AttributionInput, findSignals, type Signal } from './signals.ts'

/** Ten-thousandths: without a second independent signal nothing is believed more than this. */
const CAP = DEFAULTS.claims.automaticConfidenceBp
const CERTAIN = 10_000

export type AttributionReason =
  | 'no_candidate'
  | 'one_independent_signal'
  | 'signals_disagree'
  | 'incident_refuted'

export interface WeighedSignal extends Signal {
  /** Whether it is in the confidence: of each origin, and of each kind, only one is. */
  readonly counted: boolean
}

export interface Attribution {
  /** Null when nothing points to any commit. */
  readonly commitSha: string | null
  /** Ten-thousandths, 0 to 10,000. */
  readonly confidence: number
  /** All signals of that commit, strongest first. */
  readonly signals: readonly WeighedSignal[]
  readonly reasons: readonly AttributionReason[]
  readonly rivals: readonly { readonly commitSha: string; readonly confidence: number }[]
}

/** Rivals beyond these are left out. */
const MAX_RIVALS = 5

/**
 * Which commit an incident is put down to. The confidence is a noisy-or of its signals, 1 − Π(1 − weight), over those that are
 * independent: of all that rests on one fact only the strongest counts, and all that the claimant signed is one fact, so that
 * more webhooks of a claimant's own never raise it above what one of them says. Above 0.85 takes two independent signals, and
 * none that names another commit. Pure; the order of what it is given does not matter.
 */
export function attribute(input: AttributionInput): Attribution {
  const signals = findSignals(input)
  const reasons: AttributionReason[] = input.incident.factState === 'refuted' ? ['incident_refuted'] : []
  const [best, ...others] = rank(signals)
  if (best === undefined) {
    return { commitSha: null, confidence: 0, signals: [], reasons: [...reasons, 'no_candidate'], rivals: [] }
  }
  if (countOf(best) < 2) reasons.push('one_independent_signal')
  if (others.some((other) => other.signals.some(names))) reasons.push('signals_disagree')
  return {
    commitSha: best.commitSha,
    confidence: reasons.length > 0 ? Math.min(best.confidence, CAP) : best.confidence,
    signals: best.signals,
    reasons,
    rivals: others.slice(0, MAX_RIVALS).map(({ commitSha, confidence }) => ({
      commitSha,
      confidence: Math.min(confidence, CAP),
    })),
  }
}

interface Candidate {
  readonly commitSha: string
  readonly confidence: number
  readonly signals: readonly WeighedSignal[]
}

/** One that is named outright goes before all others; then the highest confidence; then more signals; then the stronger one; then the id, so that there is one answer. */
function rank(signals: readonly Signal[]): Candidate[] {
  const byCommit = new Map<string, Signal[]>()
  for (const signal of signals) {
    byCommit.set(signal.commitSha, [...(byCommit.get(signal.commitSha) ?? []), signal])
  }
  return [...byCommit]
    .map(([commitSha, own]) => {
      const weighed = weigh(own)
      return { commitSha, signals: weighed, confidence: noisyOr(weighed.filter(({ counted }) => counted)) }
    })
    .sort(
      (a, b) =>
        Number(b.signals.some(names)) - Number(a.signals.some(names)) ||
        b.confidence - a.confidence ||
        countOf(b) - countOf(a) ||
        b.signals[0]!.weight - a.signals[0]!.weight ||
        (a.commitSha < b.commitSha ? -1 : 1),
    )
}

/** The provider's word goes before the claimant's on the same; then the strongest of each origin counts. */
function weigh(signals: readonly Signal[]): WeighedSignal[] {
  const kinds = new Set<string>()
  const origins = new Set<string>()
  const sorted = [...signals].sort(
    (a, b) =>
      (a.source === b.source ? 0 : a.source === 'provider' ? -1 : 1) ||
      b.weight - a.weight ||
      compare(a.kind, b.kind) ||
      compare(a.origin, b.origin),
  )
  const weighed = sorted.map((signal) => {
    const counted = !kinds.has(signal.kind) && !origins.has(signal.origin)
    if (counted) {
      kinds.add(signal.kind)
      origins.add(signal.origin)
    }
    return { ...signal, counted }
  })
  return weighed.sort((a, b) => Number(b.counted) - Number(a.counted) || b.weight - a.weight)
}

/** In whole numbers, so that no order of the factors makes another sum. Rounded down. */
function noisyOr(signals: readonly Signal[]): number {
  const scale = BigInt(CERTAIN) ** BigInt(signals.length)
  const missed = signals.reduce((product, { weight }) => product * BigInt(CERTAIN - weight), 1n)
  return Number(((scale - missed) * BigInt(CERTAIN)) / scale)
}

function countOf({ signals }: Candidate): number {
  return signals.filter(({ counted }) => counted).length
}

/** Whether a signal names its commit outright. Files are changed by many commits, and before each other deployed. */
function names({ kind }: Signal): boolean {
  return kind === 'release_sha' || kind === 'revert'
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
