import { createHash } from 'node:crypto'
import type { ReadTile } from '../../../../../core/verify/log/tree.ts'

const sha256 = (...parts: Uint8Array[]): Uint8Array =>
  new Uint8Array(parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest())

const LEAF = new Uint8Array([0])
const NODE = new Uint8Array([1])

/** A tree as RFC 6962 §2.1 defines it, word for word and recursively; hashes are kept, or no test would end. */
export class ReferenceTree {
  readonly entries: readonly Uint8Array[]
  readonly leafHashes: readonly Uint8Array[]
  readonly #known = new Map<number, Uint8Array>()

  constructor(size: number) {
    this.entries = Array.from({ length: size }, (_, i) => new TextEncoder().encode(`entry ${i}`))
    this.leafHashes = this.entries.map((entry) => sha256(LEAF, entry))
  }

  get size(): number {
    return this.entries.length
  }

  /** MTH(D[start:end]) */
  hash(start: number, end: number): Uint8Array {
    if (end === start) return sha256()
    if (end - start === 1) return this.leafHashes[start]!
    const name = start * 2 ** 20 + end
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const k = split(end - start)
    const hash = sha256(NODE, this.hash(start, start + k), this.hash(start + k, end))
    this.#known.set(name, hash)
    return hash
  }

  root(size: number): Uint8Array {
    return this.hash(0, size)
  }

  /** PATH(m, D[start:end]) */
  path(m: number, end: number, start = 0): Uint8Array[] {
    if (end - start === 1) return []
    const k = split(end - start)
    return m < k
      ? [...this.path(m, start + k, start), this.hash(start + k, end)]
      : [...this.path(m - k, end, start + k), this.hash(start, start + k)]
  }

  /** PROOF(m, D[n]) */
  proof(m: number, n: number): Uint8Array[] {
    return m === 0 ? [] : this.#subproof(m, 0, n, true)
  }

  #subproof(m: number, start: number, end: number, known: boolean): Uint8Array[] {
    if (m === end - start) return known ? [] : [this.hash(start, end)]
    const k = split(end - start)
    return m <= k
      ? [...this.#subproof(m, start, start + k, known), this.hash(start + k, end)]
      : [...this.#subproof(m - k, start + k, end, false), this.hash(start, start + k)]
  }

  /** The hashes of a tile as c2sp.org/tlog-tiles defines them: MTH(D[(n * 256 + i) * 256**l : (n * 256 + i + 1) * 256**l]). */
  tile(level: number, index: number, width: number): Uint8Array {
    const span = 256 ** level
    const hashes = Array.from({ length: width }, (_, i) =>
      this.hash((index * 256 + i) * span, (index * 256 + i + 1) * span),
    )
    return new Uint8Array(Buffer.concat(hashes))
  }

  /** The tiles that a tree of `size` has, and no wider ones; `read` lists what was asked for. */
  reader(size: number): { read: ReadTile; asked: string[] } {
    const asked: string[] = []
    const read: ReadTile = async ({ level, index, width }) => {
      asked.push(`${level}/${index}/${width}`)
      const there = Math.min(256, Math.floor(size / 256 ** level) - index * 256)
      return width === there ? this.tile(level, index, width) : null
    }
    return { read, asked }
  }

  /** The partial tiles that a tree of `size` ends with. */
  edge(size: number): Map<number, Uint8Array> {
    const edge = new Map<number, Uint8Array>()
    for (let level = 0, row = size; row > 0; level++, row = Math.floor(row / 256)) {
      if (row % 256 > 0) edge.set(level, this.tile(level, Math.floor(row / 256), row % 256))
    }
    return edge
  }
}

/** The largest power of two smaller than n. */
function split(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}
