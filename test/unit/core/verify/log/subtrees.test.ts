import { describe, expect, test } from 'vitest'
import {
  completeSubtrees,
  consistencyRanges,
  inclusionRanges,
  type Range,
  tileOf,
} from '../../../../../core/verify/log/subtrees.ts'

const LARGEST = 1024

/** RFC 6962 §2.1.1 and §2.1.2, with each hash as the range that it is of. */
function split(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}
function path(m: number, start: number, end: number, found: Range[] = []): Range[] {
  if (end - start === 1) return found
  const k = split(end - start)
  if (m < k) path(m, start, start + k, found).push([start + k, end])
  else path(m - k, start + k, end, found).push([start, start + k])
  return found
}
function subproof(m: number, start: number, end: number, known: boolean, found: Range[] = []): Range[] {
  if (m === end - start) {
    if (!known) found.push([start, end])
    return found
  }
  const k = split(end - start)
  if (m <= k) subproof(m, start, start + k, known, found).push([start + k, end])
  else subproof(m - k, start + k, end, false, found).push([start, start + k])
  return found
}
const same = (a: readonly Range[], b: readonly Range[]) =>
  a.length === b.length && a.every(([start, end], i) => start === b[i]![0] && end === b[i]![1])

describe(`every tree up to ${LARGEST}`, () => {
  test('every audit path is the one of RFC 6962 §2.1.1', () => {
    for (let size = 1; size <= LARGEST; size++) {
      for (let index = 0; index < size; index++) {
        const [ours, theirs] = [inclusionRanges(index, size), path(index, 0, size)]
        if (!same(ours, theirs)) expect(ours, `${index} of ${size}`).toEqual(theirs)
      }
    }
  })

  test('every consistency proof is the one of RFC 6962 §2.1.2', () => {
    for (let to = 1; to <= LARGEST; to++) {
      for (let from = 1; from <= to; from++) {
        const [ours, theirs] = [consistencyRanges(from, to), subproof(from, 0, to, true)]
        if (!same(ours, theirs)) expect(ours, `${from} to ${to}`).toEqual(theirs)
      }
    }
  })

  test('every range that ends there is made of complete subtrees, ever smaller, that its tree has in a tile', () => {
    for (let size = 1; size <= LARGEST; size++) {
      for (const range of [
        [0, size] as const,
        ...inclusionRanges(0, size),
        ...inclusionRanges(size - 1, size),
      ]) {
        let at = range[0]
        let before = 64
        for (const subtree of completeSubtrees(range)) {
          expect(subtree.index * 2 ** subtree.height).toBe(at)
          expect(subtree.height).toBeLessThan(before)
          const tile = tileOf(subtree, size)
          const first = (subtree.index * 2 ** subtree.height) / 256 ** tile.level - tile.index * 256
          const hashes = 2 ** subtree.height / 256 ** tile.level
          expect(hashes).toBeLessThan(256)
          expect(first + hashes).toBeLessThanOrEqual(tile.width)
          at += 2 ** subtree.height
          before = subtree.height
        }
        expect(at).toBe(range[1])
      }
    }
  })
})

test('ranges of the largest tree are exact', () => {
  const size = Number.MAX_SAFE_INTEGER
  const subtrees = completeSubtrees([0, size])
  expect(subtrees.map(({ height }) => height)).toEqual(Array.from({ length: 53 }, (_, i) => 52 - i))
  expect(subtrees.at(-1)).toEqual({ height: 0, index: size - 1 })
  expect(inclusionRanges(size - 1, size)).toHaveLength(52)
  expect(tileOf(subtrees.at(-1)!, size)).toEqual({ level: 0, index: 2 ** 45 - 1, width: 255 })
  expect(tileOf(subtrees[0]!, size)).toEqual({ level: 6, index: 0, width: 31 })
})
