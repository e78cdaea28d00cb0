import { toHex } from '../../../core/verify/encoding.ts'
import { TILE_WIDTH } from '../../../core/verify/log/tiles.ts'
import type { AnchorList, ConsistencyProof, LogProof } from '../../../schema/wire/log.ts'
import type { InputError } from '../../../schema/wire/problems.ts'
import { anchors } from '../log/anchors.ts'
import { currentCheckpoint, type HeldCheckpoint } from '../log/checkpoint.ts'
import { type ReadEntry, readEntries } from '../log/entries.ts'
import { findIndex } from '../log/find.ts'
import { consistentBetween, type Inclusion, includedAt } from '../log/prove.ts'
import { integer, readQuery } from '../query.ts'
import { tooManyRequests } from '../rate-limits.ts'
import type { EdgeRequest } from '../request.ts'
import { json, publicProblem } from '../respond.ts'

const MAX_ENTRIES = TILE_WIDTH
const DEFAULT_ENTRIES = 100
const LEAF_HASH = /^[0-9a-f]{64}$/
const leafHash = {
  read: (text: string) => (LEAF_HASH.test(text) ? text : null),
  rule: 'must be 64 hex digits',
}
/** About how long sequencing takes. */
const PENDING_RETRY = { 'retry-after': '1' } as const

/** `GET /v1/log/proof?leaf=…|index=…[&size=…]`: that an entry is in the log (RFC 6962 §2.1.1), as JSON. */
export async function getInclusionProof(edge: EdgeRequest, query: URLSearchParams): Promise<Response> {
  const asked = readQuery(query, { leaf: leafHash, index: integer(0), size: integer(1) })
  if (!asked.ok) return refuse(edge, asked.errors)
  const { leaf, size } = asked.values
  if ((leaf === undefined) === (asked.values.index === undefined)) {
    return refuse(edge, [{ path: 'leaf', message: 'is given, or index is, and not both' }])
  }
  const found =
    leaf === undefined
      ? ({ ok: true, index: asked.values.index! } as const)
      : await findIndex(edge.env, leaf, edge.client, edge.now)
  if (!found.ok) return notFound(edge, found.reason)
  const { index } = found
  const checkpoint = await currentCheckpoint(edge.env, edge.now, Math.max(index + 1, size ?? 0))
  if (checkpoint === null) return publicProblem('log_unavailable', edge.id)
  const treeSize = size ?? checkpoint.size
  if (treeSize > checkpoint.size) return refuse(edge, [tooLarge('size', checkpoint)])
  if (index >= treeSize) return notFound(edge, 'not_found', treeSize)
  const proof = await includedAt(edge.env, checkpoint, index, treeSize)
  if (proof === null || (leaf !== undefined && toHex(proof.leafHash) !== leaf)) {
    return publicProblem('log_unavailable', edge.id)
  }
  return json(JSON.stringify(describeInclusion(proof, checkpoint)))
}

/** `GET /v1/log/consistency?from=…[&to=…]`: that the log has only grown (RFC 6962 §2.1.2), as JSON. */
export async function getConsistencyProof(edge: EdgeRequest, query: URLSearchParams): Promise<Response> {
  const asked = readQuery(query, { from: integer(0), to: integer(1) })
  if (!asked.ok) return refuse(edge, asked.errors)
  const { from } = asked.values
  if (from === undefined) return refuse(edge, [{ path: 'from', message: 'is missing' }])
  const checkpoint = await currentCheckpoint(edge.env, edge.now, Math.max(from, asked.values.to ?? 0))
  if (checkpoint === null || checkpoint.size === 0) return publicProblem('log_unavailable', edge.id)
  const to = asked.values.to ?? checkpoint.size
  if (to > checkpoint.size) return refuse(edge, [tooLarge('to', checkpoint)])
  if (from > to) return refuse(edge, [{ path: 'from', message: `must not be more than ${to}` }])
  const proof = await consistentBetween(edge.env, checkpoint, from, to)
  if (proof === null) return publicProblem('log_unavailable', edge.id)
  const answer: ConsistencyProof = {
    from,
    to,
    from_root_hash: toHex(proof.fromRoot),
    to_root_hash: toHex(proof.toRoot),
    hashes: proof.hashes.map(toHex),
    checkpoint: checkpoint.text,
  }
  return json(JSON.stringify(answer))
}

/** `GET /v1/log/entries?start=…|cursor=…&limit=…`: entries as JSON, in the order of the log. */
export async function getLogEntries(edge: EdgeRequest, query: URLSearchParams): Promise<Response> {
  const parameters = { start: integer(0), limit: integer(1, MAX_ENTRIES), cursor: integer(0) }
  const asked = readQuery(query, parameters)
  if (!asked.ok) {
    const cursor = asked.errors.every(({ path }) => path === 'cursor')
    return cursor ? publicProblem('invalid_cursor', edge.id) : refuse(edge, asked.errors)
  }
  const { start, cursor, limit = DEFAULT_ENTRIES } = asked.values
  if (start !== undefined && cursor !== undefined) {
    return refuse(edge, [{ path: 'start', message: 'is given, or cursor is, and not both' }])
  }
  const first = start ?? cursor ?? 0
  const checkpoint = await currentCheckpoint(edge.env, edge.now, first + 1)
  if (checkpoint === null || checkpoint.size === 0) return publicProblem('log_unavailable', edge.id)
  const end = Math.min(first + limit, checkpoint.size)
  const entries = first < end ? await readEntries(edge.env, checkpoint, first, end) : []
  if (entries === null) return publicProblem('log_unavailable', edge.id)
  const next = end < checkpoint.size && first < end ? `"${end}"` : 'null'
  const data = entries.map(describeEntry).join(',')
  return json(`{"data":[${data}],"tree_size":${checkpoint.size},"next_cursor":${next}}`)
}

/** `GET /v1/log/anchors`: checkpoints in transactions of an Ethereum-compatible chain, the oldest first. */
export async function getAnchors(edge: EdgeRequest): Promise<Response> {
  const known = await anchors(edge.env, edge.now)
  if (known === null) return publicProblem('core_unavailable', edge.id)
  return json(JSON.stringify({ data: known } satisfies AnchorList))
}

/** The entry goes in as it is hashed: written again it might be other bytes. */
function describeEntry({ index, leafHash, text }: ReadEntry): string {
  return `{"index":${index},"leaf_hash":"${leafHash}","entry":${text}}`
}

function describeInclusion(proof: Inclusion, checkpoint: HeldCheckpoint): LogProof {
  return {
    index: proof.index,
    leaf_hash: toHex(proof.leafHash),
    tree_size: proof.size,
    root_hash: toHex(proof.root),
    hashes: proof.hashes.map(toHex),
    checkpoint: checkpoint.text,
  }
}

function refuse(edge: EdgeRequest, errors: readonly InputError[]): Response {
  return publicProblem('invalid_input', edge.id, { errors })
}

function tooLarge(path: string, { size }: HeldCheckpoint): InputError {
  return { path, message: `must not be more than the log's ${size}` }
}

function notFound(
  edge: EdgeRequest,
  reason: 'not_found' | 'rate_limited' | 'unavailable',
  size?: number,
): Response {
  if (reason === 'rate_limited') return tooManyRequests(edge, 'RATE_LIMIT_MISS')
  if (reason === 'unavailable') return publicProblem('core_unavailable', edge.id)
  const pending = 'It may be pending: entries are in the log within seconds.'
  const detail = size === undefined ? pending : `The tree has ${size} entries. ${pending}`
  return publicProblem('log_entry_not_found', edge.id, { detail, headers: PENDING_RETRY })
}
