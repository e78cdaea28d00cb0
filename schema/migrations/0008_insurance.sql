CREATE TABLE "billing_accounts" (
	"organisation_id" text NOT NULL,
	"rail" text NOT NULL,
	"customer" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "billing_accounts_organisation_id_rail_pk" PRIMARY KEY("organisation_id","rail")
);
--> statement-breakpoint
CREATE TABLE "billing_events" (
	"id" text PRIMARY KEY NOT NULL,
	"organisation_id" text NOT NULL,
	"kind" text NOT NULL,
	"amount_micros" bigint NOT NULL,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"state" text NOT NULL,
	"rail" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"first_attempt_at" timestamp (3) with time zone,
	"next_attempt_at" timestamp (3) with time zone NOT NULL,
	"sent_at" timestamp (3) with time zone,
	"last_error" text,
	"invoice_id" text
);
--> statement-breakpoint
CREATE TABLE "invoices" (
	"id" text PRIMARY KEY NOT NULL,
	"position" bigint GENERATED ALWAYS AS IDENTITY (sequence name "invoices_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"organisation_id" text NOT NULL,
	"rail" text NOT NULL,
	"reference" text NOT NULL,
	"period" text,
	"total_micros" bigint NOT NULL,
	"credit_micros" bigint NOT NULL,
	"state" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"paid_at" timestamp (3) with time zone,
	CONSTRAINT "invoices_position_unique" UNIQUE("position"),
	CONSTRAINT "invoice_amounts" CHECK (credit_micros BETWEEN 0 AND total_micros)
);
--> statement-breakpoint
CREATE TABLE "payouts" (
	"id" text PRIMARY KEY NOT NULL,
	"claim_id" text NOT NULL,
	"organisation_id" text NOT NULL,
	"sequence" integer NOT NULL,
	"amount_micros" bigint NOT NULL,
	"state" text NOT NULL,
	"rail" text,
	"reference" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"first_attempt_at" timestamp (3) with time zone,
	"next_attempt_at" timestamp (3) with time zone NOT NULL,
	"last_error" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"paid_at" timestamp (3) with time zone,
	CONSTRAINT "payout_amount" CHECK (amount_micros > 0)
);
--> statement-breakpoint
CREATE TABLE "rail_transactions" (
	"key" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"customer" text NOT NULL,
	"amount_cents" bigint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "claim_events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "claim_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"claim_id" text NOT NULL,
	"organisation_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"from_status" text,
	"to_status" text NOT NULL,
	"amount_micros" bigint,
	"reason" text
);
--> statement-breakpoint
CREATE TABLE "claim_evidence" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "claim_evidence_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"claim_id" text NOT NULL,
	"organisation_id" text NOT NULL,
	"user_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"text" text NOT NULL,
	"url" text
);
--> statement-breakpoint
CREATE TABLE "insurance_claims" (
	"id" text PRIMARY KEY NOT NULL,
	"position" bigint GENERATED ALWAYS AS IDENTITY (sequence name "insurance_claims_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"organisation_id" text NOT NULL,
	"policy_id" text NOT NULL,
	"incident_id" text NOT NULL,
	"status" text NOT NULL,
	"resolution" text,
	"downtime_ms" bigint NOT NULL,
	"cost_micros" bigint NOT NULL,
	"requested_micros" bigint NOT NULL,
	"reserved_micros" bigint NOT NULL,
	"approved_micros" bigint DEFAULT 0 NOT NULL,
	"paid_micros" bigint DEFAULT 0 NOT NULL,
	"ceded_micros" bigint DEFAULT 0 NOT NULL,
	"confidence_bp" integer NOT NULL,
	"attribution" jsonb NOT NULL,
	"review_reasons" text[] DEFAULT '{}' NOT NULL,
	"automatic" boolean DEFAULT false NOT NULL,
	"filed_by" text,
	"statement" text,
	"filed_at" timestamp (3) with time zone NOT NULL,
	"decided_at" timestamp (3) with time zone,
	"decision_reason" text,
	"proposal" jsonb,
	"dispute_reason" text,
	"reversed_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "insurance_claims_position_unique" UNIQUE("position"),
	CONSTRAINT "claim_amounts" CHECK (requested_micros > 0 AND reserved_micros >= 0 AND approved_micros >= 0 AND paid_micros >= 0)
);
--> statement-breakpoint
CREATE TABLE "deployments" (
	"id" text PRIMARY KEY NOT NULL,
	"organisation_id" text NOT NULL,
	"integration_id" text NOT NULL,
	"provider" text NOT NULL,
	"provider_id" text NOT NULL,
	"service" text NOT NULL,
	"repository" text,
	"environment" text NOT NULL,
	"commit_sha" text NOT NULL,
	"deployed_at" timestamp (3) with time zone NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"fact_state" text NOT NULL,
	"fact" jsonb,
	"fact_attempts" integer DEFAULT 0 NOT NULL,
	"next_fact_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "inbound_deliveries" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "inbound_deliveries_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"integration_id" text NOT NULL,
	"provider" text NOT NULL,
	"key" text NOT NULL,
	"event" text,
	"body" "bytea" NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"state" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp (3) with time zone NOT NULL,
	"processed_at" timestamp (3) with time zone,
	"outcome" text
);
--> statement-breakpoint
CREATE TABLE "incidents" (
	"id" text PRIMARY KEY NOT NULL,
	"position" bigint GENERATED ALWAYS AS IDENTITY (sequence name "incidents_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"organisation_id" text NOT NULL,
	"integration_id" text NOT NULL,
	"provider" text NOT NULL,
	"provider_id" text NOT NULL,
	"service" text NOT NULL,
	"title" text NOT NULL,
	"url" text,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"resolved_at" timestamp (3) with time zone,
	"release_sha" text,
	"stack_paths" text[] DEFAULT '{}' NOT NULL,
	"reverted_sha" text,
	"told" jsonb DEFAULT '{}' NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"resolution_received_at" timestamp (3) with time zone,
	"fact_state" text NOT NULL,
	"fact" jsonb,
	"fact_attempts" integer DEFAULT 0 NOT NULL,
	"next_fact_at" timestamp (3) with time zone,
	"attribution" jsonb,
	"attributed_sha" text,
	"settlement" text NOT NULL,
	"next_settlement_at" timestamp (3) with time zone,
	"learned" boolean DEFAULT false NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "incidents_position_unique" UNIQUE("position")
);
--> statement-breakpoint
CREATE TABLE "integrations" (
	"id" text PRIMARY KEY NOT NULL,
	"organisation_id" text NOT NULL,
	"provider" text NOT NULL,
	"name" text NOT NULL,
	"sealed_secret" "bytea" NOT NULL,
	"sealed_token" "bytea",
	"account" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "services" (
	"organisation_id" text NOT NULL,
	"name" text NOT NULL,
	"repositories" text[] DEFAULT '{}' NOT NULL,
	"environments" text[] DEFAULT '{production}' NOT NULL,
	"sentry_projects" text[] DEFAULT '{}' NOT NULL,
	"pagerduty_services" text[] DEFAULT '{}' NOT NULL,
	"datadog_tags" text[] DEFAULT '{}' NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "services_organisation_id_name_pk" PRIMARY KEY("organisation_id","name")
);
--> statement-breakpoint
CREATE TABLE "actuarial_reviews" (
	"month" text PRIMARY KEY NOT NULL,
	"valued_at" timestamp (3) with time zone NOT NULL,
	"document" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "breaker_events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "breaker_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp (3) with time zone NOT NULL,
	"from_state" text NOT NULL,
	"to_state" text NOT NULL,
	"cause" text NOT NULL,
	"user_id" text,
	"reason" text,
	"figures" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "exposure_customers" (
	"organisation_id" text PRIMARY KEY NOT NULL,
	"on_risk_micros" bigint NOT NULL,
	CONSTRAINT "exposure_not_negative" CHECK (on_risk_micros >= 0)
);
--> statement-breakpoint
CREATE TABLE "exposure_days" (
	"day" date PRIMARY KEY NOT NULL,
	"bound_micros" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "insurance_policies" (
	"id" text PRIMARY KEY NOT NULL,
	"position" bigint GENERATED ALWAYS AS IDENTITY (sequence name "insurance_policies_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"organisation_id" text NOT NULL,
	"user_id" text NOT NULL,
	"certificate_id" text NOT NULL,
	"commit_sha" text NOT NULL,
	"repository" text,
	"commit_bound" boolean NOT NULL,
	"service" text NOT NULL,
	"tier" text NOT NULL,
	"risk_score_hundredths" integer NOT NULL,
	"risk_level" text NOT NULL,
	"list_premium_micros" bigint NOT NULL,
	"technical_premium_micros" bigint NOT NULL,
	"premium_micros" bigint NOT NULL,
	"subsidy_micros" bigint NOT NULL,
	"coverage_micros" bigint NOT NULL,
	"used_micros" bigint DEFAULT 0 NOT NULL,
	"reserved_micros" bigint DEFAULT 0 NOT NULL,
	"sla_cost_per_minute_micros" bigint NOT NULL,
	"pricing" jsonb NOT NULL,
	"status" text NOT NULL,
	"claimed" boolean DEFAULT false NOT NULL,
	"bound_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"activated_at" timestamp (3) with time zone,
	"deployment_id" text,
	"closed_at" timestamp (3) with time zone,
	"close_reason" text,
	"refunded_micros" bigint DEFAULT 0 NOT NULL,
	"earned_premium_micros" bigint DEFAULT 0 NOT NULL,
	"earned_subsidy_micros" bigint DEFAULT 0 NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "insurance_policies_position_unique" UNIQUE("position"),
	CONSTRAINT "within_coverage" CHECK (used_micros >= 0 AND reserved_micros >= 0 AND used_micros + reserved_micros <= coverage_micros),
	CONSTRAINT "earned_of_written" CHECK (earned_premium_micros BETWEEN 0 AND premium_micros AND earned_subsidy_micros BETWEEN 0 AND subsidy_micros AND refunded_micros BETWEEN 0 AND premium_micros),
	CONSTRAINT "stored_policy_status" CHECK (status IN ('bound', 'active', 'expired', 'exhausted', 'cancelled', 'voided')),
	CONSTRAINT "closed_when_final" CHECK ((closed_at IS NOT NULL) = (status NOT IN ('bound', 'active')))
);
--> statement-breakpoint
CREATE TABLE "insurance_state" (
	"id" text PRIMARY KEY NOT NULL,
	"breaker" text NOT NULL,
	"cause" text,
	"breaker_changed_at" timestamp (3) with time zone NOT NULL,
	"reopened_at_loss_ratio_bp" integer,
	"subsidy_budget_micros" bigint NOT NULL,
	"subsidy_used_micros" bigint NOT NULL,
	CONSTRAINT "one_insurance_state" CHECK (id = 'network'),
	CONSTRAINT "subsidy_within_budget" CHECK (subsidy_used_micros BETWEEN 0 AND subsidy_budget_micros)
);
--> statement-breakpoint
CREATE TABLE "insurance_tiers" (
	"organisation_id" text NOT NULL,
	"name" text NOT NULL,
	"list_premium_micros" bigint NOT NULL,
	"coverage_micros" bigint NOT NULL,
	"days" integer NOT NULL,
	"risk_score_below_hundredths" integer,
	"sla_cost_per_minute_cap_micros" bigint NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "insurance_tiers_organisation_id_name_pk" PRIMARY KEY("organisation_id","name")
);
--> statement-breakpoint
CREATE TABLE "pricing_tables" (
	"version" integer PRIMARY KEY NOT NULL,
	"fitted_at" timestamp (3) with time zone NOT NULL,
	"parameters" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ledger_balances" (
	"account" text NOT NULL,
	"party" text NOT NULL,
	"shard" smallint NOT NULL,
	"amount_micros" bigint NOT NULL,
	CONSTRAINT "ledger_balances_account_party_shard_pk" PRIMARY KEY("account","party","shard")
);
--> statement-breakpoint
CREATE TABLE "ledger_journals" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "ledger_journals_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"key" text NOT NULL,
	"kind" text NOT NULL,
	"organisation_id" text,
	"subject" text NOT NULL,
	"digest" text NOT NULL,
	"posted_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "ledger_journals_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "ledger_postings" (
	"journal_id" bigint NOT NULL,
	"line" smallint NOT NULL,
	"account" text NOT NULL,
	"party" text NOT NULL,
	"amount_micros" bigint NOT NULL,
	CONSTRAINT "ledger_postings_journal_id_line_pk" PRIMARY KEY("journal_id","line"),
	CONSTRAINT "known_account" CHECK (account IN ('cash_operating', 'cash_reserve', 'premium_receivable', 'reinsurance_recoverable', 'claim_clawback', 'unearned_premium', 'case_reserve', 'ibnr', 'claims_payable', 'customer_credit', 'reinsurance_payable', 'deferred_revenue', 'capital', 'earned_premium', 'certificate_revenue', 'badge_revenue', 'claims_incurred', 'reinsurers_share', 'subsidy_budget'))
);
--> statement-breakpoint
CREATE TABLE "reconciliations" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "reconciliations_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp (3) with time zone NOT NULL,
	"checks" integer NOT NULL,
	"findings" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "webhook_attempts" (
	"delivery_id" text NOT NULL,
	"number" integer NOT NULL,
	"organisation_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"status" integer,
	"error" text,
	"duration_ms" integer NOT NULL,
	CONSTRAINT "webhook_attempts_delivery_id_number_pk" PRIMARY KEY("delivery_id","number")
);
--> statement-breakpoint
CREATE TABLE "webhook_deliveries" (
	"id" text PRIMARY KEY NOT NULL,
	"position" bigint GENERATED ALWAYS AS IDENTITY (sequence name "webhook_deliveries_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"organisation_id" text NOT NULL,
	"endpoint_id" text NOT NULL,
	"event_id" text NOT NULL,
	"state" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"delivered_at" timestamp (3) with time zone,
	CONSTRAINT "webhook_deliveries_position_unique" UNIQUE("position")
);
--> statement-breakpoint
CREATE TABLE "webhook_endpoints" (
	"id" text PRIMARY KEY NOT NULL,
	"organisation_id" text NOT NULL,
	"url" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"events" text[] NOT NULL,
	"sealed_secret" "bytea" NOT NULL,
	"sealed_previous_secret" "bytea",
	"previous_secret_expires_at" timestamp (3) with time zone,
	"state" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "webhook_events" (
	"id" text PRIMARY KEY NOT NULL,
	"organisation_id" text NOT NULL,
	"type" text NOT NULL,
	"body" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
