CREATE TABLE "certificates" (
	"id" text PRIMARY KEY NOT NULL,
	"position" bigint GENERATED ALWAYS AS IDENTITY (sequence name "certificates_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"organisation_id" text NOT NULL,
	"user_id" text NOT NULL,
	"livemode" boolean NOT NULL,
	"ai_tool" text NOT NULL,
	"code_hash" text NOT NULL,
	"commit_sha" text,
	"language" text,
	"framework" text,
	"risk_score_hundredths" integer NOT NULL,
	"issued_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"key_id" text NOT NULL,
	"signed" "bytea" NOT NULL,
	"signature" "bytea" NOT NULL,
	"leaf_hash" "bytea" NOT NULL,
	"report" jsonb NOT NULL,
	"status_list" integer NOT NULL,
	"status_index" integer NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"revocation_reason" text,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "certificates_position_unique" UNIQUE("position"),
	CONSTRAINT "revoked_with_reason" CHECK ((revoked_at IS NULL) = (revocation_reason IS NULL))
);
--> statement-breakpoint
CREATE TABLE "status_lists" (
	"id" integer PRIMARY KEY NOT NULL,
	"bits" "bytea" NOT NULL,
	"version" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "signing_keys" (
	"kid" text PRIMARY KEY NOT NULL,
	"livemode" boolean NOT NULL,
	"state" text NOT NULL,
	"public_jwk" jsonb NOT NULL,
	"sealed_private_key" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"activated_at" timestamp (3) with time zone,
	"retired_at" timestamp (3) with time zone,
	CONSTRAINT "known_state" CHECK (state IN ('pending', 'active', 'retired', 'compromised'))
);
--> statement-breakpoint
CREATE TABLE "trust_roots" (
	"version" integer PRIMARY KEY NOT NULL,
	"jws" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"organisation_id" text NOT NULL,
	"user_id" text NOT NULL,
	"name" text NOT NULL,
	"sha256" "bytea" NOT NULL,
	"hint" text NOT NULL,
	"scopes" text[] DEFAULT '{}' NOT NULL,
	"livemode" boolean NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "api_keys_sha256_unique" UNIQUE("sha256")
);
--> statement-breakpoint
CREATE TABLE "organisations" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text PRIMARY KEY NOT NULL,
	"organisation_id" text NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "idempotency_records" (
	"organisation_id" text NOT NULL,
	"route" text NOT NULL,
	"key" text NOT NULL,
	"request_sha256" "bytea" NOT NULL,
	"response_status" integer NOT NULL,
	"response_body" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "idempotency_records_organisation_id_route_key_pk" PRIMARY KEY("organisation_id","route","key")
);
--> statement-breakpoint
CREATE TABLE "log_entries" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "log_entries_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"entry" "bytea" NOT NULL,
	"leaf_hash" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "log_entries_leaf_hash_unique" UNIQUE("leaf_hash")
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"kind" text NOT NULL,
	"entity_id" text NOT NULL,
	"generation" bigint NOT NULL,
	"marked_at" timestamp (3) with time zone NOT NULL,
	"leased_until" timestamp (3) with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "outbox_kind_entity_id_pk" PRIMARY KEY("kind","entity_id")
);
--> statement-breakpoint
ALTER TABLE "certificates" ADD CONSTRAINT "certificates_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "idempotency_records" ADD CONSTRAINT "idempotency_records_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "certificates_by_organisation" ON "certificates" USING btree ("organisation_id","position");--> statement-breakpoint
CREATE INDEX "certificates_by_update" ON "certificates" USING btree ("updated_at");--> statement-breakpoint
CREATE INDEX "certificates_by_status_index" ON "certificates" USING btree ("status_list","status_index");--> statement-breakpoint
CREATE UNIQUE INDEX "one_active_key" ON "signing_keys" USING btree ("livemode") WHERE state = 'active';--> statement-breakpoint
CREATE UNIQUE INDEX "one_pending_key" ON "signing_keys" USING btree ("livemode") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "api_keys_by_organisation" ON "api_keys" USING btree ("organisation_id","id");--> statement-breakpoint
CREATE INDEX "idempotency_records_by_age" ON "idempotency_records" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "outbox_by_time" ON "outbox" USING btree ("marked_at");