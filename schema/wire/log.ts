import { z } from '@hono/zod-openapi'

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const treeSize = z.int().min(1).openapi({ description: 'Entries in the tree that this is about.' })
const signedNote = z.string().openapi({
  description: 'The signed checkpoint (c2sp.org/tlog-checkpoint), with the cosignatures that it has.',
})

/** RFC 6962 §2.1.1. All hashes are SHA-256, hex. */
export const inclusionProofSchema = z
  .object({
    index: z.int().min(0),
    tree_size: treeSize,
    root_hash: hash,
    hashes: z.array(hash).openapi({ description: "From the leaf's sibling upward." }),
    checkpoint: signedNote,
  })
  .openapi('InclusionProof')

export const pendingLogSchema = z
  .object({
    state: z.literal('pending'),
    leaf_hash: hash.openapi({ description: 'SHA-256(0x00 ‖ entry) of the log entry, hex.' }),
  })
  .openapi('PendingLogEntry')

export const includedLogSchema = z
  .object({
    state: z.literal('included'),
    leaf_hash: hash,
    index: z.int().min(0).openapi({ description: 'Its place in the log, from 0.' }),
    proof: inclusionProofSchema.optional(),
  })
  .openapi('IncludedLogEntry')

/** The live `log` member of a certificate. */
export const logStateSchema = z
  .discriminatedUnion('state', [pendingLogSchema, includedLogSchema])
  .openapi('LogState')

/** `GET /v1/log/proof`. */
export const logProofSchema = inclusionProofSchema.extend({ leaf_hash: hash }).openapi('LogProof')

/** `GET /v1/log/consistency` (RFC 6962 §2.1.2). */
export const consistencyProofSchema = z
  .object({
    from: z.int().min(0),
    to: treeSize,
    from_root_hash: hash,
    to_root_hash: hash,
    hashes: z.array(hash),
    checkpoint: signedNote,
  })
  .openapi('ConsistencyProof')

/** `GET /v1/log/entries`. */
export const logEntryListSchema = z
  .object({
    data: z.array(
      z.object({
        index: z.int().min(0),
        leaf_hash: hash,
        entry: z
          .looseObject({ type: z.string(), subject: hash, time: z.string(), digest: hash })
          .openapi({ description: 'Its RFC 8785 form is what the leaf hash is of.' }),
      }),
    ),
    tree_size: treeSize,
    next_cursor: z.string().nullable(),
  })
  .openapi('LogEntryList')

/** `GET /v1/log/anchors`: checkpoints in transactions of an Ethereum-compatible chain. */
export const anchorListSchema = z
  .object({
    data: z.array(
      z.object({
        tree_size: treeSize,
        root_hash: hash,
        chain_id: z.int(),
        transaction_hash: z.string().regex(/^0x[0-9a-f]{64}$/),
        block_number: z.int(),
        confirmed_at: z.iso.datetime(),
      }),
    ),
  })
  .openapi('AnchorList')

export type InclusionProof = z.infer<typeof inclusionProofSchema>
export type LogState = z.infer<typeof logStateSchema>
export type LogProof = z.infer<typeof logProofSchema>
export type ConsistencyProof = z.infer<typeof consistencyProofSchema>
export type LogEntryList = z.infer<typeof logEntryListSchema>
export type AnchorList = z.infer<typeof anchorListSchema>
