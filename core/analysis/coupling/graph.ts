const NONE: ReadonlySet<number> = new Set()

/** Files and what they import. Edges lead from the importing file to the imported one. */
export class ImportGraph {
  private readonly ids = new Map<string, number>()
  private readonly names: string[] = []
  // By node; most of what a caller tells of imports nothing.
  private readonly edges: (Set<number> | undefined)[] = []
  private readonly typeEdges: (Set<number> | undefined)[] = []
  private readonly modules: (ReadonlySet<string> | undefined)[] = []

  /** The number of nodes: they are numbered from 0. */
  get size(): number {
    return this.names.length
  }

  /** The node of a file, which is made when there is none. */
  node(path: string): number {
    const known = this.ids.get(path)
    if (known !== undefined) return known
    const id = this.names.push(path) - 1
    this.ids.set(path, id)
    return id
  }

  /** The node of a file, if there is one. */
  find(path: string): number | undefined {
    return this.ids.get(path)
  }

  /** A file that imports itself says nothing. */
  addEdge(from: number, to: number): void {
    if (from === to) return
    this.edges[from] ??= new Set()
    this.edges[from].add(to)
  }

  /** For what is imported for its types alone: a dependency, but none when the program runs. */
  addTypeEdge(from: number, to: number): void {
    if (from === to) return
    this.typeEdges[from] ??= new Set()
    this.typeEdges[from].add(to)
  }

  /** What a node imports that is none of the files. */
  setModules(node: number, modules: ReadonlySet<string>): void {
    this.modules[node] = modules
  }

  path(node: number): string {
    return this.names[node]!
  }

  targets(node: number): ReadonlySet<number> {
    return this.edges[node] ?? NONE
  }

  typeTargets(node: number): ReadonlySet<number> {
    return this.typeEdges[node] ?? NONE
  }

  moduleCount(node: number): number {
    return this.modules[node]?.size ?? 0
  }

  /** What a file counts as in fan-in and fan-out: in Go, where a package is imported as a whole, its folder. */
  unit(node: number): string {
    const path = this.names[node]!
    return path.endsWith('.go') ? path.slice(0, path.lastIndexOf('/') + 1) : path
  }
}

/** How a file depends on others, and they on it. */
export interface Dependencies {
  readonly node: number
  /** Afferent coupling, Ca: how many files, in Go packages, import it. */
  readonly fanIn: number
  /** Efferent coupling, Ce: how many files, in Go packages, and modules from elsewhere it imports. */
  readonly fanOut: number
  /** Ce ÷ (Ca + Ce), 0 to 1 (Martin, "OO Design Quality Metrics", 1994); 0 for a file without either. */
  readonly instability: number
}

/** Fan-in, fan-out and instability of some files. Time grows with the edges of the graph. */
export function dependenciesOf(graph: ImportGraph, nodes: Iterable<number>): Dependencies[] {
  const importers = new Map<number, Set<string>>()
  for (const node of nodes) importers.set(node, new Set())
  for (let from = 0; from < graph.size; from++) {
    for (const to of graph.targets(from)) importers.get(to)?.add(graph.unit(from))
    for (const to of graph.typeTargets(from)) importers.get(to)?.add(graph.unit(from))
  }
  return [...importers].map(([node, units]) => {
    const imported = new Set<string>()
    for (const to of graph.targets(node)) imported.add(graph.unit(to))
    for (const to of graph.typeTargets(node)) imported.add(graph.unit(to))
    const fanIn = units.size
    const fanOut = imported.size + graph.moduleCount(node)
    const instability = fanIn + fanOut === 0 ? 0 : fanOut / (fanIn + fanOut)
    return { node, fanIn, fanOut, instability }
  })
}
