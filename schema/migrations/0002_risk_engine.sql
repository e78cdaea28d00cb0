CREATE TABLE "arc_entries" (
	"id" text PRIMARY KEY NOT NULL,
	"organisation_id" text NOT NULL,
	"public_id" text,
	"state" text NOT NULL,
	"title" text NOT NULL,
	"severity" text NOT NULL,
	"description" text NOT NULL,
	"mitigation" text NOT NULL,
	"fingerprints" "bytea" NOT NULL,
	"fingerprint_version" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "arc_entries_public_id_unique" UNIQUE("public_id"),
	CONSTRAINT "published_with_id" CHECK ((state = 'published') = (public_id IS NOT NULL))
);
--> statement-breakpoint
CREATE TABLE "calibrations" (
	"organisation_id" text PRIMARY KEY NOT NULL,
	"parameters" jsonb NOT NULL,
	"outcomes" integer NOT NULL,
	"fitted_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "change_outcomes" (
	"certificate_id" text PRIMARY KEY NOT NULL,
	"organisation_id" text NOT NULL,
	"probability" double precision NOT NULL,
	"caused_incident" boolean NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "organisation_settings" (
	"organisation_id" text PRIMARY KEY NOT NULL,
	"coverage_threshold_bp" integer NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "repositories" (
	"organisation_id" text NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "repositories_organisation_id_name_pk" PRIMARY KEY("organisation_id","name")
);
--> statement-breakpoint
ALTER TABLE "arc_entries" ADD CONSTRAINT "arc_entries_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calibrations" ADD CONSTRAINT "calibrations_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "change_outcomes" ADD CONSTRAINT "change_outcomes_certificate_id_certificates_id_fk" FOREIGN KEY ("certificate_id") REFERENCES "public"."certificates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "change_outcomes" ADD CONSTRAINT "change_outcomes_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "organisation_settings" ADD CONSTRAINT "organisation_settings_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "repositories" ADD CONSTRAINT "repositories_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "arc_entries_by_organisation" ON "arc_entries" USING btree ("organisation_id","id");--> statement-breakpoint
CREATE INDEX "arc_entries_by_state" ON "arc_entries" USING btree ("state");--> statement-breakpoint
CREATE INDEX "change_outcomes_by_organisation" ON "change_outcomes" USING btree ("organisation_id");