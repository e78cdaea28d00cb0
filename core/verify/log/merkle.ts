import { sha256 } from '@noble/hashes/sha2.js'
import { fromHex } from '../encoding.ts'

/** SHA-256, the one hash function of a tile log (c2sp.org/tlog-tiles). */
export const HASH_BYTES = 32

const LEAF_PREFIX = 0x00
const NODE_PREFIX = 0x01

/** SHA-256 of nothing: the root of the empty tree. */
export const EMPTY_ROOT: Uint8Array = /* @__PURE__ */ fromHex(
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
)!

/** The bytes of the node that is being hashed. Hashing never waits, so one buffer serves every call. */
const node = new Uint8Array(1 + 2 * HASH_BYTES)
node[0] = NODE_PREFIX

/** RFC 6962 §2.1: SHA-256(0x00 ‖ entry). */
export function hashLeaf(entry: Uint8Array): Uint8Array<ArrayBuffer> {
  const leaf = new Uint8Array(1 + entry.length)
  leaf[0] = LEAF_PREFIX
  leaf.set(entry, 1)
  return sha256(leaf)
}

/** RFC 6962 §2.1: SHA-256(0x01 ‖ left ‖ right). Both have 32 bytes. */
export function hashNode(left: Uint8Array, right: Uint8Array): Uint8Array<ArrayBuffer> {
  if (left.length !== HASH_BYTES || right.length !== HASH_BYTES) throw new RangeError('a hash has 32 bytes')
  node.set(left, 1)
  node.set(right, 1 + HASH_BYTES)
  return sha256(node)
}

/** Not in constant time: for what is public. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

export interface InclusionProof {
  readonly leafHash: Uint8Array
  /** Of the leaf, from zero. */
  readonly index: number
  /** Of the tree, in leaves. */
  readonly size: number
  /** From the leaf's sibling upward. */
  readonly hashes: readonly Uint8Array[]
  readonly root: Uint8Array
}

export interface ConsistencyProof {
  /** Sizes of the two trees, in leaves. */
  readonly from: number
  readonly to: number
  readonly fromRoot: Uint8Array
  readonly toRoot: Uint8Array
  readonly hashes: readonly Uint8Array[]
}

/**
 * RFC 9162 §2.1.3.2 (its trees are the ones of RFC 6962).
 *
 * @returns false for a wrong proof and for a malformed one; never throws
 */
export function verifyInclusion(proof: InclusionProof): boolean {
  const { leafHash, index, size, hashes, root } = proof
  if (!isSize(index) || !isSize(size) || index >= size) return false
  if (![leafHash, root, ...hashes].every(isHash)) return false
  let own = index
  let last = size - 1
  let hash = leafHash
  for (const sibling of hashes) {
    if (last === 0) return false
    if (isOdd(own) || own === last) {
      hash = hashNode(sibling, hash)
      while (!isOdd(own) && own !== 0) [own, last] = [half(own), half(last)]
    } else {
      hash = hashNode(hash, sibling)
    }
    ;[own, last] = [half(own), half(last)]
  }
  return last === 0 && equalBytes(hash, root)
}

/**
 * RFC 9162 §2.1.4.2. A tree is consistent with itself and with the empty tree, both without any hash.
 *
 * @returns false for a wrong proof and for a malformed one; never throws
 */
export function verifyConsistency(proof: ConsistencyProof): boolean {
  const { from, to, fromRoot, toRoot, hashes } = proof
  if (!isSize(from) || !isSize(to) || from > to) return false
  if (![fromRoot, toRoot, ...hashes].every(isHash)) return false
  if ((from === 0 && !equalBytes(fromRoot, EMPTY_ROOT)) || (to === 0 && !equalBytes(toRoot, EMPTY_ROOT))) {
    return false
  }
  if (from === to) return hashes.length === 0 && equalBytes(fromRoot, toRoot)
  if (from === 0) return hashes.length === 0
  return verifyGrowth(proof)
}

/** 0 < from < to */
function verifyGrowth({ from, to, fromRoot, toRoot, hashes }: ConsistencyProof): boolean {
  // A tree whose size is a power of two is a node of the larger one, so its root is not repeated.
  const path = isPowerOfTwo(from) ? [fromRoot, ...hashes] : hashes
  if (path.length === 0) return false
  let own = from - 1
  let last = to - 1
  while (isOdd(own)) [own, last] = [half(own), half(last)]
  let older = path[0]!
  let newer = path[0]!
  for (const hash of path.slice(1)) {
    if (last === 0) return false
    if (isOdd(own) || own === last) {
      older = hashNode(hash, older)
      newer = hashNode(hash, newer)
      while (!isOdd(own) && own !== 0) [own, last] = [half(own), half(last)]
    } else {
      newer = hashNode(newer, hash)
    }
    ;[own, last] = [half(own), half(last)]
  }
  return last === 0 && equalBytes(older, fromRoot) && equalBytes(newer, toRoot)
}

function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

function isHash(bytes: Uint8Array): boolean {
  return bytes.length === HASH_BYTES
}

// Sizes exceed 32 bits, so the bitwise operators are of no use.

function isOdd(value: number): boolean {
  return value % 2 === 1
}

function half(value: number): number {
  return Math.floor(value / 2)
}

function isPowerOfTwo(value: number): boolean {
  let rest = value
  while (rest > 1 && !isOdd(rest)) rest = half(rest)
  return rest === 1
}
