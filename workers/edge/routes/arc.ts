import type { ArcEntryDocument } from '../../../schema/wire/arc.ts'
import { ARC_ID_PATTERN, SEVERITIES } from '../../../schema/wire/vocabulary.ts'
import { catalogue } from '../catalogue.ts'
import { arcEntryPage, arcListPage, errorPage, notFoundPage } from '../pages/index.ts'
import type { EdgeRequest } from '../request.ts'
import { json, page, publicProblem } from '../respond.ts'
import { siteOf } from '../site.ts'

const MAX_QUERY_CHARACTERS = 200
const MAX_QUERY_WORDS = 10
const CACHING = { 'cache-control': 'public, max-age=300' } as const

/** `GET /v1/arc?q=…&severity=…`: all entries that anyone may read. */
export async function getArcList(edge: EdgeRequest, query: URLSearchParams): Promise<Response> {
  const faults = [...faultsOf(query)]
  if (faults.length > 0) return publicProblem('invalid_input', edge.id, { errors: faults })
  const held = await catalogue(edge.env, edge.now)
  if (held === null) return publicProblem('core_unavailable', edge.id)
  return json(JSON.stringify({ data: select(held.entries, query), next_cursor: null }), CACHING)
}

/** `GET /v1/arc/{id}` */
export async function getArcEntry(edge: EdgeRequest, id: string): Promise<Response> {
  if (!ARC_ID_PATTERN.test(id)) return publicProblem('arc_entry_not_found', edge.id)
  const held = await catalogue(edge.env, edge.now)
  const entry = held?.entries.find((candidate) => candidate.id === id)
  if (entry !== undefined) return json(JSON.stringify(entry), CACHING)
  // Without the database nobody knows whether it was published.
  return publicProblem(held?.complete ? 'arc_entry_not_found' : 'core_unavailable', edge.id)
}

/** `/arc` */
export async function getArcListPage(edge: EdgeRequest, query: URLSearchParams): Promise<Response> {
  const held = await catalogue(edge.env, edge.now)
  if (held === null) return unavailable(edge)
  const asked = (query.get('q') ?? '').slice(0, MAX_QUERY_CHARACTERS)
  const entries = select(held.entries, new URLSearchParams({ q: asked }))
  return page(arcListPage(siteOf(edge.env), { entries, total: held.entries.length, query: asked }))
}

/** `/arc/{id}` */
export async function getArcEntryPage(edge: EdgeRequest, id: string): Promise<Response> {
  const held = await catalogue(edge.env, edge.now)
  const entry = held?.entries.find((candidate) => candidate.id === id)
  if (entry !== undefined) return page(arcEntryPage(siteOf(edge.env), entry))
  return held?.complete || !ARC_ID_PATTERN.test(id) ? page(notFoundPage(siteOf(edge.env))) : unavailable(edge)
}

function* faultsOf(query: URLSearchParams): Generator<{ path: string; message: string }> {
  for (const name of query.keys()) {
    if (name !== 'q' && name !== 'severity') yield { path: name.slice(0, 64), message: 'is not a parameter' }
  }
  if ((query.get('q') ?? '').length > MAX_QUERY_CHARACTERS) {
    yield { path: 'q', message: `is longer than ${MAX_QUERY_CHARACTERS} characters` }
  }
  const severity = query.get('severity')
  if (severity !== null && !SEVERITIES.some((known) => known === severity)) {
    yield { path: 'severity', message: `must be one of ${SEVERITIES.join(', ')}` }
  }
}

/** Those in which every word occurs. */
function select(entries: readonly ArcEntryDocument[], query: URLSearchParams): ArcEntryDocument[] {
  const words = (query.get('q') ?? '').toLowerCase().split(/\s+/).slice(0, MAX_QUERY_WORDS)
  const severity = query.get('severity')
  return entries.filter((entry) => {
    const text = `${entry.id} ${entry.title} ${entry.description} ${entry.cwe.join(' ')}`.toLowerCase()
    return (severity === null || entry.severity === severity) && words.every((word) => text.includes(word))
  })
}

function unavailable(edge: EdgeRequest): Response {
  const title = 'The catalogue cannot be read right now'
  return page(errorPage(siteOf(edge.env), { status: 503, title, requestId: edge.id }))
}
