import type { EdgeRequest } from '../request.ts'
import { PUBLIC_CORS, problem } from '../respond.ts'

const MAX_AGE_S = 300

/** A static file that was deployed with this Worker. */
export async function getAsset(edge: EdgeRequest, path: string): Promise<Response> {
  const { headers: asked, method } = edge.request
  const validator = asked.get('if-none-match')
  const response = await edge.env.ASSETS.fetch(`https://assets${path}`, {
    method,
    headers: validator === null ? {} : { 'if-none-match': validator },
  })
  if (!response.ok && response.status !== 304) return problem('route_not_found', edge.id)
  const headers = new Headers(response.headers)
  headers.set('cache-control', `public, max-age=${MAX_AGE_S}`)
  headers.set('x-content-type-options', 'nosniff')
  for (const [name, value] of Object.entries(PUBLIC_CORS)) headers.set(name, value)
  return new Response(response.body, { status: response.status, headers })
}
