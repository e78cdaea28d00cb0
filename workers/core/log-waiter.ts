import type { Context } from '../../core/context.ts'
import { readInclusionProofs } from '../../core/log/read.ts'
import type { InclusionProof } from '../../schema/wire/log.ts'
import { logLine } from './log.ts'

const POLL_MS = 100
/** Those beyond are not kept waiting. */
const MAX_WAITING = 1_000

type Tell = (proof: InclusionProof | null) => void

/**
 * Waits for entries to be covered by a published checkpoint. All who wait on a host share one look at the database, every
 * {@link POLL_MS} and only while there is anybody.
 */
export class LogWaiter {
  readonly #context: () => Context
  readonly #waiting = new Map<string, Set<Tell>>()
  #count = 0
  #polling = false

  constructor(context: () => Context) {
    this.#context = context
  }

  /** Whether there is room for one more; who finds none goes without waiting. */
  get hasRoom(): boolean {
    return this.#count < MAX_WAITING
  }

  /**
   * @param leafHash hex
   * @param milliseconds how long at most
   * @returns the proof; null when it is not there in time
   */
  waitFor(leafHash: string, milliseconds: number): Promise<InclusionProof | null> {
    if (!this.hasRoom || milliseconds <= 0) return Promise.resolve(null)
    return new Promise((resolve) => {
      const all = this.#waiting.get(leafHash) ?? new Set()
      const tell: Tell = (proof) => {
        clearTimeout(timer)
        this.#count--
        all.delete(tell)
        if (all.size === 0) this.#waiting.delete(leafHash)
        resolve(proof)
      }
      const timer = setTimeout(() => tell(null), milliseconds)
      this.#waiting.set(leafHash, all.add(tell))
      this.#count++
      if (!this.#polling) void this.#poll()
    })
  }

  async #poll(): Promise<void> {
    this.#polling = true
    while (this.#count > 0) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
      if (this.#count > 0) await this.#look()
    }
    this.#polling = false
  }

  async #look(): Promise<void> {
    try {
      const proofs = await readInclusionProofs(this.#context(), [...this.#waiting.keys()])
      for (const [leafHash, proof] of proofs) {
        for (const tell of [...(this.#waiting.get(leafHash) ?? [])]) tell(proof)
      }
    } catch (error) {
      // Whoever waits gets the answer that they would have had without waiting.
      logLine('warn', 'no look at the log', { error })
    }
  }
}
