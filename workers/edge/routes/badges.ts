import { type BadgeInput, renderBadge } from '../badges.ts'
import { fromMemory } from '../certificates.ts'
import type { EdgeRequest } from '../request.ts'
import { heldTrustRoot } from '../trust.ts'
import { decideAtOnce, decideNow } from '../verification.ts'
import { find } from './certificates.ts'

/**
 * `GET /badges/{id}.svg`: always 200 and always a picture, since image proxies keep failures. It must be asked
 * again each time (`max-age=0`), and its ETag makes that cheap.
 */
export async function getBadge(edge: EdgeRequest, id: string, query: URLSearchParams): Promise<Response> {
  return answer(edge, {
    ...(await describe(edge, id)),
    style: query.get('style') ?? undefined,
    label: query.get('label') ?? undefined,
  })
}

/** The usual badge of a certificate that is in memory and valid; else null. */
export function badgeFromMemory(edge: EdgeRequest, id: string): Response | null {
  const root = heldTrustRoot(edge.now)
  const held = root === undefined ? undefined : fromMemory(id, root)
  if (held === undefined) return null
  const decision = decideAtOnce(edge.env, edge.waitUntil, held, edge.now)
  const { certificate } = held.examined
  if (decision?.verdict.verdict !== 'valid' || certificate === null) return null
  return answer(edge, {
    status: 'valid',
    riskLevel: certificate.risk_level,
    riskScore: certificate.risk_score,
  })
}

function answer(edge: EdgeRequest, input: BadgeInput): Response {
  const { bytes, etag, headers } = renderBadge(input)
  if (edge.request.headers.get('if-none-match')?.includes(etag))
    return new Response(null, { status: 304, headers })
  return new Response(bytes, { headers })
}

const UNKNOWN: BadgeInput = { status: 'unknown', riskLevel: null, riskScore: null }

async function describe(edge: EdgeRequest, id: string): Promise<BadgeInput> {
  try {
    const found = await find(edge, id)
    if (!found.ok) return UNKNOWN
    const { verdict } = await decideNow(edge.env, edge.waitUntil, found.certificate, edge.now)
    const { certificate } = found.certificate.examined
    if (certificate === null || verdict.status === 'unknown') return UNKNOWN
    return { status: verdict.status, riskLevel: certificate.risk_level, riskScore: certificate.risk_score }
  } catch {
    return UNKNOWN
  }
}
