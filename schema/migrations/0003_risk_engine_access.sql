-- What the tenant's own transactions may do.
GRANT SELECT, INSERT, UPDATE ON organisation_settings, calibrations TO coderisk_app;
--> statement-breakpoint
GRANT SELECT, INSERT, DELETE ON repositories TO coderisk_app;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (caused_incident, recorded_at) ON change_outcomes TO coderisk_app;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (state, updated_at) ON arc_entries TO coderisk_app;
--> statement-breakpoint
-- What the network's own transactions may do: an operator decides on what was offered.
GRANT SELECT, UPDATE (state, public_id, updated_at) ON arc_entries TO coderisk_system;
--> statement-breakpoint
GRANT SELECT ON organisation_settings, repositories, calibrations TO coderisk_system;
--> statement-breakpoint
DO $$
DECLARE tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['organisation_settings', 'repositories', 'change_outcomes', 'calibrations', 'arc_entries'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO coderisk_app USING (organisation_id = current_organisation()) WITH CHECK (organisation_id = current_organisation())',
      tenant_table);
    EXECUTE format('CREATE POLICY network ON %I TO coderisk_system USING (true) WITH CHECK (true)', tenant_table);
  END LOOP;
END
$$;
--> statement-breakpoint
-- A tenant offers an entry at most: publishing it is for an operator.
ALTER POLICY tenant ON arc_entries
  WITH CHECK (organisation_id = current_organisation() AND state IN ('private', 'offered') AND public_id IS NULL);
--> statement-breakpoint
-- Numbers of published entries. Those below 500 are the catalogue that comes with the software.
CREATE SEQUENCE arc_number MINVALUE 500 START 500;
--> statement-breakpoint
GRANT USAGE ON SEQUENCE arc_number TO coderisk_system;
--> statement-breakpoint
-- All that issuing asks of the database before it signs, in one round trip: a place in the status list, the key, and how
-- the organisation wants to be judged. `recorded_incidents` says whether there are catalogue entries to ask for.
CREATE FUNCTION prepare_issue(live boolean, organisation text)
  RETURNS TABLE (status_index bigint, kid text, sealed_private_key bytea, coverage_threshold_bp integer,
                 repositories jsonb, calibration jsonb, recorded_incidents boolean)
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
    SELECT nextval('certificate_status_index'), k.kid, k.sealed_private_key, s.coverage_threshold_bp,
      (SELECT jsonb_agg(r.name) FROM repositories r WHERE r.organisation_id = organisation),
      (SELECT c.parameters FROM calibrations c WHERE c.organisation_id = organisation),
      EXISTS (SELECT FROM arc_entries a WHERE a.organisation_id = organisation)
        OR EXISTS (SELECT FROM arc_entries a WHERE a.state = 'published')
    FROM (SELECT 1) one
    LEFT JOIN signing_keys k ON k.livemode = live AND k.state = 'active'
    LEFT JOIN organisation_settings s ON s.organisation_id = organisation
  $$;
--> statement-breakpoint
-- Entries that a change of this organisation is compared with: the published ones and its own.
CREATE FUNCTION visible_arc_entries(organisation text, version integer)
  RETURNS TABLE (id text, public_id text, title text, fingerprints bytea)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
    SELECT a.id, a.public_id, a.title, a.fingerprints FROM arc_entries a
    WHERE (a.organisation_id = organisation OR a.state = 'published') AND a.fingerprint_version = version
    ORDER BY a.organisation_id = organisation DESC, a.created_at DESC LIMIT 2000
  $$;
--> statement-breakpoint
-- What anyone may read of published entries: nothing of the organisation that they come from.
CREATE FUNCTION published_arc_entries()
  RETURNS TABLE (public_id text, title text, severity text, description text, mitigation text, fingerprint_bytes integer)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
    SELECT a.public_id, a.title, a.severity, a.description, a.mitigation, octet_length(a.fingerprints) FROM arc_entries a
    WHERE a.state = 'published' ORDER BY a.public_id LIMIT 2000
  $$;
--> statement-breakpoint
DO $$
BEGIN
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    EXECUTE format('GRANT coderisk_system TO %I', current_user);
  END IF;
  GRANT CREATE ON SCHEMA public TO coderisk_system;
  ALTER FUNCTION prepare_issue(boolean, text) OWNER TO coderisk_system;
  ALTER FUNCTION visible_arc_entries(text, integer) OWNER TO coderisk_system;
  ALTER FUNCTION published_arc_entries() OWNER TO coderisk_system;
  REVOKE CREATE ON SCHEMA public FROM coderisk_system;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION prepare_issue(boolean, text), visible_arc_entries(text, integer), published_arc_entries() FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION prepare_issue(boolean, text), visible_arc_entries(text, integer), published_arc_entries() TO coderisk_app;
