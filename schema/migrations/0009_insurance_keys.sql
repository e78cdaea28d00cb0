ALTER TABLE "billing_accounts" ADD CONSTRAINT "billing_accounts_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "billing_events" ADD CONSTRAINT "billing_events_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "payouts" ADD CONSTRAINT "payouts_claim_id_insurance_claims_id_fk" FOREIGN KEY ("claim_id") REFERENCES "public"."insurance_claims"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "payouts" ADD CONSTRAINT "payouts_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "claim_events" ADD CONSTRAINT "claim_events_claim_id_insurance_claims_id_fk" FOREIGN KEY ("claim_id") REFERENCES "public"."insurance_claims"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "claim_events" ADD CONSTRAINT "claim_events_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "claim_evidence" ADD CONSTRAINT "claim_evidence_claim_id_insurance_claims_id_fk" FOREIGN KEY ("claim_id") REFERENCES "public"."insurance_claims"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "claim_evidence" ADD CONSTRAINT "claim_evidence_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "insurance_claims" ADD CONSTRAINT "insurance_claims_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "insurance_claims" ADD CONSTRAINT "insurance_claims_policy_id_insurance_policies_id_fk" FOREIGN KEY ("policy_id") REFERENCES "public"."insurance_policies"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "insurance_claims" ADD CONSTRAINT "insurance_claims_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "deployments" ADD CONSTRAINT "deployments_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "incidents" ADD CONSTRAINT "incidents_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "integrations" ADD CONSTRAINT "integrations_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "services" ADD CONSTRAINT "services_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "exposure_customers" ADD CONSTRAINT "exposure_customers_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "insurance_policies" ADD CONSTRAINT "insurance_policies_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "insurance_policies" ADD CONSTRAINT "insurance_policies_certificate_id_certificates_id_fk" FOREIGN KEY ("certificate_id") REFERENCES "public"."certificates"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "insurance_tiers" ADD CONSTRAINT "insurance_tiers_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "ledger_postings" ADD CONSTRAINT "ledger_postings_journal_id_ledger_journals_id_fk" FOREIGN KEY ("journal_id") REFERENCES "public"."ledger_journals"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "webhook_attempts" ADD CONSTRAINT "webhook_attempts_delivery_id_webhook_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."webhook_deliveries"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "webhook_attempts" ADD CONSTRAINT "webhook_attempts_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_endpoint_id_webhook_endpoints_id_fk" FOREIGN KEY ("endpoint_id") REFERENCES "public"."webhook_endpoints"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_event_id_webhook_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "public"."webhook_events"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "webhook_endpoints" ADD CONSTRAINT "webhook_endpoints_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "webhook_events" ADD CONSTRAINT "webhook_events_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE UNIQUE INDEX "billing_accounts_by_customer" ON "billing_accounts" USING btree ("rail","customer");
--> statement-breakpoint
CREATE INDEX "billing_events_due" ON "billing_events" USING btree ("next_attempt_at") WHERE state = 'pending';
--> statement-breakpoint
CREATE INDEX "billing_events_failed" ON "billing_events" USING btree ("id") WHERE state = 'failed';
--> statement-breakpoint
CREATE INDEX "billing_events_by_organisation" ON "billing_events" USING btree ("organisation_id","occurred_at");
--> statement-breakpoint
CREATE INDEX "billing_events_to_invoice" ON "billing_events" USING btree ("occurred_at") WHERE state = 'sent' AND invoice_id IS NULL AND kind IN ('premium', 'certificates');
--> statement-breakpoint
CREATE INDEX "billing_events_by_invoice" ON "billing_events" USING btree ("invoice_id") WHERE invoice_id IS NOT NULL;
--> statement-breakpoint
CREATE UNIQUE INDEX "invoices_by_reference" ON "invoices" USING btree ("rail","reference");
--> statement-breakpoint
CREATE INDEX "invoices_by_organisation" ON "invoices" USING btree ("organisation_id","position");
--> statement-breakpoint
CREATE UNIQUE INDEX "one_payout_per_claim_and_sequence" ON "payouts" USING btree ("claim_id","sequence");
--> statement-breakpoint
CREATE INDEX "payouts_due" ON "payouts" USING btree ("next_attempt_at") WHERE state = 'pending';
--> statement-breakpoint
CREATE INDEX "rail_transactions_by_customer" ON "rail_transactions" USING btree ("customer");
--> statement-breakpoint
CREATE INDEX "claim_events_by_claim" ON "claim_events" USING btree ("claim_id","id");
--> statement-breakpoint
CREATE INDEX "claim_evidence_by_claim" ON "claim_evidence" USING btree ("claim_id","id");
--> statement-breakpoint
CREATE UNIQUE INDEX "one_claim_per_policy_and_incident" ON "insurance_claims" USING btree ("policy_id","incident_id");
--> statement-breakpoint
CREATE INDEX "insurance_claims_by_organisation" ON "insurance_claims" USING btree ("organisation_id","position");
--> statement-breakpoint
CREATE INDEX "insurance_claims_by_incident" ON "insurance_claims" USING btree ("incident_id");
--> statement-breakpoint
CREATE INDEX "insurance_claims_in_review" ON "insurance_claims" USING btree ("position") WHERE status IN ('in_review', 'disputed');
--> statement-breakpoint
CREATE INDEX "insurance_claims_settled" ON "insurance_claims" USING btree ("updated_at") WHERE paid_micros > 0 OR reversed_at IS NOT NULL;
--> statement-breakpoint
CREATE UNIQUE INDEX "deployments_once" ON "deployments" USING btree ("organisation_id","provider","provider_id");
--> statement-breakpoint
CREATE INDEX "deployments_by_service" ON "deployments" USING btree ("organisation_id","service","deployed_at");
--> statement-breakpoint
CREATE INDEX "deployments_to_confirm" ON "deployments" USING btree ("next_fact_at") WHERE fact_state = 'pending';
--> statement-breakpoint
CREATE UNIQUE INDEX "inbound_deliveries_once" ON "inbound_deliveries" USING btree ("integration_id","key");
--> statement-breakpoint
CREATE INDEX "inbound_deliveries_due" ON "inbound_deliveries" USING btree ("next_attempt_at") WHERE state = 'pending';
--> statement-breakpoint
CREATE INDEX "inbound_deliveries_by_age" ON "inbound_deliveries" USING btree ("received_at");
--> statement-breakpoint
CREATE UNIQUE INDEX "incidents_once" ON "incidents" USING btree ("organisation_id","provider","provider_id");
--> statement-breakpoint
CREATE INDEX "incidents_by_organisation" ON "incidents" USING btree ("organisation_id","position");
--> statement-breakpoint
CREATE INDEX "incidents_to_settle" ON "incidents" USING btree ("next_settlement_at") WHERE settlement = 'due';
--> statement-breakpoint
CREATE INDEX "incidents_to_confirm" ON "incidents" USING btree ("next_fact_at") WHERE fact_state = 'pending';
--> statement-breakpoint
CREATE INDEX "integrations_by_organisation" ON "integrations" USING btree ("organisation_id","id");
--> statement-breakpoint
CREATE INDEX "insurance_policies_by_organisation" ON "insurance_policies" USING btree ("organisation_id","position");
--> statement-breakpoint
CREATE INDEX "insurance_policies_by_commit" ON "insurance_policies" USING btree ("organisation_id","commit_sha");
--> statement-breakpoint
CREATE INDEX "insurance_policies_by_certificate" ON "insurance_policies" USING btree ("certificate_id");
--> statement-breakpoint
CREATE INDEX "insurance_policies_on_risk" ON "insurance_policies" USING btree ("ends_at") WHERE status IN ('bound', 'active');
--> statement-breakpoint
CREATE INDEX "insurance_policies_expired" ON "insurance_policies" USING btree ("closed_at") WHERE status = 'expired';
--> statement-breakpoint
CREATE INDEX "ledger_journals_by_subject" ON "ledger_journals" USING btree ("subject");
--> statement-breakpoint
CREATE INDEX "ledger_journals_by_time" ON "ledger_journals" USING btree ("posted_at");
--> statement-breakpoint
CREATE INDEX "ledger_postings_by_account" ON "ledger_postings" USING btree ("account","party");
--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_deliveries_once" ON "webhook_deliveries" USING btree ("event_id","endpoint_id");
--> statement-breakpoint
CREATE INDEX "webhook_deliveries_by_endpoint" ON "webhook_deliveries" USING btree ("endpoint_id","position");
--> statement-breakpoint
CREATE INDEX "webhook_deliveries_due" ON "webhook_deliveries" USING btree ("next_attempt_at") WHERE state = 'pending';
--> statement-breakpoint
CREATE INDEX "webhook_deliveries_due_by_organisation" ON "webhook_deliveries" USING btree ("organisation_id","next_attempt_at") WHERE state = 'pending';
--> statement-breakpoint
CREATE INDEX "webhook_endpoints_by_organisation" ON "webhook_endpoints" USING btree ("organisation_id","id");
--> statement-breakpoint
CREATE INDEX "webhook_events_by_age" ON "webhook_events" USING btree ("created_at");
