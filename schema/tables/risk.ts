import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
} from 'drizzle-orm/pg-core'
import { ARC_STATES, SEVERITIES } from '../wire/vocabulary.ts'
import { certificates } from './certificates.ts'
import { bytea, instant, organisations } from './organisations.ts'

const organisationId = () =>
  text('organisation_id')
    .notNull()
    .references(() => organisations.id)

/** How an organisation wants its changes judged; without a row, the defaults. */
export const organisationSettings = pgTable('organisation_settings', {
  organisationId: organisationId().primaryKey(),
  /** Of 10,000. */
  coverageThreshold: integer('coverage_threshold_bp').notNull(),
  updatedAt: instant('updated_at').notNull(),
})

/** Repositories whose CI runs may speak for the organisation. Two organisations may name the same one. */
export const repositories = pgTable(
  'repositories',
  {
    organisationId: organisationId(),
    /** `owner/name` in lower case. */
    name: text('name').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.organisationId, table.name] })],
)

/** What became of a certified change, as its owner tells it. */
export const changeOutcomes = pgTable(
  'change_outcomes',
  {
    certificateId: text('certificate_id')
      .primaryKey()
      .references(() => certificates.id),
    organisationId: organisationId(),
    /** What the shipped model said, before any recalibration. */
    probability: doublePrecision('probability').notNull(),
    causedIncident: boolean('caused_incident').notNull(),
    recordedAt: instant('recorded_at').notNull(),
  },
  (table) => [index('change_outcomes_by_organisation').on(table.organisationId)],
)

/** The recalibration of an organisation's probabilities; no row until enough outcomes are known. */
export const calibrations = pgTable('calibrations', {
  organisationId: organisationId().primaryKey(),
  parameters: jsonb('parameters').notNull(),
  outcomes: integer('outcomes').notNull(),
  fittedAt: instant('fitted_at').notNull(),
})

/** An entry of the catalogue that comes from an incident. It holds fingerprints and never any code. */
export const arcEntries = pgTable(
  'arc_entries',
  {
    id: text('id').primaryKey(),
    organisationId: organisationId(),
    /** `ARC-YYYY-NNN`, once it is published. */
    publicId: text('public_id').unique(),
    state: text('state', { enum: ARC_STATES }).notNull(),
    title: text('title').notNull(),
    severity: text('severity', { enum: SEVERITIES }).notNull(),
    description: text('description').notNull(),
    mitigation: text('mitigation').notNull(),
    /** Hashes of 32 bits, little-endian, one after the other; see `core/analysis/similarity/`. */
    fingerprints: bytea('fingerprints').notNull(),
    /** Only fingerprints of one version compare. */
    fingerprintVersion: integer('fingerprint_version').notNull(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [
    index('arc_entries_by_organisation').on(table.organisationId, table.id),
    index('arc_entries_by_state').on(table.state),
    check('published_with_id', sql`(state = 'published') = (public_id IS NOT NULL)`),
  ],
)
