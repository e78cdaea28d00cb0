import { spawn } from 'node:child_process'
import { inputFailure } from '../failure.ts'
import { MAX_CONTENT_BYTES } from '../limits.ts'
import { decodeText, looksBinary, SNIFFED_BYTES } from './content.ts'
import { GIT_OPTIONS, type Repository } from './run.ts'

/** What a blob holds for a certificate: its text, or why it has none that can be sent. */
export type BlobText =
  | { readonly kind: 'text'; readonly text: string; readonly bytes: number }
  | { readonly kind: 'binary' }
  | { readonly kind: 'too_large'; readonly bytes: number }

/**
 * Reads many blobs with two git processes: one for the sizes, one for the contents. What is larger than
 * {@link MAX_CONTENT_BYTES} is never read whole: its beginning tells text from binary.
 *
 * @param ids full object ids
 */
export async function readBlobs(
  repository: Repository,
  ids: readonly string[],
): Promise<ReadonlyMap<string, BlobText>> {
  const blobs = new Map<string, BlobText>()
  const sizes = await readSizes(repository, [...new Set(ids)])
  for (const [id, bytes] of sizes) {
    if (bytes <= MAX_CONTENT_BYTES) continue
    const binary = looksBinary(await readStart(repository, id))
    blobs.set(id, binary ? { kind: 'binary' } : { kind: 'too_large', bytes })
  }
  const small = [...sizes.keys()].filter((id) => !blobs.has(id))
  await eachObject(repository, '--batch', small, async (id, bytes, reader) => {
    const content = await reader.take(bytes)
    await reader.take(1)
    const text = decodeText(content)
    blobs.set(id, text === null ? { kind: 'binary' } : { kind: 'text', text, bytes })
  })
  return blobs
}

async function readSizes(repository: Repository, ids: readonly string[]): Promise<Map<string, number>> {
  const sizes = new Map<string, number>()
  await eachObject(repository, '--batch-check', ids, async (id, bytes) => {
    sizes.set(id, bytes)
  })
  return sizes
}

async function eachObject(
  repository: Repository,
  mode: '--batch' | '--batch-check',
  ids: readonly string[],
  use: (id: string, bytes: number, reader: ByteReader) => Promise<void>,
): Promise<void> {
  if (ids.length === 0) return
  const child = startCatFile(repository, [mode])
  // A git that ends early is seen as a missing answer below, not as an error of its input.
  child.stdin.on('error', () => {})
  child.stdin.end(ids.map((id) => `${id}\n`).join(''))
  const reader = new ByteReader(child.stdout)
  try {
    for (const id of ids) {
      const header = (await reader.line()).split(' ')
      if (header[1] !== 'blob') throw missingObject(id)
      await use(id, Number(header[2]), reader)
    }
  } finally {
    child.kill()
  }
}

async function readStart(repository: Repository, id: string): Promise<Buffer> {
  const child = startCatFile(repository, ['blob', id])
  child.stdin.on('error', () => {})
  child.stdin.end()
  try {
    return await new ByteReader(child.stdout).take(SNIFFED_BYTES)
  } finally {
    child.kill()
  }
}

function startCatFile(repository: Repository, args: readonly string[]) {
  const child = spawn('git', [...GIT_OPTIONS, 'cat-file', ...args], {
    cwd: repository.root,
    env: repository.env,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  child.on('error', () => {})
  return child
}

function missingObject(id: string) {
  return inputFailure(
    `this clone lacks the object ${id.slice(0, 12)}`,
    'A shallow or partial clone does not have everything: git fetch --deepen=1, or git fetch --unshallow',
  )
}

/** Takes lines and counted bytes from a stream, as `git cat-file --batch` writes them. */
class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>
  #rest: Buffer = Buffer.alloc(0)

  constructor(stream: AsyncIterable<Buffer>) {
    this.#chunks = stream[Symbol.asyncIterator]()
  }

  /** Up to the next line feed, without it. @throws {CommandFailure} when the stream ends first */
  async line(): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf(0x0a)
      if (end !== -1) return (await this.take(end + 1)).subarray(0, end).toString('latin1')
      if (!(await this.#grow(1))) throw endedEarly()
    }
  }

  async take(count: number): Promise<Buffer> {
    if (!(await this.#grow(count - this.#rest.length))) throw endedEarly()
    const taken = this.#rest.subarray(0, count)
    this.#rest = this.#rest.subarray(count)
    return taken
  }

  /** Waits for `wanted` more bytes; joins the chunks once, however many they are. */
  async #grow(wanted: number): Promise<boolean> {
    const chunks = [this.#rest]
    for (let received = 0; received < wanted; ) {
      const next = await this.#chunks.next()
      if (next.done === true) return false
      chunks.push(next.value)
      received += next.value.length
    }
    if (chunks.length > 1) this.#rest = Buffer.concat(chunks)
    return true
  }
}

function endedEarly() {
  return inputFailure('git cat-file ended early: is the repository whole? git fsck tells')
}
