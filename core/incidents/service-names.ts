import type { ServiceHints, ToldDeployment } from './read/told.ts'
import type { ServiceRow } from './rows.ts'

const MAX_CHARACTERS = 100
const NAMELESS = 'unknown'
/** Of what is not in the list. */
const PRODUCTION = 'production'

/** What of a service a name is compared with. */
type Names = Pick<
  ServiceRow,
  'name' | 'repositories' | 'environments' | 'sentryProjects' | 'pagerdutyServices' | 'datadogTags'
>

/**
 * The service that a payload speaks of: the first by name that claims one of its names, else the provider's own name in
 * lower case.
 */
export function serviceOf(services: readonly Names[], hints: ServiceHints): string {
  return candidates(services, hints)[0]?.name ?? ownName(hints)
}

/** As {@link serviceOf}, of a deployment to one of the service's production environments. @returns null for any other */
export function productionServiceOf(
  services: readonly Names[],
  { hints, environment }: Pick<ToldDeployment, 'hints' | 'environment'>,
): string | null {
  const claiming = candidates(services, hints)
  if (claiming.length === 0) return environment === PRODUCTION ? ownName(hints) : null
  return claiming.find((service) => service.environments.includes(environment))?.name ?? null
}

function candidates(services: readonly Names[], hints: ServiceHints): Names[] {
  return services
    .filter((service) => claims(service, hints))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
}

function claims(service: Names, hints: ServiceHints): boolean {
  const told: readonly (readonly [readonly string[], readonly string[]])[] = [
    [[service.name], hints.service === undefined ? [] : [hints.service]],
    [service.repositories, hints.repository === undefined ? [] : [hints.repository]],
    [service.sentryProjects, hints.sentryProjects ?? []],
    [service.pagerdutyServices, hints.pagerdutyServices ?? []],
    [service.datadogTags, hints.datadogTags ?? []],
  ]
  return told.some(([claimed, said]) => said.some((name) => claimed.includes(name.trim().toLowerCase())))
}

function ownName(hints: ServiceHints): string {
  const tag = hints.datadogTags?.find((name) => name.startsWith('service:'))
  const name =
    hints.service ??
    hints.repository?.split('/').at(-1) ??
    hints.sentryProjects?.[0] ??
    hints.pagerdutyServices?.[0] ??
    tag?.slice('service:'.length) ??
    ''
  const clean = name
    .toWellFormed()
    .toLowerCase()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ')
    .trim()
  return clean.slice(0, MAX_CHARACTERS).toWellFormed().trim() || NAMELESS
}
