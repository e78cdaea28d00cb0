import type { ImportGraph } from './graph.ts'

/**
 * Files that all depend on each other when the program runs, directly or not: a strongly connected component of at
 * least two. What is imported for its types alone closes no cycle.
 */
export interface Cycle {
  readonly nodes: ReadonlySet<number>
  /** The shortest way from one of the nodes asked for back to itself, which it begins with. */
  readonly shortest: readonly number[]
}

/** The cycles that some of the files are part of, largest first. Time grows with the edges that these lead to. */
export function cyclesThrough(graph: ImportGraph, nodes: Iterable<number>): Cycle[] {
  const starts = [...nodes]
  const asked = new Set(starts)
  return components(graph, starts)
    .filter((component) => component.length > 1)
    .flatMap((component) => {
      const start = component.find((node) => asked.has(node))
      if (start === undefined) return []
      const members = new Set(component)
      return [{ nodes: members, shortest: shortestCycle(graph, members, start) }]
    })
    .sort((a, b) => b.nodes.size - a.nodes.size)
}

/** A node on the way down, and its edges that were not yet taken. */
interface Visit {
  readonly node: number
  readonly left: Iterator<number>
}

/** Strongly connected components of what can be reached (Tarjan, 1972), without recursion. */
function components(graph: ImportGraph, starts: readonly number[]): number[][] {
  const found: number[][] = []
  // From 1, in the order in which they were found; 0 for what was not.
  const order = new Uint32Array(graph.size)
  const low = new Uint32Array(graph.size)
  const onStack = new Uint8Array(graph.size)
  const stack: number[] = []
  let entered = 0
  const lower = (node: number, value: number) => {
    if (value < low[node]!) low[node] = value
  }
  const enter = (node: number): Visit => {
    order[node] = ++entered
    low[node] = entered
    stack.push(node)
    onStack[node] = 1
    return { node, left: graph.targets(node).values() }
  }
  const leave = (node: number): void => {
    if (low[node] !== order[node]) return
    const component = stack.splice(stack.lastIndexOf(node))
    for (const member of component) onStack[member] = 0
    found.push(component)
  }
  for (const start of starts) {
    const visits = order[start] !== 0 ? [] : [enter(start)]
    for (let visit = visits.at(-1); visit !== undefined; visit = visits.at(-1)) {
      const next = visit.left.next()
      if (next.done !== true) {
        if (order[next.value] === 0) visits.push(enter(next.value))
        else if (onStack[next.value] === 1) lower(visit.node, order[next.value]!)
        continue
      }
      visits.pop()
      leave(visit.node)
      const parent = visits.at(-1)
      if (parent !== undefined) lower(parent.node, low[visit.node]!)
    }
  }
  return found
}

/** Breadth first, and only within the component, where there is such a way. */
function shortestCycle(graph: ImportGraph, members: ReadonlySet<number>, start: number): number[] {
  const cameFrom = new Map<number, number>()
  const queue = [start]
  for (const node of queue) {
    for (const next of graph.targets(node)) {
      if (next === start) return wayBack(cameFrom, start, node)
      if (!members.has(next) || cameFrom.has(next)) continue
      cameFrom.set(next, node)
      queue.push(next)
    }
  }
  return [start]
}

function wayBack(cameFrom: ReadonlyMap<number, number>, start: number, end: number): number[] {
  const way: number[] = []
  for (let node = end; node !== start; node = cameFrom.get(node)!) way.push(node)
  return [start, ...way.reverse()]
}
