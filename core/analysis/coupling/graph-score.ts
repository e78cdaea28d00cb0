import { type Cycle, cyclesThrough } from './cycles.ts'
import { type Dependencies, dependenciesOf, type ImportGraph } from './graph.ts'

/** What a cycle can come to at most, of 1. */
const MOST_OF_CYCLE = 0.7
/** What fan-in and fan-out can come to each, of 1, and how many files or modules come to half of that. */
const MOST_OF_FAN = 0.5
const HALF_OF_FAN = 20

/** What an import graph says of some of its files. */
export interface GraphCoupling {
  /** 0 to 10, unrounded. */
  readonly score: number
  /** Largest first. */
  readonly cycles: readonly Cycle[]
  readonly dependencies: readonly Dependencies[]
}

/**
 * How entangled some files are, 0 to 10: 10 × (1 − (1 − cycle) × (1 − fan-in) × (1 − fan-out)), each of the largest
 * cycle, the largest fan-in and the largest fan-out that any of the files has.
 *
 * - cycle: 0.7 × (n − 1) ÷ (n + 1) of n files, so 0.23 for two that import each other, 0.47 for five, 0.67 for fifty.
 *   It weighs most: none of its files can be understood, tested or changed without the others. Imports of types close
 *   no cycle.
 * - fan-in, fan-out: 0.5 × n ÷ (n + 20). What many depend on is a risk to change.
 *
 * No single one of them reaches 8: what many import is often meant to be so, and well-kept packages of Python are
 * cycles of fifty files, by imports within functions. A hub of many imports, both ways, within a large cycle does.
 *
 * None of the three falls when an edge or a module is added. Instability is not in it, since it falls with fan-in;
 * what is unstable is not bad for that.
 */
export function graphCoupling(graph: ImportGraph, nodes: readonly number[]): GraphCoupling {
  const cycles = cyclesThrough(graph, nodes)
  const dependencies = dependenciesOf(graph, nodes)
  let fanIn = 0
  let fanOut = 0
  for (const file of dependencies) {
    fanIn = Math.max(fanIn, file.fanIn)
    fanOut = Math.max(fanOut, file.fanOut)
  }
  const untouched = (1 - cyclePart(cycles[0]?.nodes.size ?? 1)) * (1 - fanPart(fanIn)) * (1 - fanPart(fanOut))
  return { score: 10 * (1 - untouched), cycles, dependencies }
}

/** 0 to 0.7, of the number of files in a cycle; 0 for 1. */
export function cyclePart(files: number): number {
  return (MOST_OF_CYCLE * (files - 1)) / (files + 1)
}

/** 0 to 0.5, of fan-in or fan-out. */
export function fanPart(count: number): number {
  return (MOST_OF_FAN * count) / (count + HALF_OF_FAN)
}
