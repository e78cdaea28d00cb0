import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  mergeTellings,
  NO_TELLING,
  stateOf,
  type Telling,
  tellingOf,
} from '../../../../core/incidents/merge.ts'
import type { ToldIncident } from '../../../../core/incidents/read/told.ts'

const time = fc.integer({ min: 0, max: 20 }).map((minute) => new Date(Date.UTC(2026, 10, 21, 12, minute)))
const word = fc.constantFrom('a', 'b', 'c')
const told: fc.Arbitrary<ToldIncident> = fc.record({
  kind: fc.constant('incident' as const),
  providerId: fc.constant('1'),
  hints: fc.constant({}),
  at: fc.option(time),
  openedAt: fc.option(time),
  resolvedAt: fc.option(time),
  title: fc.option(word),
  url: fc.option(word),
  releaseSha: fc.option(word),
  revertedSha: fc.option(word),
  stackPaths: fc
    .uniqueArray(fc.integer({ min: 0, max: 150 }).map(String), { maxLength: 60 })
    .map((p) => p.sort()),
})
const telling = fc.tuple(told, word).map(([incident, service]) => tellingOf(incident, service))
const all = (tellings: readonly Telling[]) => tellings.reduce(mergeTellings, NO_TELLING)

describe('what several webhooks tell', () => {
  test('does not depend on their order, their grouping or their repetition', () => {
    const deliveries = fc.array(telling, { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(deliveries, fc.array(fc.nat(), { minLength: 1, maxLength: 20 }), (tellings, picks) => {
        const again = picks.map((pick) => tellings[pick % tellings.length]!)
        const shuffled = [...again, ...tellings].sort((a, b) =>
          JSON.stringify(a) < JSON.stringify(b) ? 1 : -1,
        )
        expect(all(shuffled)).toEqual(all(tellings))
        expect(all([...tellings].reverse())).toEqual(all(tellings))
        const half = Math.floor(tellings.length / 2)
        expect(mergeTellings(all(tellings.slice(half)), all(tellings.slice(0, half)))).toEqual(all(tellings))
      }),
    )
  })

  test('is what was told first, by the words of the webhooks', () => {
    const base: ToldIncident = {
      kind: 'incident',
      providerId: '1',
      hints: {},
      at: new Date('2026-11-21T12:00:00Z'),
      openedAt: new Date('2026-11-21T11:59:00Z'),
      resolvedAt: null,
      title: 'zebra',
      url: null,
      releaseSha: null,
      stackPaths: ['b'],
      revertedSha: null,
    }
    const later = {
      ...base,
      at: new Date('2026-11-21T12:30:00Z'),
      openedAt: null,
      resolvedAt: new Date('2026-11-21T12:30:00Z'),
      title: 'ant',
      releaseSha: 'sha',
      stackPaths: ['a'],
    }
    const undated = { ...later, at: null, title: 'aardvark', releaseSha: 'another' }
    expect(all([undated, later, base].map((one) => tellingOf(one, 'shop')))).toEqual({
      opened_at: '2026-11-21T11:59:00.000Z',
      resolved_at: '2026-11-21T12:30:00.000Z',
      service: ['2026-11-21T12:00:00.000Z', 'shop'],
      title: ['2026-11-21T12:00:00.000Z', 'zebra'],
      url: null,
      release: ['2026-11-21T12:30:00.000Z', 'sha'],
      reverted: null,
      stack_paths: ['a', 'b'],
    })
  })

  test('has no more than a hundred paths, the same ones in any order', () => {
    fc.assert(
      fc.property(fc.array(telling, { minLength: 3, maxLength: 6 }), (tellings) => {
        const { stack_paths: paths } = all(tellings)
        const every = [...new Set(tellings.flatMap((one) => one.stack_paths))].sort()
        expect(paths).toEqual(every.slice(0, 100))
      }),
    )
  })
})

describe('the state', () => {
  const otherwise = new Date('2026-11-21T15:00:00.000Z')
  const opened = { ...NO_TELLING, opened_at: '2026-11-21T12:00:00.000Z' }
  const resolved = { ...NO_TELLING, resolved_at: '2026-11-21T13:00:00.000Z' }
  const fact = {
    opened_at: '2026-11-21T12:01:00.000Z',
    resolved_at: '2026-11-21T12:59:00.000Z',
    release_sha: null,
    stack_paths: [],
  }
  const state = (telling_: Telling, of: typeof fact | null = null) => {
    const { begun, openedAt, resolvedAt } = stateOf(telling_, of, otherwise)
    return [begun, openedAt.toISOString().slice(11, 16), resolvedAt?.toISOString().slice(11, 16) ?? null]
  }

  test('is told', () => {
    expect(state(NO_TELLING)).toEqual([false, '15:00', null])
    expect(state(opened)).toEqual([true, '12:00', null])
    expect(state(resolved)).toEqual([false, '13:00', '13:00'])
    expect(state(mergeTellings(opened, resolved))).toEqual([true, '12:00', '13:00'])
  })

  test('is as confirmed, where it was', () => {
    expect(state(mergeTellings(opened, resolved), fact)).toEqual([true, '12:01', '12:59'])
    expect(state(opened, { ...fact, resolved_at: null } as never)).toEqual([true, '12:01', null])
    expect(state(NO_TELLING, fact)).toEqual([true, '12:01', '12:59'])
  })

  test('has no end before its beginning', () => {
    const late = { ...NO_TELLING, opened_at: '2026-11-21T14:00:00.000Z' }
    expect(state(mergeTellings(late, resolved))).toEqual([true, '14:00', '14:00'])
  })
})
