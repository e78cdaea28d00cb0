-- Two roles. `coderisk_app` is what the core connects as: no owner, no BYPASSRLS. `coderisk_system` cannot log in;
-- the core takes it with SET LOCAL ROLE for the network's own work (publication, rotation, public look-ups), and
-- because `coderisk_app` is NOINHERIT it has none of those rights until then.
-- Roles belong to the whole cluster: another database of it may be migrating at this moment.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'coderisk_system') THEN
    BEGIN
      CREATE ROLE coderisk_system NOLOGIN NOINHERIT;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'coderisk_app') THEN
    BEGIN
      CREATE ROLE coderisk_app LOGIN NOINHERIT;
      ALTER ROLE coderisk_app SET statement_timeout = '2s';
      ALTER ROLE coderisk_app SET lock_timeout = '1500ms';
      ALTER ROLE coderisk_app SET idle_in_transaction_session_timeout = '5s';
      GRANT coderisk_system TO coderisk_app;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
  END IF;
  -- The role may have been made beforehand, with a password of the operator's choice.
  IF NOT pg_has_role('coderisk_app', 'coderisk_system', 'MEMBER') THEN
    GRANT coderisk_system TO coderisk_app;
  END IF;
END
$$;
--> statement-breakpoint
GRANT USAGE ON SCHEMA public TO coderisk_app, coderisk_system;
--> statement-breakpoint
-- What the tenant's own transactions may do.
GRANT SELECT, INSERT ON organisations, users, certificates, idempotency_records TO coderisk_app;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (revoked_at) ON api_keys TO coderisk_app;
--> statement-breakpoint
GRANT UPDATE (revoked_at, revocation_reason, updated_at) ON certificates TO coderisk_app;
--> statement-breakpoint
GRANT INSERT ON log_entries TO coderisk_app;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON outbox, status_lists TO coderisk_app;
--> statement-breakpoint
-- What the network's own transactions may do. No role may delete or rewrite a certificate.
GRANT SELECT, INSERT ON organisations, users TO coderisk_system;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (revoked_at) ON api_keys TO coderisk_system;
--> statement-breakpoint
GRANT SELECT, UPDATE (revoked_at, revocation_reason, updated_at) ON certificates TO coderisk_system;
--> statement-breakpoint
GRANT SELECT, INSERT ON log_entries, trust_roots TO coderisk_system;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON signing_keys, status_lists TO coderisk_system;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON outbox TO coderisk_system;
--> statement-breakpoint
GRANT SELECT, INSERT, DELETE ON idempotency_records TO coderisk_system;
--> statement-breakpoint
-- The tenant of a transaction. Unset or empty is NULL, which equals nothing: no row is seen.
CREATE FUNCTION current_organisation() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT NULLIF(current_setting('app.organisation_id', true), '') $$;
--> statement-breakpoint
DO $$
DECLARE tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['users', 'api_keys', 'certificates', 'idempotency_records'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO coderisk_app USING (organisation_id = current_organisation()) WITH CHECK (organisation_id = current_organisation())',
      tenant_table);
    EXECUTE format('CREATE POLICY network ON %I TO coderisk_system USING (true) WITH CHECK (true)', tenant_table);
  END LOOP;
  ALTER TABLE organisations ENABLE ROW LEVEL SECURITY;
  ALTER TABLE organisations FORCE ROW LEVEL SECURITY;
  CREATE POLICY tenant ON organisations TO coderisk_app USING (id = current_organisation()) WITH CHECK (id = current_organisation());
  CREATE POLICY network ON organisations TO coderisk_system USING (true) WITH CHECK (true);
END
$$;
--> statement-breakpoint
-- Bits of the status list: `status_list` and `idx` of a certificate are this number, divided by the list's size.
CREATE SEQUENCE certificate_status_index AS bigint MINVALUE 0 START 0;
--> statement-breakpoint
GRANT USAGE ON SEQUENCE certificate_status_index TO coderisk_app;
--> statement-breakpoint
-- Generations of publication marks: never given twice, so that a drainer that was away cannot mistake a new mark for its own.
CREATE SEQUENCE publication_generation;
--> statement-breakpoint
GRANT USAGE ON SEQUENCE publication_generation TO coderisk_app, coderisk_system;
--> statement-breakpoint
-- Before a tenant is known only these functions answer, each to an exact secret or name.
CREATE FUNCTION authenticate_api_key(key_sha256 bytea)
  RETURNS TABLE (id text, organisation_id text, user_id text, scopes jsonb, livemode boolean, revoked boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
    SELECT k.id, k.organisation_id, k.user_id, to_jsonb(k.scopes), k.livemode, k.revoked_at IS NOT NULL
    FROM api_keys k WHERE k.sha256 = key_sha256
  $$;
--> statement-breakpoint
CREATE FUNCTION recall_idempotent(organisation text, called_route text, idempotency_key text)
  RETURNS TABLE (request_sha256 bytea, response_status integer, response_body bytea)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
    SELECT r.request_sha256, r.response_status, r.response_body
    FROM idempotency_records r
    WHERE r.organisation_id = organisation AND r.route = called_route AND r.key = idempotency_key
  $$;
--> statement-breakpoint
CREATE FUNCTION prepare_issue(live boolean)
  RETURNS TABLE (status_index bigint, kid text, sealed_private_key bytea)
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
    SELECT nextval('certificate_status_index'), k.kid, k.sealed_private_key
    FROM (SELECT 1) one LEFT JOIN signing_keys k ON k.livemode = live AND k.state = 'active'
  $$;
--> statement-breakpoint
CREATE FUNCTION signing_key_is_active(signing_kid text) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$ SELECT EXISTS (SELECT FROM signing_keys k WHERE k.kid = signing_kid AND k.state = 'active') $$;
--> statement-breakpoint
CREATE FUNCTION public_certificate(certificate_id text)
  RETURNS TABLE (livemode boolean, signed bytea, signature bytea, key_id text, status_list integer, status_index integer,
                 revoked_at timestamptz, revocation_reason text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
    SELECT c.livemode, c.signed, c.signature, c.key_id, c.status_list, c.status_index, c.revoked_at, c.revocation_reason
    FROM certificates c WHERE c.id = certificate_id
  $$;
--> statement-breakpoint
-- The functions run as coderisk_system, so that row-level security lets them see what they are for and the owner
-- needs no BYPASSRLS. Giving a function away needs membership of the role and CREATE on the schema for a moment.
DO $$
BEGIN
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    EXECUTE format('GRANT coderisk_system TO %I', current_user);
  END IF;
  GRANT CREATE ON SCHEMA public TO coderisk_system;
  ALTER FUNCTION authenticate_api_key(bytea) OWNER TO coderisk_system;
  ALTER FUNCTION recall_idempotent(text, text, text) OWNER TO coderisk_system;
  ALTER FUNCTION prepare_issue(boolean) OWNER TO coderisk_system;
  ALTER FUNCTION signing_key_is_active(text) OWNER TO coderisk_system;
  ALTER FUNCTION public_certificate(text) OWNER TO coderisk_system;
  REVOKE CREATE ON SCHEMA public FROM coderisk_system;
END
$$;
--> statement-breakpoint
GRANT USAGE ON SEQUENCE certificate_status_index TO coderisk_system;
--> statement-breakpoint
REVOKE ALL ON FUNCTION authenticate_api_key(bytea), recall_idempotent(text, text, text), prepare_issue(boolean),
  signing_key_is_active(text), public_certificate(text) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION authenticate_api_key(bytea), recall_idempotent(text, text, text), prepare_issue(boolean),
  signing_key_is_active(text), public_certificate(text) TO coderisk_app;
