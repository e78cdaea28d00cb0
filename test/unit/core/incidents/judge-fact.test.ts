import { describe, expect, test } from 'vitest'
import { judgeDeployment, judgeIncident } from '../../../../core/incidents/judge-fact.ts'
import type { Provider } from '../../../../schema/wire/money.ts'

const SHA = 'a'.repeat(40)
const AT = Date.UTC(2026, 10, 21, 12)
const at = (minutes: number) => new Date(AT + minutes * 60_000)

describe('a deployment', () => {
  const told = { commitSha: SHA, environment: 'production' }
  const found = {
    commitSha: SHA.toUpperCase(),
    environment: 'Production',
    deployedAt: at(0),
    state: 'success',
  }
  const judge = (more: object) => judgeDeployment(told, { state: 'found', fact: { ...found, ...more } })

  test('stands when it is the same', () => {
    expect(judge({})).toEqual({ verdict: 'confirmed', fact: found })
  })

  test.each([
    { commitSha: 'b'.repeat(40) },
    { environment: 'staging' },
    { environment: '', state: 'pending' },
  ])('is refuted by %j', (more) => {
    expect(judge(more)).toEqual({ verdict: 'refuted' })
  })

  test('is asked for again, and then refuted or not known', () => {
    expect(judge({ state: 'in_progress' })).toEqual({ verdict: 'later', otherwise: 'refuted' })
    expect(judgeDeployment(told, { state: 'missing' })).toEqual({ verdict: 'later', otherwise: 'refuted' })
    expect(judgeDeployment(told, { state: 'unavailable' })).toEqual({
      verdict: 'later',
      otherwise: 'unavailable',
    })
  })
})

describe('an incident', () => {
  const judge = (
    provider: Provider,
    providerId: string,
    opened: number,
    resolved: number | null,
    over = false,
  ) =>
    judgeIncident(
      { provider, providerId, openedAt: at(0), resolvedAt: over ? at(60) : null },
      {
        state: 'found',
        fact: {
          openedAt: at(opened),
          resolvedAt: resolved === null ? null : at(resolved),
          releaseSha: null,
          stackPaths: [],
        },
      },
    )

  test.each([-10, -3, 0, 10])(
    'of PagerDuty stands when it began %i minutes from what was told',
    (minutes) => {
      expect(judge('pagerduty', 'P1', minutes, null)).toMatchObject({ verdict: 'confirmed' })
    },
  )

  test.each([-10.1, 10.1, -600, 600])('is refuted when it began %d minutes from it', (minutes) => {
    expect(judge('pagerduty', 'P1', minutes, null)).toEqual({ verdict: 'refuted' })
    expect(judge('sentry', 'metric/1', minutes, null)).toEqual({ verdict: 'refuted' })
  })

  test('an issue of Sentry may be older than the alert, and counts from when it began', () => {
    expect(judge('sentry', 'issue/1', -600, null)).toMatchObject({
      verdict: 'confirmed',
      fact: { openedAt: at(-600) },
    })
    expect(judge('sentry', 'issue/1', 10.1, null)).toEqual({ verdict: 'refuted' })
  })

  test('that was told to be over has to be over', () => {
    expect(judge('pagerduty', 'P1', 0, null, true)).toEqual({ verdict: 'later', otherwise: 'refuted' })
    expect(judge('pagerduty', 'P1', 0, 45, true)).toMatchObject({
      verdict: 'confirmed',
      fact: { resolvedAt: at(45) },
    })
    // Its webhook is still on its way.
    expect(judge('pagerduty', 'P1', 0, 45)).toMatchObject({ verdict: 'confirmed' })
  })
})
