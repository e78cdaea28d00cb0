import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { fromHex, toHex } from '../../../../../core/verify/encoding.ts'
import { openCheckpoint } from '../../../../../core/verify/log/checkpoint.ts'
import { verifyCosignature } from '../../../../../core/verify/log/cosignature.ts'
import { decodeEntries, encodeEntries } from '../../../../../core/verify/log/entries.ts'
import { hashLeaf, verifyConsistency, verifyInclusion } from '../../../../../core/verify/log/merkle.ts'
import { parseNote, parseVerifierKey, verifyNote } from '../../../../../core/verify/log/note.ts'
import { parsePolicy, quorumReached } from '../../../../../core/verify/log/policy.ts'
import { formatProof, parseProof } from '../../../../../core/verify/log/proof.ts'
import {
  entriesPath,
  type ObjectId,
  parseObjectPath,
  type TileId,
  tilePath,
  treeTiles,
} from '../../../../../core/verify/log/tiles.ts'
import { growTree } from '../../../../../core/verify/log/tree.ts'
import { logVectors } from '../../../../vectors/generate-log.ts'

const FOLDER = path.resolve(import.meta.dirname, '../../../../vectors')
const load = <T>(name: string): T => JSON.parse(readFileSync(path.join(FOLDER, `${name}.json`), 'utf8')) as T
const bytes = (text: string) => fromHex(text)!

interface NoteVector {
  readonly name: string
  readonly note: string
  readonly vkey: string
}

test.each(Object.entries(logVectors()))('%s is what test/vectors/generate-log.ts writes', (name, value) => {
  expect(load(name)).toEqual(JSON.parse(JSON.stringify(value)))
})

interface KeyVector {
  readonly name: string
  readonly vkey: string
  readonly key: { name: string; id: string; type: number; public_key: string } | null
}
test.each(load<KeyVector[]>('log-key'))('key: $name', ({ vkey, key }) => {
  const parsed = parseVerifierKey(vkey)
  if (parsed === null || key === null) expect(parsed).toBe(key)
  else {
    const { name, id, type, publicKey } = parsed
    expect({ name, id: toHex(id), type, public_key: toHex(publicKey) }).toEqual(key)
  }
})

test.each(load<(NoteVector & { text: string | null; holds: boolean })[]>('log-note'))(
  'note: $name',
  async ({ note, vkey, text, holds }) => {
    const parsed = parseNote(note)
    expect(parsed?.text ?? null).toBe(text)
    expect(parsed !== null && (await verifyNote(parsed, parseVerifierKey(vkey)!))).toBe(holds)
  },
)

interface CheckpointVector extends NoteVector {
  readonly checkpoint: { origin: string; size: number; root: string } | null
}
test.each(load<CheckpointVector[]>('log-checkpoint'))(
  'checkpoint: $name',
  async ({ note, vkey, checkpoint }) => {
    const opened = await openCheckpoint(note, parseVerifierKey(vkey)!)
    const found = opened && { origin: opened.origin, size: opened.size, root: toHex(opened.root) }
    expect(found).toEqual(checkpoint)
  },
)

test.each(load<(NoteVector & { time: number | null })[]>('log-cosignature'))(
  'cosignature: $name',
  async ({ note, vkey, time }) => {
    const cosignature = await verifyCosignature(parseNote(note)!, parseVerifierKey(vkey)!)
    expect(cosignature?.time ?? null).toBe(time)
  },
)

interface InclusionVector {
  readonly name: string
  readonly leaf_hash: string
  readonly index: number
  readonly size: number
  readonly hashes: readonly string[]
  readonly root: string
  readonly valid: boolean
}
test.each(load<InclusionVector[]>('log-inclusion'))('inclusion: $name', ({ valid, ...vector }) => {
  const { leaf_hash, index, size, hashes, root } = vector
  const proof = { leafHash: bytes(leaf_hash), index, size, hashes: hashes.map(bytes), root: bytes(root) }
  expect(verifyInclusion(proof)).toBe(valid)
})

interface ConsistencyVector {
  readonly name: string
  readonly from: number
  readonly to: number
  readonly from_root: string
  readonly to_root: string
  readonly hashes: readonly string[]
  readonly valid: boolean
}
test.each(load<ConsistencyVector[]>('log-consistency'))('consistency: $name', ({ valid, ...vector }) => {
  const { from, to, from_root, to_root, hashes } = vector
  const proof = {
    from,
    to,
    fromRoot: bytes(from_root),
    toRoot: bytes(to_root),
    hashes: hashes.map(bytes),
  }
  expect(verifyConsistency(proof)).toBe(valid)
})

describe('tiles', () => {
  const { paths, trees, contents } = load<{
    paths: { path: string; object: ObjectId | null }[]
    trees: { size: number; full: number[]; partial: (ObjectId & { kind: 'tile' })[] }[]
    contents: (TileId & { size: number; sha256_of_tile: string })[]
  }>('log-tile')

  test.each(paths)('path: $path', ({ path, object }) => {
    expect(parseObjectPath(path)).toEqual(object)
    if (object === null) return
    expect(object.kind === 'tile' ? tilePath(object) : entriesPath(object.index, object.width)).toBe(path)
  })

  test.each(trees)('of a tree of $size', ({ size, full, partial }) => {
    const tiles = treeTiles(size)
    const count = (level: number) => tiles.filter((tile) => tile.level === level && tile.width === 256).length
    expect(full.map((_, level) => count(level))).toEqual(full)
    expect(tiles.filter(({ width }) => width < 256)).toEqual(partial.map(({ kind, ...tile }) => tile))
  })

  test.each(contents)('tile $level/$index of a tree of $size', ({ size, level, index, width, ...vector }) => {
    const entries = Array.from({ length: size }, (_, i) => new TextEncoder().encode(`entry ${i}`))
    const { tiles } = growTree(0, new Map(), entries.map(hashLeaf))
    const tile = tiles.find((tile) => tile.level === level && tile.index === index)!
    expect(tile.hashes).toHaveLength(width * 32)
    expect(createHash('sha256').update(tile.hashes).digest('hex')).toBe(vector.sha256_of_tile)
  })
})

test.each(load<{ name: string; bundle: string; entries: string[] | null }[]>('log-entries'))(
  'entries: $name',
  ({ bundle, entries }) => {
    expect(decodeEntries(bytes(bundle))?.map(toHex) ?? null).toEqual(entries)
    if (entries !== null) expect(toHex(encodeEntries(entries.map(bytes)))).toBe(bundle)
  },
)

interface PolicyVector {
  readonly name: string
  readonly text: string
  readonly line: number | null
  readonly quorum: readonly { readonly cosigned: readonly string[]; readonly reached: boolean }[]
}
test.each(load<PolicyVector[]>('log-policy'))('policy: $name', ({ text, line, quorum }) => {
  const parsed = parsePolicy(text)
  expect(parsed.ok ? null : parsed.line).toBe(line)
  for (const { cosigned, reached } of quorum) {
    expect(parsed.ok && quorumReached(parsed.policy, new Set(cosigned)), cosigned.join()).toBe(reached)
  }
})

interface ProofVector {
  readonly name: string
  readonly text: string
  readonly entry: string
  readonly vkey: string
  readonly index: number | null
  readonly holds: boolean
}
test.each(load<ProofVector[]>('log-proof'))('proof: $name', async ({ text, entry, vkey, index, holds }) => {
  const proof = parseProof(text)
  expect(proof?.index ?? null).toBe(index)
  if (proof === null) return
  expect(formatProof(proof)).toBe(text)
  const opened = await openCheckpoint(proof.checkpoint, parseVerifierKey(vkey)!)
  const leafHash = hashLeaf(bytes(entry))
  expect(opened !== null && verifyInclusion({ leafHash, ...proof, ...opened })).toBe(holds)
})
