import type { PostCheckpoint } from '../../../core/log/witness/ask.ts'

/** A witness that is slower than this has not answered: checkpoints come every second. */
const TIMEOUT_MS = 3_000
/** A few signature lines; more is no answer to us. */
const MAX_ANSWER_BYTES = 64 * 1024

/** Speaks to witnesses over HTTP. @throws when there is no answer in time, or it is too large */
export const postCheckpoint: PostCheckpoint = async (url, body) => {
  const response = await fetch(url, {
    method: 'POST',
    body,
    redirect: 'manual',
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  return { status: response.status, body: await readText(response) }
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length
    if (length > MAX_ANSWER_BYTES) throw new RangeError('the answer is too large')
    chunks.push(chunk)
  }
  return new TextDecoder().decode(await new Blob(chunks as BlobPart[]).arrayBuffer())
}
