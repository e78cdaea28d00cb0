import type { Context } from '../../core/context.ts'
import { type Cosigner, unwitnessed } from '../../core/log/publish.ts'
import { type Sequenced, sequence } from '../../core/log/sequence.ts'
import { UploadProgress } from '../../core/log/upload.ts'
import { cosign, hasWitnesses } from '../../core/log/witness/cosign.ts'
import { createR2Store } from './adapters/r2-store.ts'
import { postCheckpoint } from './adapters/witness-http.ts'
import { coalesced } from './coalesced.ts'
import type { CoreEnv } from './env.ts'
import { logSequencer } from './hosts.ts'
import { logLine } from './log.ts'

/** What a host has to do with the sequencing of the log. */
export interface Sequencing {
  /** To be called when something has been appended. Never rejects: cron comes back for what it missed. */
  wake(): Promise<void>
  /** Sequences here and now, in case nobody else does. Never rejects. */
  run(): Promise<void>
}

/** Sequences into R2, with the witnesses that the configuration names. */
export type Sequencer = (ctx: Context) => Promise<Sequenced>

export function openSequencer(env: CoreEnv): Sequencer {
  const store = createR2Store(env.TRUST_R2)
  const progress = new UploadProgress()
  // A policy that cannot be read stops the log, and nothing else: it is looked at here, and not when a host starts.
  return async (ctx) => {
    const cosign = hasWitnesses(ctx.settings.log.witnessPolicy) ? askWitnesses : unwitnessed
    return sequence(ctx, store, { cosign, progress })
  }
}

const askWitnesses: Cosigner = (ctx, checkpoint, read) => cosign(ctx, postCheckpoint, checkpoint, read)

export function createSequencing(env: CoreEnv, context: () => Context): Sequencing {
  const sequencer = openSequencer(env)
  let running: Promise<void> | undefined
  const run = async () => {
    try {
      await sequencer(context())
    } catch (error) {
      logLine('error', 'log not sequenced', { error })
    } finally {
      running = undefined
    }
  }
  return {
    wake: coalesced('log sequencer not woken', () => logSequencer(env).wake()),
    run: () => {
      running ??= run()
      return running
    },
  }
}
