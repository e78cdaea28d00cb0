import { hasIt } from '../etag.ts'
import type { EdgeRequest } from '../request.ts'
import { PUBLIC_CORS, publicProblem } from '../respond.ts'
import { findStatusToken } from '../signed-status.ts'

const LIST = /^(?:0|[1-9][0-9]{0,8})$/

/** `GET /v1/status-lists/{n}`: the signed token of a status list (Token Status List, section 8). */
export async function getStatusList(edge: EdgeRequest, list: string): Promise<Response> {
  if (!LIST.test(list)) return publicProblem('status_list_not_found', edge.id)
  const found = await findStatusToken(edge.env, Number(list), edge.now)
  if (!found.ok) {
    const code = found.reason === 'not_found' ? 'status_list_not_found' : 'status_list_unavailable'
    return publicProblem(code, edge.id)
  }
  const { text, token, etag } = found.held
  const left = Math.max(0, Math.floor((token.expiresAt - edge.now) / 1_000))
  const headers = {
    'content-type': 'application/statuslist+jwt',
    'cache-control': left === 0 ? 'no-cache' : `public, max-age=${Math.min(token.ttl, left)}`,
    etag,
    ...PUBLIC_CORS,
  }
  return hasIt(edge.request, etag)
    ? new Response(null, { status: 304, headers })
    : new Response(text, { headers })
}
