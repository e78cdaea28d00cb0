import type { FactState, SignalKind } from '../../schema/wire/money.ts'
import { type ChangedFiles, matchStackPaths } from './stack-paths.ts'

/**
 * How much each signal says, ten-thousandths: the chance that the commit is the one, had we nothing but that signal. Set by
 * judgement; the monthly review shows how often claims were attributed rightly.
 *
 * No single one is above the limit of automatic approval.
 */
export const WEIGHTS = {
  /** Of the deployment that ran when it began, by its age then; each one before it weighs half of the next. */
  deployWindow: [
    { withinMs: 60 * 60_000, weight: 6_000 },
    { withinMs: 24 * 60 * 60_000, weight: 5_000 },
    { withinMs: 72 * 60 * 60_000, weight: 4_000 },
  ],
  releaseSha: 7_500,
  /** For one frame in a changed file, and what all of them being in changed files adds. */
  stackFrames: { some: 5_000, all: 2_500 },
  /** Of the commit that was taken back; of those deployed before it, half as much each. */
  revert: 8_000,
} as const

/** Deployments before the incident that are looked at. */
export const WINDOW_MS = 72 * 60 * 60_000
export const MAX_DEPLOYMENTS = 10
/** How long after the resolution a deployment may be told of and still have brought it about. */
export const REVERT_GRACE_MS = 5 * 60_000

/** What abbreviates a commit id. */
const ABBREVIATED = /^[0-9a-f]{7,}$/

export interface DeploymentEvidence {
  readonly id: string
  readonly commitSha: string
  readonly deployedAt: Date
  /** `owner/name`, in lower case; null when it was not told. */
  readonly repository: string | null
  readonly factState: FactState
  /** The commit that the deployed one reverts, as the provider's API said. */
  readonly revertedSha: string | null
}

/** What points from the incident itself, as somebody tells it. */
export interface IncidentPointers {
  readonly releaseSha: string | null
  readonly stackPaths: readonly string[]
}

export interface IncidentEvidence {
  readonly openedAt: Date
  readonly resolvedAt: Date
  readonly factState: FactState
  /** By webhook. */
  readonly told: IncidentPointers & { readonly revertedSha: string | null }
  /** By the provider's API; null unless it confirmed the incident. */
  readonly fact: IncidentPointers | null
}

/** A commit that is insured, with the files that its certificate says it changed. */
export interface InsuredCommit extends ChangedFiles {
  readonly commitSha: string
}

export interface AttributionInput {
  readonly incident: IncidentEvidence
  /** Of its service, to production, in any order; before its start and after. */
  readonly deployments: readonly DeploymentEvidence[]
  readonly commits: readonly InsuredCommit[]
  readonly repositories: Repositories
}

/** Of insured commits, by commit: the repositories for which CI vouched. A provider's word on any other is the claimant's. */
export type Repositories = ReadonlyMap<string, ReadonlySet<string>>

export interface Signal {
  readonly kind: SignalKind
  readonly source: 'claimant' | 'provider'
  /** Ten-thousandths. */
  readonly weight: number
  readonly detail: string
  readonly commitSha: string
  /** What it rests on. Signals of one origin are not independent; all that the claimant signed has one origin. */
  readonly origin: string
}

/** Every signal there is, of every commit. What a provider's API refuted says nothing. */
export function findSignals(input: AttributionInput): Signal[] {
  const deployments = input.deployments.filter(({ factState }) => factState !== 'refuted')
  const { openedAt, resolvedAt } = input.incident
  const before = newestFirst(deployments.filter(({ deployedAt }) => deployedAt <= openedAt))
  const end = resolvedAt.getTime() + REVERT_GRACE_MS
  const after = deployments.filter(({ deployedAt }) => deployedAt > openedAt && deployedAt.getTime() <= end)
  const known = [
    ...before.map(({ commitSha }) => commitSha),
    ...input.commits.map(({ commitSha }) => commitSha),
  ]
  const { repositories } = input
  return [
    ...deployWindow(input.incident, before, repositories),
    ...reverts(before, after, repositories),
    ...pointers(input, known),
  ]
}

function newestFirst(deployments: readonly DeploymentEvidence[]): DeploymentEvidence[] {
  return [...deployments].sort(
    (a, b) => b.deployedAt.getTime() - a.deployedAt.getTime() || (a.id < b.id ? -1 : 1),
  )
}

/** One for each deployment, weighed by how many other commits were deployed between it and the incident. */
function deployWindow(
  { openedAt }: IncidentEvidence,
  before: readonly DeploymentEvidence[],
  repositories: Repositories,
): Signal[] {
  const order = [...new Set(before.map(({ commitSha }) => commitSha))]
  return before.flatMap((deployment) => {
    const age = openedAt.getTime() - deployment.deployedAt.getTime()
    const band = WEIGHTS.deployWindow.find(({ withinMs }) => age <= withinMs)
    if (band === undefined) return []
    const rank = order.indexOf(deployment.commitSha)
    const place =
      rank === 0 ? 'the newest deployment' : `${rank} commit${rank > 1 ? 's' : ''} before the newest`
    const { commitSha } = deployment
    const detail = `Deployed ${minutes(age)} before it began, ${place}.`
    const signal = { kind: 'deploy_window', weight: band.weight >> rank, detail, commitSha } as const
    return [signalOf(deployment, repositories, signal)]
  })
}

/** A deployment during the incident that brings back an earlier commit, or a commit that reverts one. */
function reverts(
  before: readonly DeploymentEvidence[],
  after: readonly DeploymentEvidence[],
  repositories: Repositories,
): Signal[] {
  const order = [...new Set(before.map(({ commitSha }) => commitSha))]
  const kind = 'revert'
  return after.flatMap((deployment) => {
    const back = order.indexOf(deployment.commitSha)
    const rolledBack = back <= 0 ? [] : order.slice(0, back)
    const detail = 'An earlier commit was deployed again while it lasted.'
    const signals = rolledBack.map((commitSha, rank) =>
      signalOf(deployment, repositories, { kind, weight: WEIGHTS.revert >> rank, detail, commitSha }),
    )
    if (deployment.revertedSha === null || deployment.factState !== 'confirmed') return signals
    const commitSha = deployment.revertedSha.toLowerCase()
    const said = 'A commit that reverts it was deployed while the incident lasted.'
    const named = { kind, weight: WEIGHTS.revert, detail: said, commitSha } as const
    return [...signals, signalOf(deployment, repositories, named)]
  })
}

function signalOf(
  deployment: DeploymentEvidence,
  repositories: Repositories,
  signal: Pick<Signal, 'kind' | 'weight' | 'detail' | 'commitSha'>,
): Signal {
  const known = repositories.get(signal.commitSha)
  const elsewhere = known !== undefined && !known.has(deployment.repository ?? '')
  const confirmed = deployment.factState === 'confirmed' && !elsewhere
  return {
    ...signal,
    source: confirmed ? 'provider' : 'claimant',
    origin: confirmed ? `deployment ${deployment.id}` : CLAIMANT,
  }
}

/** All that is signed with the claimant's own secrets. */
const CLAIMANT = 'claimant'

function pointers({ incident, commits }: AttributionInput, known: readonly string[]): Signal[] {
  if (incident.factState === 'refuted') return []
  const by = { source: 'claimant', origin: CLAIMANT } as const
  const told = [...releaseAndStack(incident.told, commits, known, by)]
  const reverted = resolveSha(incident.told.revertedSha, known)
  if (reverted !== null) {
    const detail = 'The incident names it as the commit whose revert ended it.'
    told.push({ kind: 'revert', weight: WEIGHTS.revert, detail, commitSha: reverted, ...by })
  }
  if (incident.fact === null || incident.factState !== 'confirmed') return told
  const confirmed = { source: 'provider', origin: 'incident' } as const
  return [...told, ...releaseAndStack(incident.fact, commits, known, confirmed)]
}

function releaseAndStack(
  { releaseSha, stackPaths }: IncidentPointers,
  commits: readonly InsuredCommit[],
  known: readonly string[],
  by: Pick<Signal, 'source' | 'origin'>,
): Signal[] {
  const signals: Signal[] = []
  const release = resolveSha(releaseSha, known)
  if (release !== null) {
    const detail = 'The incident names it as the release that was running.'
    signals.push({ kind: 'release_sha', weight: WEIGHTS.releaseSha, detail, commitSha: release, ...by })
  }
  for (const commit of commits) {
    const { matched, own } = matchStackPaths(stackPaths, commit)
    if (matched === 0) continue
    const weight = WEIGHTS.stackFrames.some + Math.floor((WEIGHTS.stackFrames.all * matched) / own)
    const detail = `${matched} of ${own} stack frames are in files that it changed.`
    signals.push({ kind: 'stack_frames', weight, detail, commitSha: commit.commitSha, ...by })
  }
  return signals
}

/** A whole id stands for itself; an abbreviated one for the one commit that we know by it. */
function resolveSha(sha: string | null, known: readonly string[]): string | null {
  const text = sha?.toLowerCase() ?? ''
  if (!ABBREVIATED.test(text)) return null
  if (text.length === 40 || text.length === 64) return text
  const matches = new Set(known.filter((commitSha) => commitSha.startsWith(text)))
  return matches.size === 1 ? [...matches][0]! : null
}

function minutes(ms: number): string {
  const whole = Math.round(ms / 60_000)
  return whole < 120 ? `${whole} min` : `${Math.round(whole / 60)} h`
}
