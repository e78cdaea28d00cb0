import { buildHintedGraph, buildOwnGraph, type ImportHint, readSources, type SubmittedFile } from './build.ts'
import type { ImportGraph } from './graph.ts'
import { type GraphCoupling, graphCoupling } from './graph-score.ts'
import { type ChangeCoupling, type Commit, changeCoupling } from './history.ts'
import { type CouplingSignal, describeSignals } from './signals.ts'

/**
 * Files with imports to look at without which their own graph alone decides nothing: that of one file shows no
 * coupling.
 */
const MIN_FILES_OF_OWN_GRAPH = 2

export interface CouplingInput {
  readonly files: readonly SubmittedFile[]
  /** All of the change, also those that were not submitted. */
  readonly changedPaths: readonly string[]
  /** Commits before the change, newest first. */
  readonly history: readonly Commit[] | undefined
  /** Files of the repository with the files that they import. */
  readonly hints: readonly ImportHint[] | undefined
  /** 0 to 10: the score above which the check fails. */
  readonly threshold: number
  /** What history and hints are worth. */
  readonly level: 'E1' | 'E2'
}

/** `coupling_analysis` of a certificate, and what only the owner may know. */
export interface CouplingCheck {
  readonly result: 'passed' | 'failed' | 'not_evaluated'
  readonly passed: boolean
  readonly evidence: 'E1' | 'E2' | 'E3' | null
  readonly reasons: readonly string[]
  /** 0 to 10, one decimal, rounded up; null when not evaluated. */
  readonly coupling_score: number | null
  readonly threshold: number
  /** Each like `coupling_score`; null when there was nothing to tell it from. */
  readonly components: {
    readonly history: number | null
    readonly own_graph: number | null
    readonly hinted_graph: number | null
  }
  /** Strongest first, at most `MAX_SIGNALS`. They name files. */
  readonly signals: readonly CouplingSignal[]
  /** The strongest signal in words. It names files. */
  readonly headline: string | null
}

/**
 * How much the change is coupled with files that are not in it, by the commits before (`changeCoupling`), and how
 * entangled its files are, by what they import (`graphCoupling`) and what the caller tells of the files around them.
 *
 * The score is the highest of these: they measure different things, each of which is enough to be careful, and a mean
 * would let a clean graph excuse a forgotten file. What is not known neither raises nor lowers it. Without history
 * and without hints, two submitted files in a language that is understood are needed at least; with fewer nothing is
 * evaluated.
 */
export function checkCoupling(input: CouplingInput): CouplingCheck {
  const { history, threshold } = input
  const coupling = history === undefined ? null : changeCoupling(history, input.changedPaths)
  const graphs = examineGraphs(input)
  const components = {
    history: roundUp(coupling?.score),
    own_graph: roundUp(graphs.own?.coupling.score),
    hinted_graph: roundUp(graphs.hinted?.coupling.score),
  }
  const described = describeSignals(coupling?.partners ?? [], graphs.hinted ?? graphs.own)
  const hasGraph = graphs.hinted !== null || graphs.files >= MIN_FILES_OF_OWN_GRAPH
  const missing = missingEvidence(coupling, hasGraph, graphs.budgetSpent !== null)
  // Hints may be left out, but contents that are too much to read must not pass for the sake of the history.
  if (graphs.budgetSpent === 'contents' || (components.history === null && !hasGraph)) {
    const reasons = missing.join() === 'no_history,no_import_graph' ? ['no_history_or_import_graph'] : missing
    return { ...NOT_EVALUATED, reasons, threshold, components, ...described }
  }
  const score = Math.max(...Object.values(components).map((component) => component ?? 0))
  const passed = score <= threshold
  return {
    result: passed ? 'passed' : 'failed',
    passed,
    evidence: components.history === null && components.hinted_graph === null ? 'E3' : input.level,
    reasons: [...(passed ? [] : [`coupling_above_threshold: ${score}`]), ...missing],
    coupling_score: score,
    threshold,
    components,
    ...described,
  }
}

const NOT_EVALUATED = {
  result: 'not_evaluated',
  passed: false,
  evidence: null,
  coupling_score: null,
} as const

interface Examined {
  readonly graph: ImportGraph
  readonly coupling: GraphCoupling
}

interface Graphs {
  readonly own: Examined | null
  readonly hinted: Examined | null
  /** Submitted files whose imports were read. */
  readonly files: number
  /** What was too much to look at. */
  readonly budgetSpent: 'contents' | 'hints' | null
}

function examineGraphs({ files, changedPaths, hints }: CouplingInput): Graphs {
  const sources = readSources(files)
  const own = sources === null ? null : buildOwnGraph(sources)
  if (sources === null || own === null) return { own: null, hinted: null, files: 0, budgetSpent: 'contents' }
  const submitted = sources.map(({ path }) => path)
  const changed = new Set([...changedPaths, ...submitted])
  const hinted = hints === undefined ? null : buildHintedGraph(sources, hints, changed)
  return {
    own: sources.length === 0 ? null : examine(own, submitted),
    hinted: hinted === null || hinted === 'budget' ? null : examine(hinted, changed),
    files: sources.length,
    budgetSpent: hinted === 'budget' ? 'hints' : null,
  }
}

function examine(graph: ImportGraph, changed: Iterable<string>): Examined {
  const nodes = [...changed].map((path) => graph.find(path)).filter((node) => node !== undefined)
  return { graph, coupling: graphCoupling(graph, nodes) }
}

function missingEvidence(coupling: ChangeCoupling | null, hasGraph: boolean, budgetSpent: boolean): string[] {
  return [
    ...(coupling === null ? ['no_history'] : coupling.score === null ? ['too_little_history'] : []),
    ...(budgetSpent ? ['budget'] : hasGraph ? [] : ['no_import_graph']),
  ]
}

/**
 * One decimal, up: what is above a threshold must not look as if it were not. The millionth is what doubles are off
 * by.
 */
function roundUp(score: number | null | undefined): number | null {
  return score === null || score === undefined
    ? null
    : Math.min(10, Math.max(0, Math.ceil(score * 10 - 1e-6)) / 10)
}
