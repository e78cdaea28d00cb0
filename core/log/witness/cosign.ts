import { sql } from 'drizzle-orm'
import { logWitnesses } from '../../../schema/tables/index.ts'
import type { Context } from '../../context.ts'
import {
  formatNote,
  MAX_NOTE_SIGNATURES,
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

/** A witness that could not be reached is left alone for this long. */
const REST_MS = 10_000

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
  const known = await readWitnesses(ctx)
  const rests = ({ key }: PolicyWitness) => isResting(known.get(key.text), ctx.now)
  const asked = await Promise.all(
    policy.witnesses
      .filter(hasUrl)
      .filter((witness) => !rests(witness))
      .map(async (witness) => {
        const prove = (from: number) => proveConsistency(from, checkpoint.size, read)
        const question = { checkpoint, knownSize: known.get(witness.key.text)?.size ?? 0, prove }
        return { witness, answer: await askWitness(post, witness, question) }
      }),
  )
  if (asked.length > 0) await remember(ctx, checkpoint.size, asked)
  const lines = asked.flatMap(({ answer }) => (answer.ok ? [answer.line] : []))
  const cosigned = new Set(asked.filter(({ answer }) => answer.ok).map(({ witness }) => witness.name))
  const quorum = quorumReached(policy, cosigned)
  const own = checkpoint.note.signatures.map(({ line }) => line)
  return {
    note: formatNote(checkpoint.note.text, [...own, ...lines].slice(0, MAX_NOTE_SIGNATURES)),
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

type Known = typeof logWitnesses.$inferSelect

async function readWitnesses(ctx: Context): Promise<ReadonlyMap<string, Known>> {
  const rows = await ctx.database.asSystem((tx) => tx.select().from(logWitnesses))
  return new Map(rows.map((row) => [row.verifierKey, row]))
}

/** One that cannot be reached would hold up every checkpoint for as long as its time limit. */
function isResting(known: Known | undefined, now: Date): boolean {
  if (known?.failure !== 'unreachable' || known.failedAt === null) return false
  const since = now.getTime() - known.failedAt.getTime()
  return since >= 0 && since < REST_MS
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
