/**
 * A C2SP tile log: its Merkle tree, tiles, signed notes, checkpoints, cosignatures, policies and proofs. Pure and ours; the
 * network writes its log with it, and everyone else verifies with it.
 */
export * from './checkpoint.ts'
export * from './cosignature.ts'
export * from './entries.ts'
export * from './merkle.ts'
export * from './note.ts'
export * from './policy.ts'
export * from './proof.ts'
export * from './tiles.ts'
export * from './tree.ts'
