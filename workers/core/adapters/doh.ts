import { z } from 'zod'
import { type Address, parseAddress } from '../../../core/notifications/addresses.ts'

/** Names to addresses, or why not: there is no such name or it has none; or nobody could be asked. */
export type Resolution = readonly Address[] | 'name_not_found' | 'resolver_unavailable'

const TIMEOUT_MS = 3_000
/** A name has a few addresses; more is no answer to us. */
const MAX_ANSWER_BYTES = 64 * 1024
const NO_ERROR = 0
const NO_SUCH_NAME = 3
const RECORD_TYPES = { A: { number: 1, version: 4 }, AAAA: { number: 28, version: 6 } } as const
type RecordType = keyof typeof RECORD_TYPES

/** What resolvers answer to `accept: application/dns-json`. */
const answerSchema = z.object({
  Status: z.int(),
  TC: z.boolean(),
  Answer: z.array(z.object({ name: z.string(), type: z.int(), data: z.string() })).optional(),
})

/**
 * All addresses of a name, by DNS over HTTPS. Aliases are followed by the resolver, whose answer ends with the addresses.
 * Both questions must be answered: an address that nobody saw cannot be judged.
 *
 * @param doh the resolver: `https://cloudflare-dns.com/dns-query`
 */
export async function resolve(fetcher: typeof fetch, doh: string, name: string): Promise<Resolution> {
  const found: Address[] = []
  // One after the other: a Worker waits for few connections at a time.
  for (const type of ['A', 'AAAA'] as const) {
    const addresses = await ask(fetcher, doh, name, type)
    if (addresses === null) return 'resolver_unavailable'
    found.push(...addresses)
  }
  return found.length === 0 ? 'name_not_found' : found
}

/** @returns null when there is no answer, or none that can be relied on */
async function ask(fetcher: typeof fetch, doh: string, name: string, type: RecordType) {
  const url = new URL(doh)
  url.searchParams.set('name', name)
  url.searchParams.set('type', type)
  try {
    const response = await fetcher(url, {
      headers: { accept: 'application/dns-json' },
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    if (response.status !== 200) {
      await response.body?.cancel()
      return null
    }
    return readAnswer(await readText(response), type)
  } catch {
    return null
  }
}

function readAnswer(text: string, type: RecordType): Address[] | null {
  const answer = answerSchema.parse(JSON.parse(text))
  if (answer.TC) return null
  if (answer.Status === NO_SUCH_NAME) return []
  if (answer.Status !== NO_ERROR) return null
  const { number, version } = RECORD_TYPES[type]
  const addresses = (answer.Answer ?? [])
    .filter((record) => record.type === number)
    .map(({ data }) => parseAddress(data))
  return addresses.every((address) => address?.version === version) ? (addresses as Address[]) : null
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
