-- The network's own work alone. Tenants append to the log, as before, and reach nothing else of it.
GRANT SELECT, INSERT, UPDATE ON logs, log_tiles, log_witnesses, log_anchors, status_list_tokens TO coderisk_system;
--> statement-breakpoint
GRANT UPDATE (leaf_index) ON log_entries TO coderisk_system;
--> statement-breakpoint
GRANT SELECT, INSERT ON certificate_forms TO coderisk_system;
--> statement-breakpoint
-- Which status lists there are.
GRANT SELECT ON SEQUENCE certificate_status_index TO coderisk_system;
--> statement-breakpoint
-- An entry is written once and gets its index once.
CREATE FUNCTION keep_log_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.leaf_index IS NOT NULL OR NEW.leaf_index IS NULL OR NEW.id <> OLD.id OR NEW.entry <> OLD.entry
    OR NEW.leaf_hash <> OLD.leaf_hash OR NEW.created_at <> OLD.created_at THEN
    RAISE EXCEPTION 'an entry of the log is written once' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER keep_log_entry BEFORE UPDATE ON log_entries FOR EACH ROW EXECUTE FUNCTION keep_log_entry();
--> statement-breakpoint
CREATE FUNCTION refuse_indexed_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_user IN ('coderisk_app', 'coderisk_system') THEN
    RAISE EXCEPTION 'an entry gets its index when it is staged' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER refuse_indexed_entry BEFORE INSERT ON log_entries FOR EACH ROW WHEN (NEW.leaf_index IS NOT NULL)
  EXECUTE FUNCTION refuse_indexed_entry();
--> statement-breakpoint
-- The log only grows, keeps its name and its key, and has one root for each size.
CREATE FUNCTION keep_log_growing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.origin <> OLD.origin OR NEW.verifier_key <> OLD.verifier_key OR NEW.size < OLD.size
    OR NEW.staged_size < OLD.staged_size OR NEW.published_size < OLD.published_size
    OR (NEW.size = OLD.size AND NEW.root_hash <> OLD.root_hash) THEN
    RAISE EXCEPTION 'the log only grows' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER keep_log_growing BEFORE UPDATE ON logs FOR EACH ROW EXECUTE FUNCTION keep_log_growing();
