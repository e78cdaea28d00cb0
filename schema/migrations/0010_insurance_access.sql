-- What the tenant's own transactions may do: buy, keep services and endpoints, add to claims. Rows are held apart below.
GRANT SELECT ON insurance_policies, exposure_customers, insurance_tiers, services, integrations, deployments, incidents,
  insurance_claims, claim_events, claim_evidence, billing_accounts, billing_events, payouts, invoices,
  webhook_endpoints, webhook_events, webhook_deliveries, webhook_attempts TO coderisk_app;
--> statement-breakpoint
GRANT SELECT ON insurance_state, pricing_tables TO coderisk_app;
--> statement-breakpoint
GRANT INSERT ON insurance_policies, services, integrations, insurance_claims, claim_events, claim_evidence, billing_events,
  webhook_endpoints, webhook_events, webhook_deliveries TO coderisk_app;
--> statement-breakpoint
GRANT UPDATE (used_micros, reserved_micros, claimed, status, closed_at, close_reason, refunded_micros,
  earned_premium_micros, earned_subsidy_micros, updated_at) ON insurance_policies TO coderisk_app;
--> statement-breakpoint
GRANT UPDATE (on_risk_micros) ON exposure_customers TO coderisk_app;
--> statement-breakpoint
GRANT UPDATE (status, reserved_micros, decided_at, decision_reason, dispute_reason, updated_at) ON insurance_claims TO coderisk_app;
--> statement-breakpoint
GRANT UPDATE, DELETE ON services TO coderisk_app;
--> statement-breakpoint
GRANT UPDATE (name, sealed_secret, sealed_token, account, deleted_at) ON integrations TO coderisk_app;
--> statement-breakpoint
GRANT UPDATE, DELETE ON webhook_endpoints TO coderisk_app;
--> statement-breakpoint
GRANT UPDATE (state, next_attempt_at) ON webhook_deliveries TO coderisk_app;
--> statement-breakpoint
-- What the network's own transactions may do. Nobody may change or delete a journal, a posting or a claim's history.
GRANT SELECT, INSERT, UPDATE ON insurance_policies, exposure_customers, exposure_days, insurance_state, insurance_tiers,
  services, integrations, inbound_deliveries, deployments, incidents, insurance_claims, billing_accounts, billing_events,
  payouts, invoices, rail_transactions, webhook_endpoints, webhook_events, webhook_deliveries, webhook_attempts,
  actuarial_reviews TO coderisk_system;
--> statement-breakpoint
GRANT SELECT, INSERT ON breaker_events, pricing_tables, reconciliations, claim_events, claim_evidence TO coderisk_system;
--> statement-breakpoint
GRANT SELECT ON ledger_journals, ledger_postings, ledger_balances TO coderisk_system;
--> statement-breakpoint
GRANT INSERT, UPDATE ON ledger_balances TO coderisk_system;
--> statement-breakpoint
GRANT INSERT ON ledger_journals, ledger_postings TO coderisk_system;
--> statement-breakpoint
GRANT DELETE ON inbound_deliveries, webhook_events, webhook_deliveries, webhook_attempts, insurance_tiers TO coderisk_system;
--> statement-breakpoint
DO $$
DECLARE tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['insurance_policies', 'exposure_customers', 'insurance_tiers', 'services', 'integrations',
    'deployments', 'incidents', 'insurance_claims', 'claim_events', 'claim_evidence', 'billing_accounts', 'billing_events',
    'payouts', 'invoices', 'webhook_endpoints', 'webhook_events', 'webhook_deliveries', 'webhook_attempts'] LOOP
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
-- The books are append-only, for the owner of the tables too.
CREATE FUNCTION refuse_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_journals FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_postings FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON claim_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON breaker_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
--> statement-breakpoint
-- The one way into the books. Each journal: { key, kind, organisation_id, subject, posted_at, postings: [{ account, party, amount }] },
-- amounts in micro-USD as text. A journal whose key is there with the same postings is left out; with others, refused.
-- So that two calls never wait for each other in a circle, keys are taken in their order, and then balances: first those that
-- lock_customer_balances takes, by customer; then the other parts; last the accounts without parts, whose rows are the hottest.
-- Of those each connection has a shard, which it mostly has for itself.
CREATE FUNCTION post_journals(journals jsonb) RETURNS integer
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
DECLARE posted integer;
BEGIN
  IF EXISTS (
    SELECT FROM jsonb_array_elements(journals) j
    WHERE jsonb_array_length(j -> 'postings') < 2
      OR (SELECT sum((p ->> 'amount')::numeric) FROM jsonb_array_elements(j -> 'postings') p) <> 0
  ) THEN
    RAISE EXCEPTION 'a journal does not sum to zero' USING ERRCODE = 'check_violation';
  END IF;
  WITH given AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(journals)
      AS g (key text, kind text, organisation_id text, subject text, posted_at timestamptz, postings jsonb)
  ), written AS (
    INSERT INTO ledger_journals (key, kind, organisation_id, subject, digest, posted_at)
    SELECT key, kind, organisation_id, subject, md5(postings::text), posted_at FROM given ORDER BY key
    ON CONFLICT (key) DO NOTHING
    RETURNING id, key
  ), lines AS (
    INSERT INTO ledger_postings (journal_id, line, account, party, amount_micros)
    SELECT w.id, p.ordinality, p.value ->> 'account', coalesce(p.value ->> 'party', ''), (p.value ->> 'amount')::bigint
    FROM written w JOIN given g ON g.key = w.key, jsonb_array_elements(g.postings) WITH ORDINALITY AS p (value, ordinality)
    RETURNING account, party, amount_micros
  ), balanced AS (
    INSERT INTO ledger_balances AS b (account, party, shard, amount_micros)
    SELECT account, party, CASE WHEN party = '' THEN pg_backend_pid() % 32 ELSE 0 END, sum(amount_micros)::bigint
    FROM lines GROUP BY account, party
    ORDER BY party = '', account NOT IN ('customer_credit', 'premium_receivable'), party, account
    ON CONFLICT (account, party, shard) DO UPDATE SET amount_micros = b.amount_micros + excluded.amount_micros
  )
  SELECT count(*) INTO posted FROM written;
  IF posted < jsonb_array_length(journals) AND EXISTS (
    SELECT FROM jsonb_array_elements(journals) j JOIN ledger_journals l ON l.key = j ->> 'key'
    WHERE l.digest <> md5((j -> 'postings')::text)
  ) THEN
    RAISE EXCEPTION 'a journal with this key says otherwise' USING ERRCODE = 'unique_violation';
  END IF;
  RETURN posted;
END
$$;
--> statement-breakpoint
-- What a customer owes and has to its credit, held until the transaction ends: in order of account, as post_journals takes them.
-- The row that is not there yet is made, so that it can be held.
CREATE FUNCTION lock_customer_balances(organisation text) RETURNS TABLE (account text, amount bigint)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
BEGIN
  INSERT INTO ledger_balances (account, party, shard, amount_micros)
    VALUES ('customer_credit', organisation, 0, 0), ('premium_receivable', organisation, 0, 0) ON CONFLICT DO NOTHING;
  RETURN QUERY SELECT b.account, b.amount_micros FROM ledger_balances b
    WHERE b.account IN ('customer_credit', 'premium_receivable') AND b.party = organisation
    ORDER BY b.account FOR UPDATE;
END
$$;
--> statement-breakpoint
-- Takes what a policy needs of the caps, or says which of them is in the way; then nothing may be committed. The customer's
-- row first, the hot row of the day last and for the shortest time.
CREATE FUNCTION reserve_capacity(organisation text, bound_on date, coverage bigint, customer_cap bigint, day_cap bigint,
                                 subsidy bigint, low_risk boolean) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
DECLARE state insurance_state%ROWTYPE;
BEGIN
  UPDATE exposure_customers SET on_risk_micros = on_risk_micros + coverage
    WHERE organisation_id = organisation AND on_risk_micros + coverage <= customer_cap;
  IF NOT FOUND THEN
    IF coverage > customer_cap THEN RETURN 'customer_cap_reached'; END IF;
    INSERT INTO exposure_customers (organisation_id, on_risk_micros) VALUES (organisation, coverage) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
      UPDATE exposure_customers SET on_risk_micros = on_risk_micros + coverage
        WHERE organisation_id = organisation AND on_risk_micros + coverage <= customer_cap;
      IF NOT FOUND THEN RETURN 'customer_cap_reached'; END IF;
    END IF;
  END IF;
  IF subsidy > 0 THEN
    UPDATE insurance_state SET subsidy_used_micros = subsidy_used_micros + subsidy
      WHERE id = 'network' AND (breaker = 'open' OR (breaker = 'restricted' AND low_risk))
        AND subsidy_used_micros + subsidy <= subsidy_budget_micros;
    IF FOUND THEN state.breaker := 'open'; END IF;
  END IF;
  IF state.breaker IS NULL THEN
    SELECT * INTO state FROM insurance_state WHERE id = 'network';
    IF state.breaker IS NULL OR state.breaker = 'halted' THEN RETURN 'binding_halted'; END IF;
    IF state.breaker = 'restricted' AND NOT low_risk THEN RETURN 'binding_restricted'; END IF;
    IF subsidy > 0 THEN RETURN 'subsidy_spent'; END IF;
  END IF;
  UPDATE exposure_days SET bound_micros = bound_micros + coverage WHERE day = bound_on AND bound_micros + coverage <= day_cap;
  IF NOT FOUND THEN
    IF coverage > day_cap THEN RETURN 'daily_cap_reached'; END IF;
    INSERT INTO exposure_days (day, bound_micros) VALUES (bound_on, coverage) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
      UPDATE exposure_days SET bound_micros = bound_micros + coverage WHERE day = bound_on AND bound_micros + coverage <= day_cap;
      IF NOT FOUND THEN RETURN 'daily_cap_reached'; END IF;
    END IF;
  END IF;
  RETURN 'reserved';
END
$$;
--> statement-breakpoint
-- What quoting and binding read: the certificate, if it is a live one of that organisation, what prices it, and who is to be told.
CREATE FUNCTION prepare_policy(organisation text, certificate text)
  RETURNS TABLE (commit_sha text, risk_score integer, policies_on_commit integer, expires_at_ms bigint, revoked boolean, ci jsonb, tiers jsonb,
                 pricing jsonb, breaker text, listeners jsonb)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
    SELECT c.commit_sha, c.risk_score_hundredths,
      (SELECT count(*)::integer FROM insurance_policies p
        WHERE p.organisation_id = organisation AND p.commit_sha = lower(c.commit_sha) AND p.status IN ('bound', 'active')),
      (extract(epoch FROM c.expires_at) * 1000)::bigint,
      c.revoked_at IS NOT NULL, c.report -> 'ci',
      (SELECT jsonb_agg(jsonb_build_object('name', t.name, 'listPremium', t.list_premium_micros::text,
          'coverage', t.coverage_micros::text, 'days', t.days, 'riskScoreBelow', t.risk_score_below_hundredths,
          'slaCostPerMinuteCap', t.sla_cost_per_minute_cap_micros::text))
        FROM insurance_tiers t WHERE t.organisation_id = organisation),
      (SELECT p.parameters FROM pricing_tables p ORDER BY p.version DESC LIMIT 1),
      (SELECT s.breaker FROM insurance_state s),
      (SELECT jsonb_agg(e.id) FROM webhook_endpoints e
        WHERE e.organisation_id = organisation AND e.state = 'enabled' AND e.events && ARRAY['*', 'policy.bound'])
    FROM certificates c WHERE c.id = certificate AND c.organisation_id = organisation AND c.livemode
  $$;
--> statement-breakpoint
-- A purchase, whole or not at all: 'bound', or what was in the way. One call, so that the rows that everybody waits for are held
-- for the commit alone, and not until the core has sent what comes next. It has the caller's rights: those of the tenant.
--   purchase: { policy, billing_event, journals, event, deliveries, claim }, rows as they are stored; the last three are null
--   where there is nobody to tell, and no Idempotency-Key.
CREATE FUNCTION bind_policy(purchase jsonb, entry bytea, entry_leaf_hash bytea, request_hash bytea, response bytea,
                            customer_cap bigint, day_cap bigint) RETURNS text
  LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp
  AS $$
DECLARE
  p insurance_policies := jsonb_populate_record(NULL::insurance_policies, purchase -> 'policy');
  billing billing_events := jsonb_populate_record(NULL::billing_events, purchase -> 'billing_event');
  told webhook_events := jsonb_populate_record(NULL::webhook_events, nullif(purchase -> 'event', 'null'));
  claim jsonb := nullif(purchase -> 'claim', 'null');
  outcome text;
BEGIN
  PERFORM set_config('app.organisation_id', p.organisation_id, true);
  -- Since it was read it may have been revoked; until the commit it cannot be.
  PERFORM FROM certificates c
    WHERE c.id = p.certificate_id AND c.organisation_id = p.organisation_id AND c.revoked_at IS NULL FOR SHARE;
  IF NOT FOUND THEN RETURN 'certificate_revoked'; END IF;
  IF claim IS NOT NULL THEN
    -- The lock makes a second request fail at once, where the insert alone would wait for the first one's commit.
    IF NOT pg_try_advisory_xact_lock(hashtextextended(claim ->> 'lock', 0)) THEN RETURN 'not_first'; END IF;
    INSERT INTO idempotency_records (organisation_id, route, key, request_sha256, response_status, response_body, created_at)
      VALUES (p.organisation_id, claim ->> 'route', claim ->> 'key', request_hash, (claim ->> 'status')::integer, response, p.bound_at)
      ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN RETURN 'not_first'; END IF;
  END IF;
  INSERT INTO services (organisation_id, name, created_at, updated_at)
    VALUES (p.organisation_id, p.service, p.bound_at, p.bound_at) ON CONFLICT DO NOTHING;
  INSERT INTO insurance_policies OVERRIDING USER VALUE SELECT p.*;
  INSERT INTO billing_events (id, organisation_id, kind, amount_micros, occurred_at, state, next_attempt_at)
    VALUES (billing.id, billing.organisation_id, billing.kind, billing.amount_micros, billing.occurred_at, billing.state,
            billing.next_attempt_at);
  INSERT INTO log_entries (entry, leaf_hash, created_at) VALUES (entry, entry_leaf_hash, p.bound_at);
  IF told.id IS NOT NULL THEN
    INSERT INTO webhook_events SELECT told.*;
    -- Those that were deleted meanwhile are left out; until the commit none can be.
    INSERT INTO webhook_deliveries (id, organisation_id, endpoint_id, event_id, state, next_attempt_at, created_at)
      SELECT d.id, d.organisation_id, d.endpoint_id, d.event_id, d.state, d.next_attempt_at, d.created_at
      FROM webhook_endpoints e
      JOIN jsonb_populate_recordset(NULL::webhook_deliveries, purchase -> 'deliveries') d ON d.endpoint_id = e.id
      WHERE e.state = 'enabled' FOR KEY SHARE OF e;
  END IF;
  PERFORM post_journals(purchase -> 'journals');
  outcome := reserve_capacity(p.organisation_id, (p.bound_at AT TIME ZONE 'UTC')::date, p.coverage_micros, customer_cap, day_cap,
                              p.subsidy_micros, p.risk_level = 'LOW');
  IF outcome <> 'reserved' THEN RAISE EXCEPTION 'not reserved' USING ERRCODE = 'CR001'; END IF;
  RETURN 'bound';
EXCEPTION WHEN SQLSTATE 'CR001' THEN
  -- Everything above is undone.
  RETURN outcome;
END
$$;
--> statement-breakpoint
-- Subsidy that a cancelled or voided policy gives back to its budget.
CREATE FUNCTION return_subsidy(amount bigint) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
    UPDATE insurance_state SET subsidy_used_micros = subsidy_used_micros - amount WHERE id = 'network' AND amount > 0
  $$;
--> statement-breakpoint
DO $$
BEGIN
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    EXECUTE format('GRANT coderisk_system TO %I', current_user);
  END IF;
  GRANT CREATE ON SCHEMA public TO coderisk_system;
  ALTER FUNCTION post_journals(jsonb) OWNER TO coderisk_system;
  ALTER FUNCTION lock_customer_balances(text) OWNER TO coderisk_system;
  ALTER FUNCTION reserve_capacity(text, date, bigint, bigint, bigint, bigint, boolean) OWNER TO coderisk_system;
  ALTER FUNCTION prepare_policy(text, text) OWNER TO coderisk_system;
  ALTER FUNCTION return_subsidy(bigint) OWNER TO coderisk_system;
  REVOKE CREATE ON SCHEMA public FROM coderisk_system;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION post_journals(jsonb), lock_customer_balances(text), reserve_capacity(text, date, bigint, bigint, bigint, bigint, boolean),
  prepare_policy(text, text), return_subsidy(bigint), bind_policy(jsonb, bytea, bytea, bytea, bytea, bigint, bigint) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION post_journals(jsonb), lock_customer_balances(text), reserve_capacity(text, date, bigint, bigint, bigint, bigint, boolean),
  prepare_policy(text, text), return_subsidy(bigint) TO coderisk_app, coderisk_system;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION bind_policy(jsonb, bytea, bytea, bytea, bytea, bigint, bigint) TO coderisk_app;
--> statement-breakpoint
-- Keys that may do all that a member may go on to: a key makes others only with scopes of its own, so nobody could come by
-- the new ones otherwise. The owner of the table is bound by row-level security for as long as it is forced.
ALTER TABLE api_keys NO FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
UPDATE api_keys SET scopes = scopes || '{insurance:read,insurance:write}'
  WHERE scopes @> '{certificates:write,certificates:read,keys:manage}' AND NOT scopes && '{insurance:read,insurance:write}';
--> statement-breakpoint
ALTER TABLE api_keys FORCE ROW LEVEL SECURITY;
