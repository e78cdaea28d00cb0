import { MAX_STACK_PATHS } from '../../schema/wire/incidents.ts'
import type { ToldIncident } from './read/told.ts'
import type { StoredIncidentFact } from './rows.ts'

/** A value and when it was told, by the words of the webhook itself. */
type Stamped = readonly [at: string, value: string]

/** All that webhooks told of one incident; `incidents.told`. Times are RFC 3339 in UTC with milliseconds. */
export interface Telling {
  readonly opened_at: string | null
  readonly resolved_at: string | null
  readonly service: Stamped | null
  readonly title: Stamped | null
  readonly url: Stamped | null
  readonly release: Stamped | null
  readonly reverted: Stamped | null
  /** Sorted, each once, the first {@link MAX_STACK_PATHS}. */
  readonly stack_paths: readonly string[]
}

/** After every time: what a webhook says without a time counts only where none with one says it. */
const NO_TIME = '~'

/** What one webhook tells. */
export function tellingOf(told: ToldIncident, service: string): Telling {
  const at = told.at?.toISOString() ?? NO_TIME
  const stamped = (value: string | null): Stamped | null => (value === null ? null : [at, value])
  return {
    opened_at: told.openedAt?.toISOString() ?? null,
    resolved_at: told.resolvedAt?.toISOString() ?? null,
    service: [at, service],
    title: stamped(told.title),
    url: stamped(told.url),
    release: stamped(told.releaseSha),
    reverted: stamped(told.revertedSha),
    stack_paths: told.stackPaths,
  }
}

/**
 * What two webhooks, or any number, tell together: commutative, associative and idempotent, so that their order and their
 * repetition make no difference. Each member is the least of what was told, and the paths are all of them.
 */
export function mergeTellings(one: Telling, other: Telling): Telling {
  return {
    opened_at: earlier(one.opened_at, other.opened_at),
    resolved_at: earlier(one.resolved_at, other.resolved_at),
    service: first(one.service, other.service),
    title: first(one.title, other.title),
    url: first(one.url, other.url),
    release: first(one.release, other.release),
    reverted: first(one.reverted, other.reverted),
    stack_paths: [...new Set([...one.stack_paths, ...other.stack_paths])].sort().slice(0, MAX_STACK_PATHS),
  }
}

function earlier(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other
  return one < other ? one : other
}

/** The one that was told first; of two at the same time, the lesser value. */
function first(one: Stamped | null, other: Stamped | null): Stamped | null {
  if (one === null || other === null) return one ?? other
  const order = one[0] === other[0] ? one[1] < other[1] : one[0] < other[0]
  return order ? one : other
}

/** Nothing was told. */
export const NO_TELLING: Telling = {
  opened_at: null,
  resolved_at: null,
  service: null,
  title: null,
  url: null,
  release: null,
  reverted: null,
  stack_paths: [],
}

/** What an incident is, by what was told and by what its provider's API confirmed. */
export interface IncidentState {
  /** False while only its end was told: until it has a beginning, it is no incident that anything follows from. */
  readonly begun: boolean
  readonly openedAt: Date
  readonly resolvedAt: Date | null
}

/** @param fact confirmed; its times take the place of those that were told @param otherwise the time of one that has none */
export function stateOf(telling: Telling, fact: StoredIncidentFact | null, otherwise: Date): IncidentState {
  const opened = fact?.opened_at ?? telling.opened_at
  const resolved = fact?.resolved_at ?? telling.resolved_at
  const openedAt = new Date(opened ?? resolved ?? otherwise)
  const resolvedAt = resolved === null ? null : new Date(resolved)
  return {
    begun: opened !== null,
    openedAt,
    resolvedAt: resolvedAt !== null && resolvedAt < openedAt ? openedAt : resolvedAt,
  }
}
