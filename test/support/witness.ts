import type { PostCheckpoint } from '../../core/log/witness/ask.ts'
import { fromBase64, toBase64 } from '../../core/verify/encoding.ts'
import {
  COSIGNATURE_TYPE,
  cosignatureLine,
  cosignedMessage,
  equalBytes,
  formatVerifierKey,
  openCheckpoint,
  parseVerifierKey,
  type VerifierKey,
  verifyConsistency,
} from '../../core/verify/log/index.ts'

export interface TestWitness {
  readonly name: string
  readonly key: VerifierKey
  /** Bodies that it was sent, in order. */
  readonly asked: string[]
  /** What it has cosigned last. */
  size(): number
  /** Has it believe that it cosigned this before. */
  follow(size: number, root: Uint8Array): void
  readonly post: PostCheckpoint
}

/** A witness as c2sp.org/tlog-witness has it, without the HTTP. @param logKey the one log that it knows */
export async function createWitness(name: string, logKey: VerifierKey): Promise<TestWitness> {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
  const raw = new Uint8Array((await crypto.subtle.exportKey('raw', pair.publicKey)) as ArrayBuffer)
  const key = parseVerifierKey(formatVerifierKey(name, raw, COSIGNATURE_TYPE))!
  const asked: string[] = []
  let latest = { size: 0, root: new Uint8Array() as Uint8Array }
  const conflict = () => ({ status: 409, body: `${latest.size}\n` })
  return {
    name,
    key,
    asked,
    size: () => latest.size,
    follow(size, root) {
      latest = { size, root }
    },
    async post(url, body) {
      asked.push(body)
      if (!url.endsWith('/add-checkpoint')) return { status: 404, body: '' }
      const split = body.indexOf('\n\n')
      const [old = '', ...proof] = body.slice(0, split).split('\n')
      const checkpoint = await openCheckpoint(body.slice(split + 2), logKey)
      if (checkpoint === null) return { status: 403, body: '' }
      const from = Number(old.slice('old '.length))
      if (from > checkpoint.size) return { status: 400, body: '' }
      if (from !== latest.size) return conflict()
      if (from === checkpoint.size && !equalBytes(latest.root, checkpoint.root)) return conflict()
      const hashes = proof.map((line) => fromBase64(line)!)
      const sizes = { from, to: checkpoint.size, fromRoot: latest.root, toRoot: checkpoint.root }
      if (from > 0 && !verifyConsistency({ ...sizes, hashes })) return { status: 422, body: '' }
      latest = { size: checkpoint.size, root: checkpoint.root }
      const time = 1_790_000_000
      const message = cosignedMessage(time, checkpoint.note.text)
      const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', pair.privateKey, message))
      // A line that nobody asked for comes with it: clients ignore keys that they do not know.
      const stranger = `\u2014 stranger.example ${toBase64(new Uint8Array(76))}\n`
      return { status: 200, body: `${stranger}${cosignatureLine(key, time, signature)}` }
    },
  }
}
