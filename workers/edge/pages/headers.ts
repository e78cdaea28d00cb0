/**
 * Nothing is allowed but our own files: no inline script, no inline style, no other origin. Trusted Types
 * close the DOM sinks too; our scripts only ever set text.
 */
const PAGE_POLICY = policy({
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'connect-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'self'",
  'frame-ancestors': "'none'",
  'require-trusted-types-for': "'script'",
  'trusted-types': "'none'",
})

/** The API reference writes its own style elements and blobs; it needs no eval and no other origin. */
const REFERENCE_POLICY = policy({
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data: blob:",
  'font-src': "'self' data:",
  'connect-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
})

/**
 * - `document`: the same for everyone, changes with a deployment
 * - `live`: says something of this moment and must be asked again
 * - `error`: never kept
 */
export type Caching = 'document' | 'live' | 'error'

const CACHE_CONTROL: Record<Caching, string> = {
  document: 'public, max-age=300',
  live: 'no-cache',
  error: 'no-store',
}

/** Headers of every page. @param csp which Content-Security-Policy the page lives under */
export function pageHeaders(caching: Caching, csp: 'page' | 'reference' = 'page'): Record<string, string> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': CACHE_CONTROL[caching],
    'content-security-policy': csp === 'page' ? PAGE_POLICY : REFERENCE_POLICY,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  }
}

function policy(directives: Record<string, string>): string {
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources}`)
    .join('; ')
}
