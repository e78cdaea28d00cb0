/** What a payload says of where it belongs: what `services` are found by. All but `service` in the provider's own words. */
export interface ServiceHints {
  /** The organisation's own name for it: generic webhooks say it. */
  readonly service?: string
  /** `owner/name`. */
  readonly repository?: string
  readonly sentryProjects?: readonly string[]
  /** The name first, then the id. */
  readonly pagerdutyServices?: readonly string[]
  readonly datadogTags?: readonly string[]
}

export interface ToldDeployment {
  readonly kind: 'deployment'
  readonly providerId: string
  readonly hints: ServiceHints
  readonly repository: string | null
  /** Lower case. */
  readonly environment: string
  readonly commitSha: string
  readonly deployedAt: Date
}

export interface ToldIncident {
  readonly kind: 'incident'
  readonly providerId: string
  readonly hints: ServiceHints
  /** Of what it tells, by its own words; null when it names no time. */
  readonly at: Date | null
  /** Null when the payload does not say it. */
  readonly openedAt: Date | null
  /** Null when it is not resolved, as far as this payload says. */
  readonly resolvedAt: Date | null
  readonly title: string | null
  readonly url: string | null
  readonly releaseSha: string | null
  readonly stackPaths: readonly string[]
  readonly revertedSha: string | null
}

/** What one webhook comes to. `ignored` is well-formed and of no interest; `unreadable` is neither. */
export type Told =
  | ToldDeployment
  | ToldIncident
  | { readonly kind: 'ignored'; readonly reason: string }
  | { readonly kind: 'unreadable' }

export const UNREADABLE = { kind: 'unreadable' } as const

export function ignored(reason: string): Told {
  return { kind: 'ignored', reason }
}
