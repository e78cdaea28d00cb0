import type { Context } from '../context.ts'
import type { ObjectStore } from '../publication/store.ts'
import { checkPublished } from './check.ts'
import { type Cosigner, publishCheckpoint, unwitnessed } from './publish.ts'
import { stageEntries } from './stage.ts'
import { swapCheckpoint } from './swap.ts'
import type { UploadProgress } from './upload.ts'

/** Batches of one run; whoever started it comes back for the rest. */
const MAX_ROUNDS = 20

export interface SequenceOptions {
  /** Who cosigns; nobody if not given. */
  readonly cosign?: Cosigner
  readonly maxRounds?: number
  /** Where a large upload has come to, if this is one run of many; without it, it is done in one. */
  readonly progress?: UploadProgress
}

export interface Sequenced {
  /** Entries that got their index in this run. */
  readonly staged: number
  /** Entries that the published checkpoint covers, as far as this run knows. */
  readonly publishedSize: number
  /** Whether a checkpoint is known to be published that was not before. */
  readonly published: boolean
  /** Whether there is more to do: rounds ran out, an upload takes another run, or witnesses hold the checkpoint back. */
  readonly more: boolean
  /** Whether the checkpoint is held back because its quorum is missing. */
  readonly held: boolean
}

/**
 * Gives every pending entry its place and publishes the tree that has it. Any number of these may run at once, and any of
 * them may end at any point: each step is safe to repeat, and each round looks at what is published before it does
 * anything, so that whatever failed is simply done again.
 *
 * @throws {LogHalted} when the published checkpoint is none that our tree grows from
 * @throws what the database, the store, the vault or the witnesses throw
 */
export async function sequence(
  ctx: Context,
  store: ObjectStore,
  { cosign = unwitnessed, maxRounds = MAX_ROUNDS, progress }: SequenceOptions = {},
): Promise<Sequenced> {
  let staged = 0
  let publishedSize = 0
  let published = false
  for (let round = 0; round < maxRounds; round++) {
    const done = await runRound(ctx, store, { cosign, progress })
    staged += done.staged
    publishedSize = Math.max(publishedSize, done.publishedSize)
    published ||= done.published
    const held = done.outcome === 'held'
    const more = held || done.outcome === 'unfinished'
    if (done.outcome !== 'again') return { staged, publishedSize, published, more, held }
  }
  return { staged, publishedSize, published, more: true, held: false }
}

interface Round {
  readonly staged: number
  readonly publishedSize: number
  readonly published: boolean
  readonly outcome: 'done' | 'again' | 'held' | 'unfinished'
}

const NO_LOG: Round = { staged: 0, publishedSize: 0, published: false, outcome: 'done' }

/** Check → stage → swap → publish; what an earlier round left half done is finished first. */
async function runRound(
  ctx: Context,
  store: ObjectStore,
  options: { cosign: Cosigner; progress: UploadProgress | undefined },
): Promise<Round> {
  const from = await checkPublished(ctx, store)
  const log = from === null ? null : await stageEntries(ctx)
  if (from === null || log === null) return NO_LOG
  const round = { staged: log.staged, publishedSize: from.size, published: from.recorded }
  // What is signed already is published before more is signed: a checkpoint that is held back holds back all behind it.
  const behind = log.size > from.size
  if (!behind && log.stagedSize === log.size) return { ...round, outcome: 'done' }
  if (!behind && !(await swapCheckpoint(ctx))) return { ...round, outcome: 'again' }
  const publication = await publishCheckpoint(ctx, store, from, options)
  if (publication === 'moved') return { ...round, outcome: 'again' }
  if (publication === 'held' || publication === 'unfinished') return { ...round, outcome: publication }
  const outcome = behind || log.more ? 'again' : 'done'
  return { staged: log.staged, publishedSize: publication.size, published: true, outcome }
}
