import { and, eq } from 'drizzle-orm'
import { incidents } from '../../schema/tables/index.ts'
import type { Context, Transaction } from '../context.ts'
import { randomIdentifier } from '../identifiers.ts'
import { appendEvent } from '../log/append-event.ts'
import { announce } from '../notifications/announce.ts'
import { canAsk } from './can-ask.ts'
import { describeIncident } from './describe.ts'
import { mergeTellings, NO_TELLING, stateOf, type Telling } from './merge.ts'
import type { IncidentRow, IntegrationRow, StoredIncidentFact } from './rows.ts'

const UNTITLED = 'Untitled incident'

/**
 * Adds what one webhook told to the incident that it is about, which it makes if it is the first. Whatever the order and
 * however often, the incident is the same in the end, and each step of it is told once.
 */
export async function storeTelling(
  ctx: Context,
  tx: Transaction,
  integration: IntegrationRow,
  providerId: string,
  telling: Telling,
  receivedAt: Date,
): Promise<void> {
  const { organisationId, provider } = integration
  const [made] = await tx
    .insert(incidents)
    .values(blank(ctx, integration, providerId, receivedAt))
    .onConflictDoNothing({ target: [incidents.organisationId, incidents.provider, incidents.providerId] })
    .returning()
  const row = made ?? (await lockIncident(tx, organisationId, provider, providerId))
  await writeIncident(ctx, tx, row, { telling, askable: canAsk(integration) })
}

/** Before anything was told of it. */
function blank(ctx: Context, integration: IntegrationRow, providerId: string, receivedAt: Date) {
  return {
    id: `INC-${ctx.now.getUTCFullYear()}-${randomIdentifier(ctx.random)}`,
    organisationId: integration.organisationId,
    integrationId: integration.id,
    provider: integration.provider,
    providerId,
    service: '',
    title: UNTITLED,
    openedAt: receivedAt,
    receivedAt,
    factState: canAsk(integration) ? ('pending' as const) : ('unavailable' as const),
    nextFactAt: canAsk(integration) ? ctx.now : null,
    settlement: 'open' as const,
    updatedAt: ctx.now,
  }
}

async function lockIncident(
  tx: Transaction,
  organisationId: string,
  provider: IncidentRow['provider'],
  providerId: string,
): Promise<IncidentRow> {
  const [row] = await tx
    .select()
    .from(incidents)
    .where(
      and(
        eq(incidents.organisationId, organisationId),
        eq(incidents.provider, provider),
        eq(incidents.providerId, providerId),
      ),
    )
    .for('update')
  return row!
}

/** What is new about an incident. */
export interface News {
  /** From a webhook. */
  readonly telling?: Telling
  /** Whether its provider can be asked, when its end becomes known. */
  readonly askable?: boolean
  /** Confirmed by its provider. */
  readonly fact?: StoredIncidentFact
}

/**
 * Writes an incident as it is with what is new, and tells, in the log and to the organisation, that it was opened or
 * resolved, when this is what makes it so. Its end makes it due for settlement; once it is settled, webhooks change nothing.
 *
 * @param row locked, or made in this transaction
 */
export async function writeIncident(
  ctx: Context,
  tx: Transaction,
  row: IncidentRow,
  news: News,
): Promise<IncidentRow> {
  const before = toldOf(row)
  const telling = news.telling === undefined || isSettled(row) ? before : mergeTellings(before, news.telling)
  const fact = news.fact ?? confirmedFact(row)
  const was = stateOf(before, confirmedFact(row), row.receivedAt)
  const is = stateOf(telling, fact, row.receivedAt)
  const resolves = is.begun && is.resolvedAt !== null && row.settlement === 'open'
  const [after] = await tx
    .update(incidents)
    .set({
      told: telling,
      service: telling.service?.[1] ?? row.service,
      title: telling.title?.[1] ?? row.title,
      url: telling.url?.[1] ?? row.url,
      releaseSha: telling.release?.[1] ?? row.releaseSha,
      revertedSha: telling.reverted?.[1] ?? row.revertedSha,
      stackPaths: [...telling.stack_paths],
      openedAt: is.openedAt,
      resolvedAt: is.resolvedAt,
      ...(resolves ? due(ctx, news) : {}),
      updatedAt: ctx.now,
    })
    .where(eq(incidents.id, row.id))
    .returning()
  if (is.begun && !was.begun) await tell(ctx, tx, after!, 'incident.opened')
  if (resolves) await tell(ctx, tx, after!, 'incident.resolved')
  return after!
}

/** Else whoever was paid for an outage could tell it shorter, and then tell the same one again as another. */
function isSettled({ settlement }: IncidentRow): boolean {
  return settlement !== 'open' && settlement !== 'due'
}

function toldOf(row: IncidentRow): Telling {
  return { ...NO_TELLING, ...(row.told as Partial<Telling>) }
}

/** What is refuted is not kept. */
function confirmedFact(row: IncidentRow): StoredIncidentFact | null {
  return row.fact as StoredIncidentFact | null
}

/** Its provider is asked again, for how it ended. */
function due(ctx: Context, { askable, fact }: News) {
  const ask = askable === true && fact === undefined
  return {
    settlement: 'due' as const,
    nextSettlementAt: ctx.now,
    resolutionReceivedAt: ctx.now,
    ...(ask ? { factState: 'pending' as const, factAttempts: 0, nextFactAt: ctx.now } : {}),
  }
}

async function tell(
  ctx: Context,
  tx: Transaction,
  row: IncidentRow,
  type: 'incident.opened' | 'incident.resolved',
): Promise<void> {
  const facts = {
    id: row.id,
    organisation_id: row.organisationId,
    provider: row.provider,
    service: row.service,
    opened_at: row.openedAt.toISOString(),
    ...(type === 'incident.resolved' ? { resolved_at: row.resolvedAt!.toISOString() } : {}),
  }
  await appendEvent(tx, { type, subject: row.id, facts }, ctx.now)
  await announce(ctx, tx, { organisationId: row.organisationId, type, data: describeIncident(row, []) })
}
