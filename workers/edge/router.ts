import { Hono } from 'hono'
import type { EdgeRequest } from './request.ts'
import { preflight, problem } from './respond.ts'
import { getArcEntry, getArcEntryPage, getArcList, getArcListPage } from './routes/arc.ts'
import { getAsset } from './routes/assets.ts'
import { getBadge } from './routes/badges.ts'
import { getCertificate, verifyCertificate } from './routes/certificates.ts'
import { getBundle, getForm, getLogProof } from './routes/forms.ts'
import { forwardToCore, forwardWebhook } from './routes/forward.ts'
import { getHealth, getMetrics, getReadiness } from './routes/health.ts'
import { getAnchors, getConsistencyProof, getInclusionProof, getLogEntries } from './routes/log.ts'
import { getLogPage } from './routes/log-page.ts'
import { getCheckpoint, getLogObject } from './routes/log-tiles.ts'
import {
  getCertificatePage,
  getDocsPage,
  getHomePage,
  getNotFoundPage,
  getVerifyPage,
} from './routes/pages.ts'
import { getStatusList } from './routes/status-lists.ts'
import { verifySignature } from './routes/verify-signature.ts'
import { getJwks, getRootKey, getTrustRoot } from './routes/well-known.ts'

type Router = Hono<{ Bindings: { edge: EdgeRequest } }>

/** Every public route. What is not named here and starts with `/v1/` is the core's to answer. */
export function createRouter(): Router {
  const router: Router = new Hono()
  const query = (edge: EdgeRequest) => new URL(edge.request.url).searchParams

  // Before the certificate itself, whose pattern takes these for ids.
  router.get('/v1/trust/certs/:file{CERT-.+\\.tlog-proof}', (c) =>
    getLogProof(c.env.edge, stem(c.req.param('file'), '.tlog-proof')),
  )
  router.get('/v1/trust/certs/:file{CERT-.+\\.jws}', (c) =>
    getForm(c.env.edge, stem(c.req.param('file'), '.jws'), 'jws'),
  )
  router.get('/v1/trust/certs/:file{CERT-.+\\.sigstore\\.json}', (c) =>
    getForm(c.env.edge, stem(c.req.param('file'), '.sigstore.json'), 'sigstore'),
  )
  router.get('/v1/trust/certs/:id/bundle', (c) => getBundle(c.env.edge, c.req.param('id')))
  router.get('/v1/trust/certs/:id', (c) => getCertificate(c.env.edge, c.req.param('id')))
  router.get('/v1/trust/certs/:id/verify', (c) => verifyCertificate(c.env.edge, c.req.param('id')))
  router.post('/v1/trust/verify-signature', (c) => verifySignature(c.env.edge))
  router.get('/v1/arc', (c) => getArcList(c.env.edge, query(c.env.edge)))
  router.get('/v1/arc/:id{ARC-.+}', (c) => getArcEntry(c.env.edge, c.req.param('id')))
  router.get('/v1/status-lists/:list', (c) => getStatusList(c.env.edge, c.req.param('list')))
  router.get('/v1/log/proof', (c) => getInclusionProof(c.env.edge, query(c.env.edge)))
  router.get('/v1/log/consistency', (c) => getConsistencyProof(c.env.edge, query(c.env.edge)))
  router.get('/v1/log/entries', (c) => getLogEntries(c.env.edge, query(c.env.edge)))
  router.get('/v1/log/anchors', (c) => getAnchors(c.env.edge))
  router.get('/log/checkpoint', (c) => getCheckpoint(c.env.edge))
  router.get('/log/tile/*', (c) => getLogObject(c.env.edge, c.req.path))
  router.get('/badges/:file{[^/]+\\.svg}', (c) =>
    getBadge(c.env.edge, c.req.param('file').slice(0, -4), query(c.env.edge)),
  )

  router.get('/.well-known/jwks.json', (c) => getJwks(c.env.edge))
  router.get('/.well-known/coderisk/trust-root.json', (c) => getTrustRoot(c.env.edge))
  router.get('/.well-known/coderisk/root-key.json', (c) => getRootKey(c.env.edge))

  router.post('/webhooks/*', (c) => forwardWebhook(c.env.edge))

  router.get('/', (c) => getHomePage(c.env.edge))
  router.get('/certs/:id', (c) => getCertificatePage(c.env.edge, c.req.param('id')))
  router.get('/verify', (c) => getVerifyPage(c.env.edge, query(c.env.edge)))
  router.get('/log', (c) => getLogPage(c.env.edge, query(c.env.edge)))
  router.get('/arc', (c) => getArcListPage(c.env.edge, query(c.env.edge)))
  router.get('/arc/:id', (c) => getArcEntryPage(c.env.edge, c.req.param('id')))
  router.get('/docs', (c) => getDocsPage(c.env.edge))
  router.get('/openapi.json', (c) => getAsset(c.env.edge, '/assets/openapi.json'))
  router.get('/openapi-3.0.json', (c) => getAsset(c.env.edge, '/assets/openapi-3.0.json'))
  router.get('/favicon.ico', (c) => getAsset(c.env.edge, '/assets/icon.svg'))
  router.get('/robots.txt', (c) => getAsset(c.env.edge, '/assets/robots.txt'))
  router.get('/assets/*', (c) => getAsset(c.env.edge, c.req.path))

  router.get('/healthz', () => getHealth())
  router.get('/readyz', (c) => getReadiness(c.env.edge))
  router.get('/metrics', (c) => getMetrics(c.env.edge))

  for (const path of OPEN_TO_ALL_ORIGINS) router.options(path, () => preflight())
  for (const [path, allow] of Object.entries(EDGE_ONLY)) {
    router.all(path, (c) => problem('method_not_allowed', c.env.edge.id, { headers: { allow } }))
  }
  router.all('/v1/*', (c) => forwardToCore(c.env.edge))
  router.notFound((c) => {
    const wantsPage = c.req.header('accept')?.includes('text/html') ?? false
    return wantsPage ? getNotFoundPage(c.env.edge) : problem('route_not_found', c.env.edge.id)
  })
  return router
}

/** The name of a file without its ending: an id, or none at all. */
function stem(file: string, ending: string): string {
  return file.slice(0, -ending.length)
}

/** Here a method that has no handler above is refused, and not forwarded. */
const EDGE_ONLY = {
  '/v1/trust/certs/:id': 'GET, HEAD',
  '/v1/trust/certs/:id/verify': 'GET, HEAD',
  '/v1/trust/certs/:id/bundle': 'GET, HEAD',
  '/v1/trust/verify-signature': 'POST',
  '/v1/status-lists/:list': 'GET, HEAD',
  '/v1/log/proof': 'GET, HEAD',
  '/v1/log/consistency': 'GET, HEAD',
  '/v1/log/entries': 'GET, HEAD',
  '/v1/log/anchors': 'GET, HEAD',
  '/log': 'GET, HEAD',
  '/log/checkpoint': 'GET, HEAD',
  '/log/tile/*': 'GET, HEAD',
  '/v1/arc': 'GET, HEAD',
  '/v1/arc/:id{ARC-.+}': 'GET, HEAD',
  '/arc/*': 'GET, HEAD',
  '/.well-known/*': 'GET, HEAD',
  '/badges/*': 'GET, HEAD',
  '/certs/*': 'GET, HEAD',
  '/healthz': 'GET, HEAD',
  '/readyz': 'GET, HEAD',
  '/metrics': 'GET, HEAD',
  '/openapi.json': 'GET, HEAD',
  '/webhooks/*': 'POST',
} as const

const OPEN_TO_ALL_ORIGINS = [
  '/v1/trust/certs/:id',
  '/v1/trust/certs/:id/verify',
  '/v1/trust/certs/:id/bundle',
  '/v1/trust/verify-signature',
  '/v1/status-lists/:list',
  '/v1/log/*',
  '/log/checkpoint',
  '/log/tile/*',
  '/v1/arc',
  '/v1/arc/:id{ARC-.+}',
  '/.well-known/*',
  '/badges/*',
] as const
