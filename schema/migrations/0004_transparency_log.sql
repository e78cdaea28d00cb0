CREATE TABLE "certificate_forms" (
	"certificate_id" text NOT NULL,
	"form" text NOT NULL,
	"document" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "certificate_forms_certificate_id_form_pk" PRIMARY KEY("certificate_id","form")
);
--> statement-breakpoint
CREATE TABLE "log_anchors" (
	"size" bigint PRIMARY KEY NOT NULL,
	"root_hash" "bytea" NOT NULL,
	"checkpoint" text NOT NULL,
	"chain_id" bigint NOT NULL,
	"transaction_hash" text NOT NULL,
	"raw_transaction" text NOT NULL,
	"state" text NOT NULL,
	"block_number" bigint,
	"created_at" timestamp (3) with time zone NOT NULL,
	"confirmed_at" timestamp (3) with time zone,
	CONSTRAINT "log_anchors_transaction_hash_unique" UNIQUE("transaction_hash"),
	CONSTRAINT "known_anchor_state" CHECK (state IN ('prepared', 'confirmed'))
);
--> statement-breakpoint
CREATE TABLE "log_tiles" (
	"level" integer NOT NULL,
	"tile_index" bigint NOT NULL,
	"hashes" "bytea" NOT NULL,
	CONSTRAINT "log_tiles_level_tile_index_pk" PRIMARY KEY("level","tile_index")
);
--> statement-breakpoint
CREATE TABLE "log_witnesses" (
	"verifier_key" text PRIMARY KEY NOT NULL,
	"size" bigint NOT NULL,
	"cosigned_at" timestamp (3) with time zone,
	"failed_at" timestamp (3) with time zone,
	"failure" text
);
--> statement-breakpoint
CREATE TABLE "logs" (
	"id" text PRIMARY KEY NOT NULL,
	"origin" text NOT NULL,
	"verifier_key" text NOT NULL,
	"sealed_private_key" "bytea" NOT NULL,
	"size" bigint NOT NULL,
	"root_hash" "bytea" NOT NULL,
	"checkpoint" text,
	"staged_size" bigint NOT NULL,
	"published_size" bigint NOT NULL,
	"published_checkpoint" text,
	"published_at" timestamp (3) with time zone,
	"halted" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "one_log" CHECK (id = 'network'),
	CONSTRAINT "sizes_in_order" CHECK (published_size <= size AND size <= staged_size)
);
--> statement-breakpoint
CREATE TABLE "status_list_tokens" (
	"list" integer PRIMARY KEY NOT NULL,
	"version" bigint NOT NULL,
	"issued_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"bytes" integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE "signing_keys" ADD COLUMN "compromised_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "signing_keys" ADD COLUMN "compromised_log_index" bigint;--> statement-breakpoint
ALTER TABLE "log_entries" ADD COLUMN "leaf_index" bigint;--> statement-breakpoint
CREATE INDEX "certificates_by_leaf_hash" ON "certificates" USING btree ("leaf_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "log_entries_by_leaf_index" ON "log_entries" USING btree ("leaf_index") WHERE leaf_index IS NOT NULL;--> statement-breakpoint
CREATE INDEX "log_entries_pending" ON "log_entries" USING btree ("id") WHERE leaf_index IS NULL;