import { sql } from 'drizzle-orm'
import { logWitnesses } from '../../../schema/tables/index.ts'
import type { Context } from '../../context.ts'
import {
  formatNote,
  type OpenedCheckpoint,
  type ParsedPolicy,
  type PolicyWitness,
  parsePolicy,
  proveConsistency,
  quorumReached,
  type ReadTile,
  type WitnessPolicy,
} from '../../verify/log/index.ts'
import { type Asked, askWitness, type PostCheckpoint } from './ask.ts'

/** What comes of a checkpoint that witnesses were asked about. */
export interface Cosigned {
  /** The signed note with the cosignatures that were got. */
  readonly note: string
  /** False only in fail-closed mode without the quorum: nothing may see this checkpoint yet. */
  readonly publish: boolean
  readonly quorum: boolean
}

/**
 * Puts a checkpoint before every witness of the policy that has a URL, at the same time, and adds what they sign.
 * `ctx.settings.log` says whether it takes their quorum to be published.
 *
 * @param read the tiles of the tree that the checkpoint is of
 */
export async function cosign(
  ctx: Context,
  post: PostCheckpoint,
  checkpoint: OpenedCheckpoint,
  read: ReadTile,
): Promise<Cosigned> {
  const { witnessPolicy, witnessFailure } = ctx.settings.log
  const policy = requirePolicy(witnessPolicy)
  const sizes = await readSizes(ctx)
  const asked = await Promise.all(
    policy.witnesses.filter(hasUrl).map(async (witness) => {
      const prove = (from: number) => proveConsistency(from, checkpoint.size, read)
      const question = { checkpoint, knownSize: sizes.get(witness.key.text) ?? 0, prove }
      return { witness, answer: await askWitness(post, witness, question) }
    }),
  )
  if (asked.length > 0) await remember(ctx, checkpoint.size, asked)
  const lines = asked.flatMap(({ answer }) => (answer.ok ? [answer.line] : []))
  const cosigned = new Set(asked.filter(({ answer }) => answer.ok).map(({ witness }) => witness.name))
  const quorum = quorumReached(policy, cosigned)
  const own = checkpoint.note.signatures.map(({ line }) => line)
  return {
    note: formatNote(checkpoint.note.text, [...own, ...lines]),
    publish: quorum || witnessFailure === 'open',
    quorum,
  }
}

/** Whether there is any witness to ask. */
export function hasWitnesses(policy: string): boolean {
  return requirePolicy(policy).witnesses.some(hasUrl)
}

/** @throws {TypeError} for a policy that cannot be parsed: configuration, not input */
function requirePolicy(text: string): WitnessPolicy {
  const parsed: ParsedPolicy = parsePolicy(text)
  if (!parsed.ok) throw new TypeError(`LOG_WITNESS_POLICY, line ${parsed.line}: ${parsed.fault}`)
  return parsed.policy
}

function hasUrl(witness: PolicyWitness): witness is PolicyWitness & { readonly url: string } {
  return witness.url !== null
}

async function readSizes(ctx: Context): Promise<ReadonlyMap<string, number>> {
  const rows = await ctx.database.asSystem((tx) =>
    tx.select({ key: logWitnesses.verifierKey, size: logWitnesses.size }).from(logWitnesses),
  )
  return new Map(rows.map(({ key, size }) => [key, size]))
}

/** How far each has come; a checkpoint that was asked about late does not take it back. */
async function remember(
  ctx: Context,
  size: number,
  asked: readonly { witness: PolicyWitness; answer: Asked }[],
): Promise<void> {
  const rows = asked.map(({ witness, answer }) => ({
    verifierKey: witness.key.text,
    size: answer.ok ? size : 0,
    cosignedAt: answer.ok ? ctx.now : null,
    failedAt: answer.ok ? null : ctx.now,
    failure: answer.ok ? null : answer.failure,
  }))
  await ctx.database.asSystem((tx) =>
    tx
      .insert(logWitnesses)
      .values(rows)
      .onConflictDoUpdate({
        target: logWitnesses.verifierKey,
        set: {
          size: sql`greatest(${logWitnesses.size}, excluded.size)`,
          cosignedAt: sql`coalesce(excluded.cosigned_at, ${logWitnesses.cosignedAt})`,
          failedAt: sql`coalesce(excluded.failed_at, ${logWitnesses.failedAt})`,
          failure: sql`excluded.failure`,
        },
      }),
  )
}
