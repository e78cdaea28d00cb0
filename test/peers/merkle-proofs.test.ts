import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromHex, toHex, utf8 } from '../../core/verify/encoding.ts'
import {
  growTree,
  HASH_BYTES,
  hashLeaf,
  proveConsistency,
  proveInclusion,
  type ReadTile,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from '../../core/verify/log/index.ts'
import { type ConsistencyCase, go, type InclusionCase, judge } from './support/go.ts'

/** Every small tree, and one with tiles of two levels. */
const SIZES = [...Array.from({ length: 40 }, (_, i) => i + 1), 255, 256, 257, 511, 512, 700]
const LEAVES = Array.from({ length: Math.max(...SIZES) }, (_, i) => hashLeaf(utf8(`leaf ${i}`)))
const TILES = growTree(0, new Map(), LEAVES).tiles
const CASES = 4_000

const readTile: ReadTile = async ({ level, index, width }) => {
  const tile = TILES.find((candidate) => candidate.level === level && candidate.index === index)
  return tile?.hashes.slice(0, width * HASH_BYTES) ?? null
}

describe.skipIf(go.missing)(
  'proofs, as transparency-dev/merkle and golang.org/x/mod/sumdb/tlog judge them',
  () => {
    it('of inclusion: ours hold, changed ones do not, and all three agree', async () => {
      const honest = await Promise.all(SIZES.flatMap((size) => someOf(size).map((i) => includes(i, size))))
      const changed = await Promise.all(
        fc
          .sample(fc.tuple(fc.constantFrom(...honest), fc.infiniteStream(fc.nat())), CASES)
          .map(([proof, draws]) => changeInclusion(proof, draws)),
      )
      const inclusion = [...honest, ...changed]
      const verdicts = (await judge({ inclusion, consistency: [] })).inclusion
      const ours = inclusion.map((proof) =>
        verifyInclusion({
          leafHash: fromHex(proof.leaf)!,
          index: proof.index,
          size: proof.size,
          root: fromHex(proof.root)!,
          hashes: proof.hashes.map((hash) => fromHex(hash)!),
        }),
      )
      expectAgreement(inclusion, verdicts, ours, honest.length)
    })

    it('of consistency: ours hold, changed ones do not, and all three agree', async () => {
      const pairs = SIZES.flatMap((to) => someOf(to).map((from) => [from + 1, to] as const))
      const honest = await Promise.all(pairs.map(([from, to]) => growsFrom(from, to)))
      const changed = fc
        .sample(fc.tuple(fc.constantFrom(...honest), fc.infiniteStream(fc.nat())), CASES)
        .map(([proof, draws]) => changeConsistency(proof, draws))
        // The empty tree has no proof, and the three have different ways of saying so.
        .filter(({ from }) => from > 0)
      const consistency = [...honest, ...changed]
      const verdicts = (await judge({ inclusion: [], consistency })).consistency
      const ours = consistency.map((proof) =>
        verifyConsistency({
          from: proof.from,
          to: proof.to,
          fromRoot: fromHex(proof.from_root)!,
          toRoot: fromHex(proof.to_root)!,
          hashes: proof.hashes.map((hash) => fromHex(hash)!),
        }),
      )
      expectAgreement(consistency, verdicts, ours, honest.length)
    })
  },
)

function expectAgreement(
  cases: readonly object[],
  theirs: readonly { merkle: boolean; tlog: boolean }[],
  ours: readonly boolean[],
  honest: number,
): void {
  expect(theirs).toHaveLength(cases.length)
  const disagreements = cases.flatMap((proof, i) => {
    const { merkle, tlog } = theirs[i]!
    return merkle === ours[i] && tlog === ours[i] ? [] : [{ proof, merkle, tlog, ours: ours[i] }]
  })
  expect(disagreements).toEqual([])
  expect(ours.slice(0, honest)).not.toContain(false)
  // Some changes change nothing, or a size to another with the same path. Most make the proof a wrong one.
  expect(ours.slice(honest).filter((holds) => !holds).length).toBeGreaterThan(CASES / 2)
}

/** Indices of a tree: all of a small one, else the ends and around tiles' ends. */
function someOf(size: number): number[] {
  const all = Array.from({ length: size }, (_, i) => i)
  return size <= 40 ? all : all.filter((i) => i % 51 === 0 || i % 256 > 253 || i % 256 < 2 || i === size - 1)
}

async function includes(index: number, size: number): Promise<InclusionCase> {
  const hashes = await proveInclusion(index, size, readTile)
  const root = toHex(await rootOf(size, readTile))
  return { leaf: toHex(LEAVES[index]!), index, size, root, hashes: hashes.map(toHex) }
}

async function growsFrom(from: number, to: number): Promise<ConsistencyCase> {
  const [hashes, older, newer] = await Promise.all([
    proveConsistency(from, to, readTile),
    rootOf(from, readTile),
    rootOf(to, readTile),
  ])
  return { from, to, from_root: toHex(older), to_root: toHex(newer), hashes: hashes.map(toHex) }
}

type Draws = IterableIterator<number>

function changeInclusion(proof: InclusionCase, draws: Draws): InclusionCase {
  switch (draw(draws) % 5) {
    case 0:
      return { ...proof, index: another(proof.index, draws) }
    case 1:
      return { ...proof, size: another(proof.size, draws) }
    case 2:
      return { ...proof, leaf: flipBit(proof.leaf, draws) }
    case 3:
      return { ...proof, root: flipBit(proof.root, draws) }
    default:
      return { ...proof, hashes: changeHashes(proof.hashes, [proof.leaf, proof.root], draws) }
  }
}

function changeConsistency(proof: ConsistencyCase, draws: Draws): ConsistencyCase {
  const { from_root, to_root } = proof
  switch (draw(draws) % 6) {
    case 0:
      return { ...proof, from: another(proof.from, draws) }
    case 1:
      return { ...proof, to: another(proof.to, draws) }
    case 2:
      return { ...proof, from_root: flipBit(from_root, draws) }
    case 3:
      return { ...proof, to_root: flipBit(to_root, draws) }
    case 4:
      return { ...proof, from_root: to_root, to_root: from_root }
    default:
      return { ...proof, hashes: changeHashes(proof.hashes, [from_root, to_root], draws) }
  }
}

/** Changes one hash, leaves one out, swaps neighbours, or puts another in. */
function changeHashes(hashes: readonly string[], others: readonly string[], draws: Draws): string[] {
  const at = hashes.length === 0 ? 0 : draw(draws) % hashes.length
  const foreign = [...others, toHex(new Uint8Array(HASH_BYTES)), ...hashes]
  switch (draw(draws) % 4) {
    case 0:
      return hashes.map((hash, i) => (i === at ? flipBit(hash, draws) : hash))
    case 1:
      return hashes.filter((_, i) => i !== at)
    case 2:
      return hashes.toSpliced(at, 2, ...hashes.slice(at, at + 2).reverse())
    default:
      return hashes.toSpliced(draw(draws) % (hashes.length + 1), 0, foreign[draw(draws) % foreign.length]!)
  }
}

/** Another size or index: a neighbour, half, twice, or anything. */
function another(value: number, draws: Draws): number {
  const candidates = [value + 1, value - 1, value * 2, Math.floor(value / 2), value ^ 2, draw(draws) % 2_000]
  return Math.max(0, candidates[draw(draws) % candidates.length]!)
}

function flipBit(hash: string, draws: Draws): string {
  const bytes = fromHex(hash)!
  bytes[draw(draws) % bytes.length]! ^= 1 << (draw(draws) % 8)
  return toHex(bytes)
}

function draw(draws: Draws): number {
  return draws.next().value as number
}
