-- The trail of actions: stamped by the database, hash-chained, and written for every changed row (decisions.md 3).
-- needs benxi_shuangsuiji/database/clock.sql

-- Time, database login and transaction are written by the database, whatever the caller says.
CREATE OR REPLACE FUNCTION audit_stamp() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    NEW.at := sj_now();
    NEW.login := session_user;
    NEW.xid := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;
-- Whoever writes an entry by a statement of his own has it stamped. From within a trigger only `audit_rows` writes, which
-- stamps for itself; the runtime logins can make neither functions nor triggers.
CREATE OR REPLACE TRIGGER audit_stamp BEFORE INSERT ON audit_auditentry FOR EACH ROW
    WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION audit_stamp();
ALTER TABLE audit_auditentry ENABLE ALWAYS TRIGGER audit_stamp;

-- The text of an entry as it is hashed: every column, in a fixed order.
CREATE OR REPLACE FUNCTION audit_text(e audit_auditentry) RETURNS text LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT jsonb_build_array(e.id, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), e.verb, e.actor_id,
                             e.login, e.unit_id, e.about_type, e.about_key, e.details, e.xid)::text
$$;

-- Each hash is made over the one before it, so that no entry can be changed or taken out unseen.
CREATE OR REPLACE FUNCTION audit_hash(prev text, e audit_auditentry) RETURNS text LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$ SELECT encode(sha256(convert_to(prev || '|' || audit_text(e), 'UTF8')), 'hex') $$;

-- A link is accepted only as the next of the chain and only with the right hash.
CREATE OR REPLACE FUNCTION audit_link_check() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE last audit_auditlink; entry audit_auditentry;
BEGIN
    PERFORM pg_advisory_xact_lock(715150001);
    SELECT * INTO last FROM audit_auditlink ORDER BY seq DESC LIMIT 1;
    SELECT * INTO STRICT entry FROM audit_auditentry WHERE id = NEW.entry_id;
    IF NEW.seq <> coalesce(last.seq, 0) + 1 OR NEW.prev <> coalesce(last.link, repeat('0', 64))
       OR NEW.link <> audit_hash(NEW.prev, entry) THEN
        RAISE EXCEPTION '操作记录链只能逐条相接' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER audit_link_check BEFORE INSERT ON audit_auditlink FOR EACH ROW EXECUTE FUNCTION audit_link_check();
ALTER TABLE audit_auditlink ENABLE ALWAYS TRIGGER audit_link_check;

-- The oldest transaction of this database that still runs and has written. A transaction that wrote holds its own number
-- and a lock on what it wrote to until it ends; pg_locks shows both to everybody, the number in 32 bits. A long one in
-- another database of the same server does not keep this trail from being sealed.
CREATE OR REPLACE FUNCTION audit_horizon() RETURNS bigint LANGUAGE sql SET search_path = public, pg_temp AS $$
    WITH next AS (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS xid)
    SELECT least(next.xid, (
        SELECT min(next.xid - ((next.xid - own.transactionid::text::bigint) & 4294967295))
        FROM pg_locks own
        WHERE own.locktype = 'transactionid' AND own.mode = 'ExclusiveLock' AND own.granted AND EXISTS (
            SELECT 1 FROM pg_locks held WHERE held.pid = own.pid AND held.locktype = 'relation'
            AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database()))
    )) FROM next
$$;

-- Link the entries that no running transaction can still come before.
CREATE OR REPLACE FUNCTION audit_seal() RETURNS integer LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE entry audit_auditentry; last_seq bigint; last_link text; n integer := 0; h text;
        horizon bigint := audit_horizon();
BEGIN
    PERFORM pg_advisory_xact_lock(715150001);
    SELECT seq, link INTO last_seq, last_link FROM audit_auditlink ORDER BY seq DESC LIMIT 1;
    last_seq := coalesce(last_seq, 0); last_link := coalesce(last_link, repeat('0', 64));
    FOR entry IN SELECT e.* FROM audit_auditentry e
                 WHERE e.xid < horizon AND NOT EXISTS (SELECT 1 FROM audit_auditlink l WHERE l.entry_id = e.id)
                 ORDER BY e.xid, e.id LOOP
        h := audit_hash(last_link, entry);
        last_seq := last_seq + 1;
        INSERT INTO audit_auditlink (seq, entry_id, prev, link) VALUES (last_seq, entry.id, last_link, h);
        last_link := h; n := n + 1;
    END LOOP;
    RETURN n;
END $$;

-- Compute links again, those behind a number and at most so many: how many hold, and the first that does not. That the link at the
-- number itself is gone counts as its own fault.
CREATE OR REPLACE FUNCTION audit_verify_behind(behind bigint, at_most bigint, OUT checked bigint, OUT broken_at bigint)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE r record; prev text := repeat('0', 64); expected bigint := behind + 1;
BEGIN
    checked := 0;
    IF behind > 0 THEN
        SELECT l.link INTO prev FROM audit_auditlink l WHERE l.seq = behind;
        IF prev IS NULL THEN
            broken_at := behind; RETURN;
        END IF;
    END IF;
    FOR r IN SELECT l.seq, l.prev, l.link, e FROM audit_auditlink l LEFT JOIN audit_auditentry e ON e.id = l.entry_id
             WHERE l.seq > behind ORDER BY l.seq LIMIT at_most LOOP
        IF r.seq <> expected OR r.prev <> prev OR r.e IS NULL OR r.link <> audit_hash(prev, r.e) THEN
            broken_at := expected; EXIT;
        END IF;
        prev := r.link; expected := expected + 1; checked := checked + 1;
    END LOOP;
END $$;

-- The same for the whole chain, and how many entries wait for their link.
CREATE OR REPLACE FUNCTION audit_verify(OUT checked bigint, OUT broken_at bigint, OUT unsealed bigint)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
    SELECT v.checked, v.broken_at INTO checked, broken_at FROM audit_verify_behind(0, NULL) v;
    SELECT count(*) INTO unsealed FROM audit_auditentry a
    WHERE NOT EXISTS (SELECT 1 FROM audit_auditlink l WHERE l.entry_id = a.id);
END $$;

-- One generic statement trigger for every table that `rights.py` wants in the trail.
-- TG_ARGV[0] = 'full': an entry a row, with old and new values of the columns that changed. 'count': one entry a statement, for
-- tables whose rows say who was drawn (decisions.md 3): how many rows, their keys, and of each which columns changed, with the
-- values of those alone that tell how far it has come. TG_ARGV[1]: columns whose value the trail never shows; that they changed
-- it says. A row whose key was changed is told as a whole, old and new (S1, S2).
-- An import writes a hundred thousand entries: `OFFSET 0` keeps a row from being turned into JSON once for its key and once more
-- for its values, that of a new one is made as it is kept, and the entries of one statement are stamped together, where they are made.
CREATE OR REPLACE FUNCTION audit_rows() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE actor bigint := nullif(current_setting('app.actor', true), '')::bigint; n bigint; told jsonb;
        hidden text[] := coalesce(string_to_array(TG_ARGV[1], ' '), '{}');
        shown text[] := ARRAY['state', 'status', 'asked_by_id', 'asked_at', 'decided_by_id', 'decided_at', 'reviewed_by_id', 'reviewed_at',
                              'published_at', 'started_at', 'ended_at', 'due', 'target', 'closed_at'];
        moment timestamptz := sj_now();
BEGIN
    IF TG_ARGV[0] = 'count' THEN
        IF TG_OP = 'INSERT' THEN
            SELECT count(*), jsonb_build_object('keys', jsonb_agg(t.id)) INTO n, told FROM news t;
        ELSIF TG_OP = 'DELETE' THEN
            SELECT count(*), jsonb_build_object('keys', jsonb_agg(t.id)) INTO n, told FROM olds t;
        ELSE
            SELECT count(*), jsonb_build_object('changed', jsonb_object_agg(coalesce(o.j->>'id', n.j->>'id'), coalesce(d.changed, '{}')))
            INTO n, told
            FROM (SELECT to_jsonb(t) AS j FROM olds t OFFSET 0) o
            FULL JOIN (SELECT to_jsonb(t) AS j FROM news t OFFSET 0) n ON n.j->>'id' = o.j->>'id'
            CROSS JOIN LATERAL (
                SELECT jsonb_object_agg(k, CASE WHEN k = ANY (shown) AND k <> ALL (hidden) THEN jsonb_build_array(o.j->k, n.j->k)
                                                ELSE '"changed"' END) AS changed
                FROM jsonb_object_keys(coalesce(n.j, o.j)) k WHERE n.j->k IS DISTINCT FROM o.j->k) d;
        END IF;
        IF n > 0 THEN
            INSERT INTO audit_auditentry (at, login, xid, verb, actor_id, about_type, about_key, details)
            VALUES (moment, session_user, pg_current_xact_id()::text::bigint, 'row.' || lower(TG_OP), actor,
                    TG_TABLE_NAME, '', jsonb_build_object('rows', n) || told);
        END IF;
    ELSIF TG_OP = 'INSERT' THEN
        INSERT INTO audit_auditentry (at, login, xid, verb, actor_id, about_type, about_key, details)
        SELECT moment, session_user, pg_current_xact_id()::text::bigint, 'row.insert', actor, TG_TABLE_NAME, coalesce(j #>> '{new,id}', ''),
               CASE WHEN cardinality(hidden) > 1 THEN jsonb_build_object('new', (j->'new') - hidden)
                    WHEN cardinality(hidden) = 1 THEN j #- ARRAY['new', hidden[1]] ELSE j END
        FROM (SELECT to_jsonb(w) AS j FROM (SELECT t AS new FROM news t) w OFFSET 0) x;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO audit_auditentry (at, login, xid, verb, actor_id, about_type, about_key, details)
        SELECT moment, session_user, pg_current_xact_id()::text::bigint, 'row.delete', actor, TG_TABLE_NAME, coalesce(j->>'id', ''),
               jsonb_build_object('old', j - hidden)
        FROM (SELECT to_jsonb(t) AS j FROM olds t OFFSET 0) x;
    ELSE
        INSERT INTO audit_auditentry (at, login, xid, verb, actor_id, about_type, about_key, details)
        SELECT moment, session_user, pg_current_xact_id()::text::bigint, 'row.update', actor, TG_TABLE_NAME,
               coalesce(o.j->>'id', n.j->>'id'), CASE
               WHEN n.j IS NULL THEN jsonb_build_object('old', o.j - hidden)
               WHEN o.j IS NULL THEN jsonb_build_object('new', n.j - hidden)
               ELSE jsonb_build_object('old', coalesce(d.was, '{}'), 'new', coalesce(d.is, '{}'))
                    || CASE WHEN d.unsaid IS NULL THEN '{}' ELSE jsonb_build_object('changed', d.unsaid) END END
        FROM (SELECT to_jsonb(t) AS j FROM olds t OFFSET 0) o
        FULL JOIN (SELECT to_jsonb(t) AS j FROM news t OFFSET 0) n ON n.j->>'id' = o.j->>'id'
        CROSS JOIN LATERAL (SELECT jsonb_object_agg(k, o.j->k) FILTER (WHERE k <> ALL (hidden)) AS was,
                                   jsonb_object_agg(k, n.j->k) FILTER (WHERE k <> ALL (hidden)) AS is,
                                   jsonb_agg(k) FILTER (WHERE k = ANY (hidden)) AS unsaid, count(*) AS columns
                            FROM jsonb_object_keys(coalesce(n.j, o.j)) k
                            WHERE n.j->k IS DISTINCT FROM o.j->k) d
        WHERE d.columns > 0;
    END IF;
    RETURN NULL;
END $$;
