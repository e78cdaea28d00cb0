import { z } from '@hono/zod-openapi'
import { ACCOUNTS, CURRENCY } from './money.ts'
import { text, timestamp } from './text.ts'

const MAX_PAGE = 100
const DEFAULT_PAGE = 20

const cents = z.int().openapi({ description: 'Whole cents, rounded half-even.' })
const micros = z
  .string()
  .regex(/^-?\d+$/)
  .openapi({ description: 'Exact, in millionths of a dollar: debits less credits.', example: '-100000' })
const account = z.enum(ACCOUNTS)
const currency = z.literal(CURRENCY)
const cursor = text(64).optional().openapi({ description: '`next_cursor` of the page before.' })
const limit = z.coerce.number().int().min(1).max(MAX_PAGE)

export const journalsQuerySchema = z.strictObject({
  subject: text(200).optional().openapi({
    description: 'The policy, claim, payout or invoice that it is about.',
    example: 'INS-2026-7k3m9q2x4w8t1v6z',
  }),
  kind: text(40).optional().openapi({ example: 'bind' }),
  organisation: text(64).optional().openapi({ example: 'org_7k3m9q2x4w8t1v6z' }),
  limit: limit.default(DEFAULT_PAGE),
  cursor,
})

const postingSchema = z
  .object({
    account,
    party: z
      .string()
      .nullable()
      .openapi({ description: 'Whose part of the account; null where it has no parts.' }),
    debit: cents,
    credit: cents,
    micros,
  })
  .openapi('Posting')
export type PostingDocument = z.infer<typeof postingSchema>

const journalSchema = z
  .object({
    key: z.string().openapi({
      description: 'Names the event, which is posted once.',
      example: 'bind/INS-2026-7k3m9q2x4w8t1v6z',
    }),
    kind: z.string(),
    organisation_id: z.string().nullable(),
    subject: z.string(),
    posted_at: timestamp,
    currency,
    postings: z.array(postingSchema),
  })
  .openapi('Journal')
export type JournalDocument = z.infer<typeof journalSchema>

export const journalListSchema = z
  .object({
    data: z.array(journalSchema),
    next_cursor: z.string().nullable().openapi({
      description: 'A page may hold fewer than `limit`, even none, while more follow.',
    }),
  })
  .openapi('JournalList')
export type JournalListDocument = z.infer<typeof journalListSchema>

export const trialBalanceQuerySchema = z.strictObject({
  verify: z.enum(['true', 'false']).default('false').openapi({
    description: '`true`: all postings are summed up too, and compared with the running balances.',
  }),
})

export const trialBalanceSchema = z
  .object({
    as_of: timestamp,
    currency,
    accounts: z.array(
      z.object({
        account,
        title: z.string(),
        type: z.enum(['asset', 'liability', 'equity', 'revenue', 'expense']),
        debit: cents,
        credit: cents,
        micros,
      }),
    ),
    totals: z.object({ debit: cents, credit: cents, debit_micros: micros, credit_micros: micros }),
    balanced: z
      .boolean()
      .openapi({ description: 'Whether debits are credits, exactly. Anything else is a fault.' }),
    verification: z
      .object({
        postings: z.int().openapi({ description: 'How many were summed up.' }),
        matches: z.boolean(),
        differences: z.array(z.object({ account, balance_micros: micros, postings_micros: micros })),
      })
      .optional(),
  })
  .openapi('TrialBalance')
export type TrialBalanceDocument = z.infer<typeof trialBalanceSchema>

export const reconciliationsQuerySchema = z.strictObject({ limit: limit.default(1), cursor })

const findingSchema = z
  .object({
    code: z.string().openapi({ example: 'customer_exposure_differs' }),
    subject: z.string().openapi({ description: 'What it is about: an id, a day, an account.' }),
    figures: z
      .record(z.string(), z.string())
      .openapi({ description: 'What was compared. Amounts are in millionths of a dollar.' }),
  })
  .openapi('ReconciliationFinding')

export const reconciliationSchema = z
  .object({
    id: z.int(),
    at: timestamp,
    checks: z.int().openapi({ description: 'How many kinds of comparison were made.' }),
    findings: z.array(findingSchema).openapi({ description: 'Nothing, when all is as it should be.' }),
  })
  .openapi('Reconciliation')
export type ReconciliationDocument = z.infer<typeof reconciliationSchema>

export const reconciliationListSchema = z
  .object({ data: z.array(reconciliationSchema), next_cursor: z.string().nullable() })
  .openapi('ReconciliationList')
export type ReconciliationListDocument = z.infer<typeof reconciliationListSchema>
