import { arcEntries } from '../../schema/tables/index.ts'
import type { SignalKind } from '../../schema/wire/money.ts'
import type { Severity } from '../../schema/wire/vocabulary.ts'
import { type KeptFingerprints, unpackKept } from '../arc/fingerprints.ts'
import { arcEntryRow, hasRoom, MIN_FINGERPRINTS } from '../arc/record.ts'
import { matchStackPaths } from '../claims/stack-paths.ts'
import type { Context, Transaction } from '../context.ts'
import type { IncidentRow } from '../incidents/rows.ts'
import type { SettledClaim } from './learn.ts'

const MINUTE_MS = 60_000
/** From so many minutes of downtime on. */
const SEVERITIES: readonly (readonly [minutes: number, severity: Severity])[] = [
  [240, 'critical'],
  [60, 'high'],
  [15, 'medium'],
  [0, 'low'],
]
const MAX_SERVICE_CHARACTERS = 60

/**
 * Records the change that caused an incident as an entry that its organisation's own changes are compared with from now on.
 * Once: the entry has the incident's id. Not where too little of the change was kept to recognise it by, nor where the
 * organisation has as many entries as it may have.
 *
 * @param claims that were paid for it
 */
export async function recordIncident(
  ctx: Context,
  tx: Transaction,
  incident: IncidentRow,
  claims: readonly SettledClaim[],
): Promise<void> {
  for (const claim of claims) {
    const { fingerprints: kept } = claim.report
    if (!kept) continue
    const fingerprints = rootCause(kept, incident.stackPaths)
    if (fingerprints.length < MIN_FINGERPRINTS || !(await hasRoom(tx, incident.organisationId))) continue
    const row = arcEntryRow(ctx, {
      id: entryId(incident.id),
      organisationId: incident.organisationId,
      ...describeIncident(incident, claim),
      fingerprints,
      fingerprintVersion: kept.version,
    })
    await tx.insert(arcEntries).values(row).onConflictDoNothing()
    return
  }
}

/** `INC-2026-7k3m…` → `arc_7k3m…`: the same 80 random bits. */
export function entryId(incidentId: string): string {
  return `arc_${incidentId.slice(-16)}`
}

/** Of the files that stack traces point to, if they point to any; else of the whole change. */
export function rootCause({ files }: KeptFingerprints, stackPaths: readonly string[]): number[] {
  const named = files.filter(
    ({ path }) => matchStackPaths(stackPaths, { files: [path], salt: null }).matched > 0,
  )
  const hashes = (of: KeptFingerprints['files']) => of.flatMap((file) => unpackKept(file.hashes))
  const telling = hashes(named)
  return telling.length >= MIN_FINGERPRINTS ? telling : hashes(files)
}

type Description = Pick<typeof arcEntries.$inferSelect, 'title' | 'severity' | 'description' | 'mitigation'>

/**
 * In words of ours alone: what a provider calls an incident may name people, and an entry may be offered to all. For the same
 * reason there is no amount, no commit and no certificate in it.
 */
export function describeIncident(incident: IncidentRow, claim: SettledClaim): Description {
  const minutes = Math.max(1, Math.round(claim.downtimeMs / MINUTE_MS))
  const service = incident.service.slice(0, MAX_SERVICE_CHARACTERS).toWellFormed()
  const kinds = signalKinds(claim.attribution)
  const reasons = kinds.flatMap((kind) => (SIGNALS[kind] === undefined ? [] : [SIGNALS[kind].finding]))
  const advice = kinds.flatMap((kind) => (SIGNALS[kind]?.advice ? [SIGNALS[kind].advice] : []))
  return {
    title: `A change took ${service} down for ${inWords(minutes)}`,
    severity: SEVERITIES.find(([least]) => minutes >= least)![1],
    description: [
      `After a certified change was deployed, ${service} was down for ${inWords(minutes)} (${incident.id}).`,
      `The change was found to be the cause with ${Math.floor(claim.confidence / 100)} % confidence${reasons.length > 0 ? `: ${reasons.join('; ')}` : ''}.`,
    ].join(' '),
    mitigation: [
      ...advice,
      'Before code like this is deployed, test the path that failed, and deploy it to a part of the traffic first with an automatic way back.',
    ].join(' '),
  }
}

const SIGNALS: Readonly<Record<string, { readonly finding: string; readonly advice?: string }>> = {
  deploy_window: { finding: 'it was among the last deployments before the incident' },
  release_sha: { finding: 'the incident names its release' },
  stack_frames: {
    finding: 'stack traces lead into files that it changed',
    advice: 'Look at the changed lines that the stack traces lead to.',
  },
  revert: {
    finding: 'taking it back ended the incident',
    advice: 'Taking such a change back ended the incident: keep that way short and tested.',
  },
} satisfies Record<SignalKind, { readonly finding: string; readonly advice?: string }>

/** What pointed to the change, each kind once; none where the stored attribution says nothing. */
function signalKinds(attribution: unknown): string[] {
  const { signals } = (attribution ?? {}) as { signals?: readonly { kind?: unknown }[] }
  if (!Array.isArray(signals)) return []
  return [...new Set(signals.map(({ kind }) => String(kind)))].filter((kind) => Object.hasOwn(SIGNALS, kind))
}

function inWords(minutes: number): string {
  if (minutes < 120) return minutes === 1 ? '1 minute' : `${minutes} minutes`
  return `${Math.round(minutes / 60)} hours`
}
