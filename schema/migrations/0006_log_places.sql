-- A leaf hash is the hash of its entry (RFC 6962 §2.1): the tree is built from hashes, the bundles from entries.
ALTER TABLE log_entries
  ADD CONSTRAINT leaf_hash_of_entry CHECK (leaf_hash = sha256('\x00'::bytea || entry)),
  ADD CONSTRAINT entry_fits_its_bundle CHECK (octet_length(entry) BETWEEN 1 AND 65535);
--> statement-breakpoint
-- The place of an entry that a published checkpoint covers; null before. The log is public, so anyone may ask.
CREATE FUNCTION log_place(hash bytea) RETURNS bigint
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
    SELECT e.leaf_index FROM log_entries e
    WHERE e.leaf_hash = hash AND e.leaf_index < (SELECT l.published_size FROM logs l)
  $$;
--> statement-breakpoint
DROP FUNCTION public_certificate(text);
--> statement-breakpoint
CREATE FUNCTION public_certificate(certificate_id text)
  RETURNS TABLE (livemode boolean, signed bytea, signature bytea, key_id text, status_list integer, status_index integer,
                 revoked_at timestamptz, revocation_reason text, leaf_hash bytea, log_index bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
    SELECT c.livemode, c.signed, c.signature, c.key_id, c.status_list, c.status_index, c.revoked_at, c.revocation_reason,
      c.leaf_hash, log_place(c.leaf_hash)
    FROM certificates c WHERE c.id = certificate_id
  $$;
--> statement-breakpoint
DO $$
BEGIN
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    EXECUTE format('GRANT coderisk_system TO %I', current_user);
  END IF;
  GRANT CREATE ON SCHEMA public TO coderisk_system;
  ALTER FUNCTION log_place(bytea) OWNER TO coderisk_system;
  ALTER FUNCTION public_certificate(text) OWNER TO coderisk_system;
  REVOKE CREATE ON SCHEMA public FROM coderisk_system;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION log_place(bytea), public_certificate(text) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION log_place(bytea), public_certificate(text) TO coderisk_app;
