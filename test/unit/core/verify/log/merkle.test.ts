import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  EMPTY_ROOT,
  equalBytes,
  hashLeaf,
  hashNode,
  verifyConsistency,
  verifyInclusion,
} from '../../../../../core/verify/log/merkle.ts'
import { ReferenceTree } from './reference-tree.ts'

const sha256 = (...parts: Uint8Array[]) =>
  new Uint8Array(parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest())

const tree = new ReferenceTree(1024)
const EDGES = [257, 300, 383, 384, 385, 511, 512, 513, 767, 768, 769, 1000, 1023, 1024]
const hash32 = fc.uint8Array({ minLength: 32, maxLength: 32 })

const inclusion = (index: number, size: number) => ({
  leafHash: tree.leafHashes[index]!,
  index,
  size,
  hashes: tree.path(index, size),
  root: tree.root(size),
})
const consistency = (from: number, to: number) => ({
  from,
  to,
  fromRoot: tree.root(from),
  toRoot: tree.root(to),
  hashes: tree.proof(from, to),
})

/** The same bytes with one bit turned. */
function turned(bytes: Uint8Array, bit = 0): Uint8Array {
  const copy = new Uint8Array(bytes)
  copy[bit >> 3]! ^= 1 << (bit & 7)
  return copy
}

describe('hashes (RFC 6962 §2.1)', () => {
  test('of a leaf, of a node and of the empty tree', () => {
    fc.assert(
      fc.property(fc.uint8Array(), hash32, hash32, (entry, left, right) => {
        expect(hashLeaf(entry)).toEqual(sha256(new Uint8Array([0]), entry))
        expect(hashNode(left, right)).toEqual(sha256(new Uint8Array([1]), left, right))
      }),
    )
    expect(EMPTY_ROOT).toEqual(sha256())
  })

  test('one does not change when the next is made', () => {
    const first = hashNode(EMPTY_ROOT, EMPTY_ROOT)
    const copy = first.slice()
    hashNode(first, first)
    expect(first).toEqual(copy)
  })

  test.each([31, 33, 0])('a node has no child of %i bytes', (length) => {
    expect(() => hashNode(EMPTY_ROOT, new Uint8Array(length))).toThrow(RangeError)
    expect(() => hashNode(new Uint8Array(length), EMPTY_ROOT)).toThrow(RangeError)
  })

  test('equal bytes are of one length', () => {
    expect(equalBytes(new Uint8Array([1, 2]), new Uint8Array([1, 2]))).toBe(true)
    expect(equalBytes(new Uint8Array([1, 2]), new Uint8Array([1, 3]))).toBe(false)
    expect(equalBytes(new Uint8Array([1, 2]), new Uint8Array([1, 2, 0]))).toBe(false)
    expect(equalBytes(new Uint8Array(), new Uint8Array())).toBe(true)
  })
})

describe('inclusion', () => {
  test('every leaf of every tree up to 256, and of larger ones at the edges', () => {
    for (const size of [...Array.from({ length: 256 }, (_, i) => i + 1), ...EDGES]) {
      for (let index = 0; index < size; index++) {
        if (!verifyInclusion(inclusion(index, size))) throw new Error(`leaf ${index} of ${size}`)
      }
    }
  })

  const cases = fc
    .integer({ min: 2, max: 1024 })
    .chain((size) => fc.record({ size: fc.constant(size), index: fc.nat(size - 1), bit: fc.nat(255) }))

  test('a turned bit anywhere is refused', () => {
    fc.assert(
      fc.property(cases, ({ size, index, bit }) => {
        const proof = inclusion(index, size)
        expect(verifyInclusion({ ...proof, root: turned(proof.root, bit) })).toBe(false)
        expect(verifyInclusion({ ...proof, leafHash: turned(proof.leafHash, bit) })).toBe(false)
        for (const i of proof.hashes.keys()) {
          expect(
            verifyInclusion({ ...proof, hashes: proof.hashes.with(i, turned(proof.hashes[i]!, bit)) }),
          ).toBe(false)
        }
      }),
    )
  })

  test('another leaf, another index, more and fewer hashes are refused', () => {
    fc.assert(
      fc.property(cases, fc.nat(1023), ({ size, index }, other) => {
        const proof = inclusion(index, size)
        const wrong = other % size
        if (wrong !== index) {
          expect(verifyInclusion({ ...proof, index: wrong })).toBe(false)
          expect(verifyInclusion({ ...proof, leafHash: tree.leafHashes[wrong]! })).toBe(false)
        }
        expect(verifyInclusion({ ...proof, index: size })).toBe(false)
        expect(verifyInclusion({ ...proof, size: size * 2 })).toBe(false)
        expect(verifyInclusion({ ...proof, size: index })).toBe(false)
        expect(verifyInclusion({ ...proof, hashes: proof.hashes.slice(1) })).toBe(false)
        expect(verifyInclusion({ ...proof, hashes: proof.hashes.slice(0, -1) })).toBe(false)
        expect(verifyInclusion({ ...proof, hashes: [...proof.hashes, proof.root] })).toBe(false)
        expect(verifyInclusion({ ...proof, hashes: [proof.root, ...proof.hashes] })).toBe(false)
        expect(verifyInclusion({ ...proof, hashes: proof.hashes.with(0, new Uint8Array(31)) })).toBe(false)
      }),
    )
  })

  test('a node does not pass for a leaf', () => {
    const [left, right] = [tree.hash(0, 2), tree.hash(2, 4)]
    const proof = { leafHash: left, index: 0, size: 4, hashes: [right], root: tree.root(4) }
    expect(verifyInclusion(proof)).toBe(false)
  })

  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
    '%d is no index and no size',
    (number) => {
      expect(verifyInclusion({ ...inclusion(0, 1), index: number })).toBe(false)
      expect(verifyInclusion({ ...inclusion(0, 1), size: number })).toBe(false)
    },
  )

  test('sizes beyond 32 bits: 2^40 + 1 leaves, of which all but the last are alike', () => {
    const leaf = hashLeaf(new Uint8Array())
    let hash: Uint8Array = leaf
    const siblings: Uint8Array[] = []
    for (let height = 0; height < 40; height++) {
      siblings.push(hash)
      hash = hashNode(hash, hash)
    }
    const last = hashLeaf(new Uint8Array([1]))
    const [size, root] = [2 ** 40 + 1, hashNode(hash, last)]
    expect(verifyInclusion({ leafHash: last, index: 2 ** 40, size, hashes: [hash], root })).toBe(true)
    const hashes = [...siblings, last]
    expect(verifyInclusion({ leafHash: leaf, index: 2 ** 39 + 12_345, size, hashes, root })).toBe(true)
    expect(verifyInclusion({ leafHash: leaf, index: 2 ** 40, size, hashes, root })).toBe(false)
    const grown = { from: 2 ** 40, to: size, fromRoot: hash, toRoot: root, hashes: [last] }
    expect(verifyConsistency(grown)).toBe(true)
    expect(verifyConsistency({ ...grown, from: 2 ** 40 - 1 })).toBe(false)
  })
})

describe('consistency', () => {
  test('every two trees up to 256, and larger ones at the edges', () => {
    for (const to of [...Array.from({ length: 257 }, (_, i) => i), ...EDGES]) {
      for (let from = 0; from <= to; from++) {
        if (!verifyConsistency(consistency(from, to))) throw new Error(`${from} to ${to}`)
      }
    }
  })

  const cases = fc
    .integer({ min: 2, max: 1024 })
    .chain((to) =>
      fc.record({ to: fc.constant(to), from: fc.integer({ min: 1, max: to - 1 }), bit: fc.nat(255) }),
    )

  test('a turned bit anywhere is refused', () => {
    fc.assert(
      fc.property(cases, ({ from, to, bit }) => {
        const proof = consistency(from, to)
        expect(verifyConsistency({ ...proof, fromRoot: turned(proof.fromRoot, bit) })).toBe(false)
        expect(verifyConsistency({ ...proof, toRoot: turned(proof.toRoot, bit) })).toBe(false)
        for (const i of proof.hashes.keys()) {
          expect(
            verifyConsistency({ ...proof, hashes: proof.hashes.with(i, turned(proof.hashes[i]!, bit)) }),
          ).toBe(false)
        }
      }),
    )
  })

  test('another size, swapped roots, more and fewer hashes are refused', () => {
    fc.assert(
      fc.property(cases, ({ from, to }) => {
        const proof = consistency(from, to)
        expect(verifyConsistency({ ...proof, from: to })).toBe(false)
        expect(verifyConsistency({ ...proof, from: 0 })).toBe(false)
        expect(verifyConsistency({ ...proof, to: from })).toBe(false)
        expect(verifyConsistency({ ...proof, from: to, to: from })).toBe(false)
        expect(verifyConsistency({ ...proof, fromRoot: proof.toRoot, toRoot: proof.fromRoot })).toBe(false)
        expect(verifyConsistency({ ...proof, hashes: [] })).toBe(false)
        expect(verifyConsistency({ ...proof, hashes: proof.hashes.slice(1) })).toBe(false)
        expect(verifyConsistency({ ...proof, hashes: proof.hashes.slice(0, -1) })).toBe(false)
        expect(verifyConsistency({ ...proof, hashes: [...proof.hashes, proof.toRoot] })).toBe(false)
        expect(verifyConsistency({ ...proof, hashes: [proof.fromRoot, ...proof.hashes] })).toBe(false)
        expect(verifyConsistency({ ...proof, hashes: proof.hashes.with(0, new Uint8Array(33)) })).toBe(false)
      }),
    )
  })

  test.each([
    ['the empty tree has one root', { ...consistency(0, 5), fromRoot: tree.root(1) }],
    ['and needs no hashes', { ...consistency(0, 5), hashes: [tree.root(5)] }],
    ['nor does a tree and itself', { ...consistency(5, 5), hashes: [tree.root(5)] }],
    ['two roots of one size', { ...consistency(5, 5), toRoot: tree.root(6) }],
    [
      'two empty trees with some other root',
      { ...consistency(0, 0), fromRoot: tree.root(1), toRoot: tree.root(1) },
    ],
    ['a size below zero', { ...consistency(1, 2), from: -1 }],
    ['half a leaf', { ...consistency(1, 2), from: 0.5 }],
    ['a size that is no safe integer', { ...consistency(1, 2), to: 2 ** 53 }],
  ])('refused: %s', (_, proof) => {
    expect(verifyConsistency(proof)).toBe(false)
  })
})
