import type { EdgeRequest } from './request.ts'
import { badgeFromMemory } from './routes/badges.ts'
import { answerFromMemory, getCertificate, verifyCertificate } from './routes/certificates.ts'

/** Every URL's path begins with the first slash behind this. */
const HTTPS = 'https://'
const CERTIFICATES = '/v1/trust/certs/'
const VERIFY = '/verify'
const BADGES = '/badges/'
const SVG = '.svg'
const ID_LENGTH = 'CERT-2026-7k3m9q2x4w8t1v6z'.length

/**
 * The hottest routes, recognised before the router, which costs more than answering them from memory. Null for
 * every other request, and for a badge that takes more than that.
 */
export function answerHotRoute(edge: EdgeRequest): Response | Promise<Response> | null {
  const { url, method } = edge.request
  if (method !== 'GET') return null
  const path = url.indexOf('/', HTTPS.length)
  const id = idBetween(url, path, CERTIFICATES, '')
  if (id !== null) return answerFromMemory(edge, id, 'get') ?? getCertificate(edge, id)
  const verified = idBetween(url, path, CERTIFICATES, VERIFY)
  if (verified !== null)
    return answerFromMemory(edge, verified, 'verify') ?? verifyCertificate(edge, verified)
  const badge = idBetween(url, path, BADGES, SVG)
  return badge === null ? null : badgeFromMemory(edge, badge)
}

/** What may be an id, where the path is `prefix`, that, and `suffix`, and nothing else follows. */
function idBetween(url: string, path: number, prefix: string, suffix: string): string | null {
  const start = path + prefix.length
  const end = start + ID_LENGTH
  if (url.length !== end + suffix.length || !url.startsWith(prefix, path) || !url.endsWith(suffix))
    return null
  return url.slice(start, end)
}
