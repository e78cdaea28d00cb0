import { expect, test } from 'vitest'
import type { ServiceHints } from '../../../../core/incidents/read/told.ts'
import { productionServiceOf, serviceOf } from '../../../../core/incidents/service-names.ts'

const service = (name: string, more: object = {}) => ({
  name,
  repositories: [],
  environments: ['production'],
  sentryProjects: [],
  pagerdutyServices: [],
  datadogTags: [],
  ...more,
})
const SERVICES = [
  service('search', { repositories: ['example/mono'], environments: ['search-prod'] }),
  service('checkout', {
    repositories: ['example/shop', 'example/mono'],
    environments: ['production', 'live'],
    sentryProjects: ['shop-web'],
    pagerdutyServices: ['checkout service', 'pf9kmxh'],
    datadogTags: ['service:pay', 'team:money'],
  }),
  service('basket', { sentryProjects: ['shop-web'] }),
]

test.each<[ServiceHints, string]>([
  [{ service: 'checkout' }, 'checkout'],
  [{ repository: 'example/shop' }, 'checkout'],
  [{ repository: 'example/mono' }, 'checkout'],
  // Two claim it: the first by name.
  [{ sentryProjects: ['Shop-Web'] }, 'basket'],
  [{ sentryProjects: ['other', 'shop-web'] }, 'basket'],
  [{ pagerdutyServices: ['Checkout Service', 'PX'] }, 'checkout'],
  [{ pagerdutyServices: ['renamed', 'PF9KMXH'] }, 'checkout'],
  [{ datadogTags: ['env:production', 'team:money'] }, 'checkout'],
  // Nobody claims it: the provider's own name.
  [{ service: 'Other' }, 'other'],
  [{ repository: 'example/Other' }, 'other'],
  [{ sentryProjects: ['Front-End'] }, 'front-end'],
  [{ pagerdutyServices: ['API Service', 'P1'] }, 'api service'],
  [{ datadogTags: ['env:x', 'service:ledger'] }, 'ledger'],
  [{ datadogTags: ['env:x'] }, 'unknown'],
  [{ pagerdutyServices: ['\u0000\u202e'] }, 'unknown'],
  [{}, 'unknown'],
])('%j is of %s, in any order of the list', (hints, expected) => {
  expect(serviceOf(SERVICES, hints)).toBe(expected)
  expect(serviceOf(SERVICES.toReversed(), hints)).toBe(expected)
})

test('a name is cut, and stays well-formed', () => {
  const name = serviceOf([], { service: `${'x'.repeat(99)}\u{1f4a5}` })
  expect(name.length).toBeLessThanOrEqual(100)
  expect(name.isWellFormed()).toBe(true)
})

test.each<[ServiceHints, string, string | null]>([
  [{ repository: 'example/shop' }, 'production', 'checkout'],
  [{ repository: 'example/shop' }, 'live', 'checkout'],
  [{ repository: 'example/shop' }, 'staging', null],
  [{ repository: 'example/mono' }, 'production', 'checkout'],
  [{ repository: 'example/mono' }, 'search-prod', 'search'],
  [{ repository: 'example/mono' }, 'preview', null],
  [{ repository: 'example/other' }, 'production', 'other'],
  [{ repository: 'example/other' }, 'live', null],
  [{ service: 'search' }, 'production', null],
  [{ service: 'new' }, 'production', 'new'],
])('a deployment of %j to %s is of %s', (hints, environment, expected) => {
  expect(productionServiceOf(SERVICES, { hints, environment })).toBe(expected)
})
