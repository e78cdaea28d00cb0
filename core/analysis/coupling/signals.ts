import { round } from '../change.ts'
import type { ImportGraph } from './graph.ts'
import { cyclePart, fanPart, type GraphCoupling } from './graph-score.ts'
import type { MissingPartner } from './history.ts'

export const MAX_SIGNALS = 20
/** Files that are named of a cycle, from one of the change on. */
export const MAX_CYCLE_PATHS = 30
/** Importers or imports of a file below which there is nothing to say of them. */
const MIN_FAN = 5

/** What couples the change with other files, for the owner alone: it names files. */
export type CouplingSignal =
  | {
      readonly kind: 'change_coupling'
      readonly path: string
      readonly with: string
      /** Percent, one decimal. */
      readonly degree: number
      readonly shared: number
    }
  /** Each imports the next, and the last the first, if they are not more than are named. */
  | { readonly kind: 'cycle'; readonly paths: string[] }
  | {
      readonly kind: 'fan_in' | 'fan_out'
      readonly path: string
      readonly count: number
      /** 0 to 1, two decimals. */
      readonly instability: number
    }

export interface Signals {
  /** Strongest first, at most `MAX_SIGNALS`. */
  readonly signals: readonly CouplingSignal[]
  /** The strongest in words; null without any. */
  readonly headline: string | null
}

interface Weighed {
  readonly signal: CouplingSignal
  /** What it would come to in the score by itself, 0 to 1. */
  readonly weight: number
  readonly words: string
}

/** Names what the figures come from, by how much each would come to by itself. */
export function describeSignals(
  partners: readonly MissingPartner[],
  graph: { readonly graph: ImportGraph; readonly coupling: GraphCoupling } | null,
): Signals {
  const weighed = [
    ...partners.map(weighPartner),
    ...(graph === null
      ? []
      : [...weighCycles(graph.graph, graph.coupling), ...weighFans(graph.graph, graph.coupling)]),
  ].sort((a, b) => b.weight - a.weight)
  return {
    signals: weighed.slice(0, MAX_SIGNALS).map(({ signal }) => signal),
    headline: weighed[0]?.words ?? null,
  }
}

function weighPartner({ path, with: partner, degree, shared }: MissingPartner): Weighed {
  return {
    signal: { kind: 'change_coupling', path, with: partner, degree, shared },
    weight: degree / 100,
    words: `\`${partner}\` changes with \`${path}\` ${Math.round(degree)} % of the time and is not in this change`,
  }
}

function weighCycles(graph: ImportGraph, { cycles }: GraphCoupling): Weighed[] {
  return cycles.map(({ nodes, shortest }) => {
    const paths = shortest.slice(0, MAX_CYCLE_PATHS).map((node) => graph.path(node))
    const [first, second] = paths
    const words =
      shortest.length === 2
        ? `\`${first}\` and \`${second}\` import each other`
        : `\`${first}\` is in a cycle of ${shortest.length} files that import each other, over \`${second}\``
    return { signal: { kind: 'cycle', paths }, weight: cyclePart(nodes.size), words }
  })
}

function weighFans(graph: ImportGraph, { dependencies }: GraphCoupling): Weighed[] {
  return dependencies.flatMap(({ node, fanIn, fanOut, instability }) => {
    const path = graph.path(node)
    const weigh = (kind: 'fan_in' | 'fan_out', count: number, words: string): Weighed[] => {
      if (count < MIN_FAN) return []
      const signal = { kind, path, count, instability: round(instability, 2) }
      return [{ signal, weight: fanPart(count), words }]
    }
    return [
      ...weigh('fan_in', fanIn, `\`${path}\` is imported by ${fanIn} others`),
      ...weigh('fan_out', fanOut, `\`${path}\` imports ${fanOut} others`),
    ]
  })
}
