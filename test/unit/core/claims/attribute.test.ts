import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Attribution, attribute } from '../../../../core/claims/attribute.ts'
import type {
  AttributionInput,
  DeploymentEvidence,
  IncidentEvidence,
  InsuredCommit,
} from '../../../../core/claims/signals.ts'
import { FACT_STATES } from '../../../../schema/wire/money.ts'

const OPENED = new Date('2026-11-21T12:00:00.000Z')
const MINUTE = 60_000
const at = (minutes: number) => new Date(OPENED.getTime() + minutes * MINUTE)
const [A, B, C] = ['a', 'b', 'c'].map((letter) => letter.repeat(40)) as [string, string, string]

const REPOSITORY = 'example/shop'

function deployment(
  commitSha: string,
  minutes: number,
  more: Partial<DeploymentEvidence> = {},
): DeploymentEvidence {
  const id = `dep_${commitSha[0]}${minutes}`
  return {
    id,
    commitSha,
    deployedAt: at(minutes),
    repository: REPOSITORY,
    factState: 'unavailable',
    revertedSha: null,
    ...more,
  }
}

const CONFIRMED = { factState: 'confirmed' } as const

function incident(more: Partial<IncidentEvidence> = {}): IncidentEvidence {
  return {
    openedAt: OPENED,
    resolvedAt: at(30),
    factState: 'unavailable',
    told: { releaseSha: null, stackPaths: [], revertedSha: null },
    fact: null,
    ...more,
  }
}

const told = (more: Partial<IncidentEvidence['told']>) => ({
  told: { releaseSha: null, stackPaths: [], revertedSha: null, ...more },
})
const confirmed = (more: Partial<NonNullable<IncidentEvidence['fact']>>) => ({
  factState: 'confirmed' as const,
  fact: { releaseSha: null, stackPaths: [], ...more },
})

function judge(input: Partial<AttributionInput>): Attribution {
  return attribute({
    incident: incident(),
    deployments: [],
    commits: [],
    repositories: new Map(),
    ...input,
  })
}

describe('an attribution', () => {
  test('without anything that points anywhere is none', () => {
    expect(judge({})).toEqual({
      commitSha: null,
      confidence: 0,
      signals: [],
      reasons: ['no_candidate'],
      rivals: [],
    })
  })

  test.each([
    [-1, 6_000],
    [-59, 6_000],
    [-61, 5_000],
    [-24 * 60, 5_000],
    [-24 * 60 - 1, 4_000],
    [-72 * 60, 4_000],
  ])('to the last deployment, %i minutes from the start, is worth %i', (minutes, confidence) => {
    const found = judge({ deployments: [deployment(A, minutes, CONFIRMED)] })
    expect(found).toMatchObject({ commitSha: A, confidence, reasons: ['one_independent_signal'] })
  })

  test('halves with every other commit that was deployed since', () => {
    const found = judge({ deployments: [deployment(A, -30), deployment(B, -20), deployment(C, -10)] })
    expect(found).toMatchObject({
      commitSha: C,
      confidence: 6_000,
      rivals: [
        { commitSha: B, confidence: 3_000 },
        { commitSha: A, confidence: 1_500 },
      ],
    })
  })

  test('takes no deployment before the window, none that was refuted, and none from afterwards', () => {
    const deployments = [
      deployment(A, -72 * 60 - 1),
      deployment(B, -10, { factState: 'refuted' }),
      deployment(C, 10),
    ]
    expect(judge({ deployments }).commitSha).toBeNull()
  })

  test.each<[string, Partial<AttributionInput>, number]>([
    [
      'a confirmed deployment and the release of a confirmed incident',
      { deployments: [deployment(A, -5, CONFIRMED)], incident: incident(confirmed({ releaseSha: A })) },
      9_000,
    ],
    [
      "a confirmed deployment and the claimant's word for the release",
      { deployments: [deployment(A, -5, CONFIRMED)], incident: incident(told({ releaseSha: A })) },
      9_000,
    ],
    [
      'a confirmed deployment and a confirmed rollback',
      { deployments: [deployment(B, -90), deployment(A, -5, CONFIRMED), deployment(B, 20, CONFIRMED)] },
      9_200,
    ],
    [
      'a confirmed deployment and a confirmed revert',
      {
        deployments: [deployment(A, -5, CONFIRMED), deployment(C, 20, { ...CONFIRMED, revertedSha: A })],
      },
      9_200,
    ],
    [
      'a confirmed deployment and frames in its files',
      {
        deployments: [deployment(A, -5, CONFIRMED)],
        incident: incident(confirmed({ stackPaths: ['/app/src/pay/charge.ts', '/app/src/other.ts'] })),
        commits: [{ commitSha: A, files: ['src/pay/charge.ts'], salt: null }],
      },
      8_500,
    ],
  ])('to %s', (_, input, confidence) => {
    expect(judge(input)).toMatchObject({ commitSha: A, confidence, reasons: [] })
  })

  test.each([
    ['of the repository that CI vouched for', [REPOSITORY], 9_000, 'provider'],
    ['of another one is the word of the claimant', ['example/other'], 7_500, 'claimant'],
  ])('a confirmed deployment %s', (_, repositories, confidence, source) => {
    const found = judge({
      deployments: [deployment(A, -5, CONFIRMED)],
      incident: incident(told({ releaseSha: A })),
      repositories: new Map([[A, new Set(repositories)]]),
    })
    expect(found).toMatchObject({ commitSha: A, confidence })
    expect(found.signals.find(({ kind }) => kind === 'deploy_window')).toMatchObject({ source })
  })

  test('a revert in a repository that is not that of what it reverts is the word of the claimant', () => {
    const revert = deployment(C, 20, { ...CONFIRMED, repository: 'example/other', revertedSha: A })
    const repositories = new Map([[A, new Set([REPOSITORY])]])
    const found = judge({ deployments: [deployment(A, -5, CONFIRMED), revert], repositories })
    expect(found.signals.map(({ kind, source }) => [kind, source])).toEqual([
      ['revert', 'claimant'],
      ['deploy_window', 'provider'],
    ])
  })

  test('takes release and frames of one incident for one fact', () => {
    const found = judge({
      incident: incident(confirmed({ releaseSha: A, stackPaths: ['src/pay/charge.ts'] })),
      commits: [{ commitSha: A, files: ['src/pay/charge.ts'], salt: null }],
    })
    expect(found).toMatchObject({ confidence: 7_500, reasons: ['one_independent_signal'] })
    expect(found.signals.map(({ kind, counted }) => ({ kind, counted }))).toEqual([
      { kind: 'release_sha', counted: true },
      { kind: 'stack_frames', counted: false },
    ])
  })

  test('is capped when a release or a revert names another commit', () => {
    const found = judge({
      deployments: [deployment(A, -5, CONFIRMED)],
      incident: incident({ ...confirmed({ releaseSha: A }), ...told({ revertedSha: B }) }),
    })
    expect(found).toMatchObject({ commitSha: A, confidence: 8_500, reasons: ['signals_disagree'] })
  })

  test('is of the commit that the incident names, before one that more points to and nothing names', () => {
    const { commitSha, confidence, rivals } = judge({
      incident: incident(told({ releaseSha: A, stackPaths: ['src/b.ts'] })),
      deployments: [deployment(B, -60, CONFIRMED), deployment(A, -5)],
      commits: [{ commitSha: B, files: ['src/b.ts'], salt: null }],
    })
    expect({ commitSha, rivals: rivals.map((rival) => rival.commitSha) }).toEqual({
      commitSha: A,
      rivals: [B],
    })
    expect(confidence).toBeLessThanOrEqual(8_500)
  })

  test('is capped, and takes nothing from the incident, when its provider does not know it', () => {
    const found = judge({
      deployments: [deployment(A, -5, CONFIRMED)],
      incident: incident({ factState: 'refuted', ...told({ releaseSha: A }) }),
    })
    expect(found).toMatchObject({
      confidence: 6_000,
      reasons: ['incident_refuted', 'one_independent_signal'],
    })
  })

  test.each([
    ['a whole id in capitals', A.toUpperCase(), A],
    ['an abbreviation of one that was deployed', A.slice(0, 8), A],
    ['an abbreviation of two', 'abababa', null],
    ['one that is too short', 'aaaaaa', null],
    ['no commit id', 'v1.2.3', null],
  ])('reads a release that is %s', (_, releaseSha, commitSha) => {
    const twins = [`abababab${'1'.repeat(32)}`, `abababab${'2'.repeat(32)}`]
    const deployments = [A, ...twins].map((sha) => deployment(sha, -100 * 60, CONFIRMED))
    expect(judge({ deployments, incident: incident(told({ releaseSha })) }).commitSha).toBe(commitSha)
  })
})

const shas = fc.constantFrom(A, B, C)
const states = fc.constantFrom(...FACT_STATES)
const claimantStates = fc.constantFrom('pending', 'unavailable', 'refuted') as fc.Arbitrary<
  (typeof FACT_STATES)[number]
>
const pointers = {
  releaseSha: fc.option(shas),
  stackPaths: fc.array(fc.constantFrom('/srv/src/a/x.ts', 'src/b/y.ts', 'node_modules/z/z.js'), {
    maxLength: 3,
  }),
}
const arbitraryDeployments = (state: fc.Arbitrary<(typeof FACT_STATES)[number]>, prefix = 'dep') =>
  fc
    .array(
      fc.record({
        sha: shas,
        minutes: fc.integer({ min: -6_000, max: 40 }),
        state,
        reverted: fc.option(shas),
      }),
      { maxLength: 6 },
    )
    .map((rows) =>
      rows.map(({ sha, minutes, state: factState, reverted }, index) =>
        deployment(sha, minutes, { id: `${prefix}_${index}`, factState, revertedSha: reverted }),
      ),
    )
const arbitraryIncident = (state: fc.Arbitrary<(typeof FACT_STATES)[number]>) =>
  fc
    .record({
      state,
      told: fc.record({ ...pointers, revertedSha: fc.option(shas) }),
      fact: fc.record(pointers),
    })
    .map(({ state: factState, told, fact }) =>
      incident({ factState, told, fact: factState === 'confirmed' ? fact : null }),
    )
const arbitraryCommits: fc.Arbitrary<InsuredCommit[]> = fc.array(
  fc.record({
    commitSha: shas,
    files: fc.uniqueArray(fc.constantFrom('src/a/x.ts', 'src/b/y.ts', 'z.js'), { minLength: 1 }),
    salt: fc.constant(null),
  }),
  { maxLength: 3 },
)
const arbitraryRepositories = fc
  .array(fc.tuple(shas, fc.constantFrom(REPOSITORY, 'example/other')), { maxLength: 3 })
  .map((pairs) => new Map(pairs.map(([sha, repository]) => [sha, new Set([repository])])))
const arbitraryInput = (state: fc.Arbitrary<(typeof FACT_STATES)[number]>): fc.Arbitrary<AttributionInput> =>
  fc.record({
    incident: arbitraryIncident(state),
    deployments: arbitraryDeployments(state),
    commits: arbitraryCommits,
    repositories: arbitraryRepositories,
  })

describe('whatever is told', () => {
  test('the confidence is a whole number of ten-thousandths between 0 and 1', () => {
    fc.assert(
      fc.property(arbitraryInput(states), (input) => {
        const { confidence, rivals } = attribute(input)
        for (const value of [confidence, ...rivals.map((rival) => rival.confidence)]) {
          expect(Number.isInteger(value) && value >= 0 && value <= 10_000).toBe(true)
        }
      }),
    )
  })

  test('the order in which it is told changes nothing', () => {
    fc.assert(
      fc.property(arbitraryInput(states), fc.infiniteStream(fc.nat()), (input, numbers) => {
        const shuffle = <Item>(items: readonly Item[]) =>
          items
            .map((item) => ({ item, key: numbers.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ item }) => item)
        const shuffled = {
          incident: {
            ...input.incident,
            told: { ...input.incident.told, stackPaths: shuffle(input.incident.told.stackPaths) },
          },
          deployments: shuffle(input.deployments),
          commits: shuffle(input.commits),
          repositories: input.repositories,
        }
        expect(attribute(shuffled)).toEqual(attribute(input))
      }),
    )
  })

  test('what a claimant alone signs is never believed above 0.85', () => {
    fc.assert(
      fc.property(arbitraryInput(claimantStates), (input) => {
        const found = attribute(input)
        expect(found.confidence).toBeLessThanOrEqual(8_500)
        expect(found.signals.filter(({ counted }) => counted).length).toBeLessThanOrEqual(1)
      }),
    )
  })

  test('more of the same from the claimant never adds a second signal of its own', () => {
    fc.assert(
      fc.property(arbitraryInput(states), arbitraryDeployments(claimantStates, 'more'), (input, more) => {
        const found = attribute({ ...input, deployments: [...input.deployments, ...more] })
        const own = found.signals.filter(({ counted, source }) => counted && source === 'claimant')
        expect(own.length).toBeLessThanOrEqual(1)
        if (found.confidence > 8_500)
          expect(found.signals.some(({ source }) => source === 'provider')).toBe(true)
      }),
    )
  })

  test('above 0.85 there are two independent signals, and none that names another commit', () => {
    fc.assert(
      fc.property(arbitraryInput(states), (input) => {
        const found = attribute(input)
        if (found.confidence <= 8_500) return
        const counted = found.signals.filter((signal) => signal.counted)
        expect(counted.length).toBeGreaterThanOrEqual(2)
        expect(new Set(counted.map(({ origin }) => origin)).size).toBe(counted.length)
        expect(new Set(counted.map(({ kind }) => kind)).size).toBe(counted.length)
        expect(found.reasons).toEqual([])
      }),
      { numRuns: 1_000 },
    )
  })
})
