import { type SQL, sql } from 'drizzle-orm'
import { DEFAULTS } from '../../insurance/defaults.ts'
import { type Check, findBy, inRanges, MAX_FINDINGS, type Range } from '../finding.ts'

const CLAIMS = {
  newest: sql`SELECT max(position)::text AS newest FROM insurance_claims`,
  page: 20_000n,
}

const within = ({ after, upTo }: Range): SQL =>
  sql`c.position > ${after}::bigint AND c.position <= ${upTo}::bigint`

/** A claim's part of `account`, as the credit that it is. */
const owed = (account: string): SQL => sql`-coalesce((
  SELECT amount_micros FROM ledger_balances WHERE account = ${account} AND party = c.id AND shard = 0), 0)`

/** The estimate of every open claim is reserved, and what is approved and not paid is payable. */
export const claimParts: Check = {
  name: 'claim_parts',
  run: (ctx) =>
    inRanges(ctx, CLAIMS, async (tx, range) => {
      const compare = (
        code: 'case_reserve_differs' | 'claims_payable_differs',
        claim: SQL,
        account: string,
      ) =>
        findBy(
          tx,
          code,
          sql`
            SELECT id AS subject, status, claim::text, ledger::text FROM (
              SELECT c.id, c.status, ${claim} AS claim, ${owed(account)} AS ledger FROM insurance_claims c
              WHERE ${within(range)}
            ) AS compared
            WHERE claim <> ledger ORDER BY 1 LIMIT ${MAX_FINDINGS}`,
        )
      return [
        ...(await compare('case_reserve_differs', sql`c.reserved_micros`, 'case_reserve')),
        ...(await compare(
          'claims_payable_differs',
          sql`c.approved_micros - c.paid_micros`,
          'claims_payable',
        )),
      ]
    }),
}

/** The reinsurer's share: by the claim's own figures, as the claim says, and as posted. */
export const cessions: Check = {
  name: 'cessions',
  run: (ctx) =>
    inRanges(ctx, CLAIMS, async (tx, range) => [
      ...(await findBy(
        tx,
        'ceded_differs',
        sql`
          SELECT id AS subject, claim::text, due::text, ledger::text FROM (
            SELECT c.id, c.ceded_micros AS claim,
              greatest(c.approved_micros - ${DEFAULTS.reinsuranceThreshold}::bigint, 0) AS due,
              (SELECT coalesce(-sum(p.amount_micros), 0) FROM ledger_journals j JOIN ledger_postings p ON p.journal_id = j.id
                WHERE j.subject = c.id AND p.account = 'reinsurers_share') AS ledger
            FROM insurance_claims c WHERE ${within(range)}
          ) AS compared
          WHERE claim <> due OR claim <> ledger ORDER BY 1 LIMIT ${MAX_FINDINGS}`,
      )),
      ...(await findBy(
        tx,
        'recoverable_negative',
        sql`
          SELECT c.id AS subject, (${owed('reinsurance_recoverable')})::text AS owed FROM insurance_claims c
          WHERE ${within(range)} AND ${owed('reinsurance_recoverable')} > 0 ORDER BY 1 LIMIT ${MAX_FINDINGS}`,
      )),
    ]),
}

/** A payout for what is approved, once; taken back what was reversed; and the claim says of it what the payouts say. */
export const payoutsOfClaims: Check = {
  name: 'payouts_of_claims',
  run: (ctx) =>
    inRanges(ctx, CLAIMS, async (tx, range) => {
      const compared = sql`
        SELECT c.id, c.status, c.approved_micros AS approved, c.paid_micros AS paid, sent.all_of, sent.paid_of, sent.newest,
          (SELECT coalesce(-sum(p.amount_micros), 0) FROM ledger_journals j JOIN ledger_postings p ON p.journal_id = j.id
            WHERE j.subject = c.id AND j.kind = 'reversal' AND p.account = 'claims_incurred') AS reversed
        FROM insurance_claims c, LATERAL (
          SELECT coalesce(sum(amount_micros), 0) AS all_of, (array_agg(id ORDER BY sequence DESC))[1] AS newest,
            coalesce(sum(amount_micros) FILTER (WHERE state = 'paid'), 0) AS paid_of
          FROM payouts WHERE claim_id = c.id
        ) AS sent
        WHERE ${within(range)} AND (c.approved_micros > 0 OR c.paid_micros > 0 OR sent.newest IS NOT NULL)`
      const figures = sql`status, approved::text, reversed::text`
      return [
        ...(await findBy(
          tx,
          'payout_orphaned',
          sql`
            SELECT newest AS subject, id AS claim, ${figures}, all_of::text AS payouts FROM (${compared}) AS compared
            WHERE all_of > approved + reversed ORDER BY 1 LIMIT ${MAX_FINDINGS}`,
        )),
        ...(await findBy(
          tx,
          'payout_missing',
          sql`
            SELECT id AS subject, ${figures}, all_of::text AS payouts FROM (${compared}) AS compared
            WHERE all_of < approved + reversed ORDER BY 1 LIMIT ${MAX_FINDINGS}`,
        )),
        ...(await findBy(
          tx,
          'claim_paid_differs',
          sql`
            SELECT id AS subject, ${figures}, paid::text, paid_of::text AS payouts FROM (${compared}) AS compared
            WHERE paid <> paid_of - reversed ORDER BY 1 LIMIT ${MAX_FINDINGS}`,
        )),
      ]
    }),
}
