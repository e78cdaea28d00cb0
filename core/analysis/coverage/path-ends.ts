/**
 * Finds which of some paths another one ends with, in whole segments, itself included. It goes through the segments from the
 * last to the first as long as some path has them, so that it costs no more than to read the path: reports may name 20,000
 * files that are all `index.ts`.
 */
export class PathEnds {
  /** From a node and the segment before it to the next node; 0 is where all begin. */
  private readonly next = new Map<string, number>()
  /** The path that is complete at a node. */
  private readonly complete = new Map<number, string>()

  constructor(paths: Iterable<string>) {
    for (const path of paths) {
      let node = 0
      for (const segment of backwards(path)) {
        const key = `${node}/${segment}`
        const known = this.next.get(key) ?? this.next.size + 1
        this.next.set(key, known)
        node = known
      }
      this.complete.set(node, path)
    }
  }

  /** The longest first. */
  of(path: string): string[] {
    const found: string[] = []
    let node: number | undefined = 0
    for (const segment of backwards(path)) {
      node = this.next.get(`${node}/${segment}`)
      if (node === undefined) break
      const whole = this.complete.get(node)
      if (whole !== undefined) found.unshift(whole)
    }
    return found
  }
}

function* backwards(path: string): Generator<string> {
  for (let end = path.length; end >= 0; ) {
    const slash = end === 0 ? -1 : path.lastIndexOf('/', end - 1)
    yield path.slice(slash + 1, end)
    end = slash
  }
}
