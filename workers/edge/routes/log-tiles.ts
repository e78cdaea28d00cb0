import { HASH_BYTES } from '../../../core/verify/log/merkle.ts'
import { parseObjectPath } from '../../../core/verify/log/tiles.ts'
import { logObject } from '../../../schema/kv.ts'
import { within } from '../deadline.ts'
import { hasIt } from '../etag.ts'
import { currentCheckpoint } from '../log/checkpoint.ts'
import { MAX_BUNDLE_BYTES } from '../log/tiles.ts'
import { count } from '../metrics.ts'
import type { EdgeRequest } from '../request.ts'
import { PUBLIC_CORS, publicProblem } from '../respond.ts'

const PREFIX = '/log/'
const R2_WAIT_MS = 2_500

/** `GET /log/checkpoint` (c2sp.org/tlog-tiles): signed by the log that the trust root names. */
export async function getCheckpoint(edge: EdgeRequest): Promise<Response> {
  const checkpoint = await currentCheckpoint(edge.env, edge.now)
  if (checkpoint === null) return publicProblem('log_unavailable', edge.id)
  const headers = {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-cache',
    etag: checkpoint.etag,
    ...PUBLIC_CORS,
  }
  return hasIt(edge.request, checkpoint.etag)
    ? new Response(null, { status: 304, headers })
    : new Response(checkpoint.text, { headers })
}

/**
 * `GET /log/tile/…` and `/log/tile/entries/…`: as they are in R2, which is not believed either: a reader checks them
 * against the checkpoint. Only what cannot be a tile of this name is refused here.
 *
 * @param path of the URL, as it was sent
 */
export async function getLogObject(edge: EdgeRequest, path: string): Promise<Response> {
  const id = parseObjectPath(path.slice(PREFIX.length))
  if (id === null) return publicProblem('log_tile_not_found', edge.id)
  const key = logObject(path.slice(PREFIX.length))
  let object: R2Object | R2ObjectBody | null
  try {
    const bucket = edge.env.TRUST_R2
    const asked = edge.request.method === 'HEAD' ? bucket.head(key) : bucket.get(key)
    object = await within<R2Object | R2ObjectBody | null>(R2_WAIT_MS, asked)
  } catch {
    count('coderisk_edge_log_failures_total')
    return publicProblem('log_unavailable', edge.id)
  }
  if (object === null) return publicProblem('log_tile_not_found', edge.id)
  const body = 'body' in object ? object.body : null
  const fits = id.kind === 'tile' ? object.size === id.width * HASH_BYTES : object.size <= MAX_BUNDLE_BYTES
  if (fits) return new Response(body, { headers: headersOf(id.kind, edge.request) })
  await body?.cancel()
  count('coderisk_edge_log_rejected_total')
  return publicProblem('log_unavailable', edge.id)
}

/** Entries are text; hashes have nothing to compress. The runtime compresses what says that it is compressed. */
function headersOf(kind: 'tile' | 'entries', request: Request): Headers {
  const headers = new Headers({
    'content-type': 'application/octet-stream',
    'cache-control': 'public, max-age=31536000, immutable',
    'x-content-type-options': 'nosniff',
    ...PUBLIC_CORS,
  })
  if (kind === 'tile') return headers
  headers.set('vary', 'accept-encoding')
  if (acceptsGzip(codingsOf(request))) headers.set('content-encoding', 'gzip')
  return headers
}

/** Cloudflare writes its own `Accept-Encoding` over the client's, which it keeps here. */
function codingsOf({ cf, headers }: Request): string {
  const asked = cf === undefined ? headers.get('accept-encoding') : cf.clientAcceptEncoding
  return typeof asked === 'string' ? asked : ''
}

/** RFC 9110 §12.5.3; without a word on it, or with one against it, the entries go as they are. */
function acceptsGzip(accepted: string): boolean {
  return accepted
    .split(',')
    .some((coding) => /^\s*(?:x-)?gzip\s*(?:;\s*q=(?:1|0\.0*[1-9]).*)?$/i.test(coding))
}
