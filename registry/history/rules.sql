-- Changes of a record are linked entry by entry, by the database itself (ui.md 4.9, decisions.md 6, SSJ1 D9).
-- `seq` counts the entries of one record from 1. Both `seq` and `digest` are written by a trigger, whatever the caller says.
-- Two writers cannot fork a chain: of two entries with the same number the second waits for the first and is then refused
-- by the unique constraint. A column added to the text of an entry later is appended as `|| CASE WHEN c.x IS NULL THEN ''
-- ...` in both functions of a book, so that the digests of the entries before it stay what they are.
-- needs benxi_shuangsuiji/audit/rules.sql

-- 检查对象名录: the next number of this record, and SHA-256 over the digest before it and the text of the entry.
CREATE OR REPLACE FUNCTION registry_facility_link() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE last record;
BEGIN
    SELECT seq, digest INTO last FROM registry_facilitychange WHERE facility_id = NEW.facility_id ORDER BY seq DESC LIMIT 1;
    NEW.seq := coalesce(last.seq, 0) + 1;
    NEW.digest := encode(sha256(convert_to(coalesce(last.digest, '') || '|' || jsonb_build_array(NEW.id, NEW.seq, NEW.facility_id, NEW.facility_code,
        NEW.kind, NEW.effective_on, NEW.reason, NEW.evidence, NEW.entered_by_id, NEW.approved_by_id, NEW.batch_id, extract(epoch FROM NEW.at))::text || '|' || NEW."values"::text, 'UTF8')), 'hex');
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER history_link BEFORE INSERT ON registry_facilitychange
    FOR EACH ROW EXECUTE FUNCTION registry_facility_link();
ALTER TABLE registry_facilitychange ENABLE ALWAYS TRIGGER history_link;

-- Recompute the chain of one record. `broken_at` is the first entry that does not fit; `missing` the first one that the
-- trail of actions knows by number and digest and that is not there any more.
CREATE OR REPLACE FUNCTION registry_facility_check(record_id bigint, record_code text,
                                     OUT checked bigint, OUT broken_at integer, OUT missing integer)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    WITH entries AS (
        SELECT c.seq, row_number() OVER w AS n, c.digest, encode(sha256(convert_to(c.prev || '|' || jsonb_build_array(c.id, c.seq, c.facility_id, c.facility_code,
        c.kind, c.effective_on, c.reason, c.evidence, c.entered_by_id, c.approved_by_id, c.batch_id, extract(epoch FROM c.at))::text || '|' || c."values"::text, 'UTF8')), 'hex') AS expected
        FROM (SELECT *, lag(digest, 1, '') OVER (ORDER BY seq) AS prev FROM registry_facilitychange
              WHERE facility_id = record_id) c
        WINDOW w AS (ORDER BY c.seq)
    )
    SELECT (SELECT count(*) FROM entries),
           (SELECT min(n)::integer FROM entries WHERE seq <> n OR digest <> expected),
           (SELECT min((a.details->'entry'->>0)::integer) FROM audit_auditentry a
            WHERE a.about_type = 'registry.Facility' AND a.about_key = record_code AND a.details ? 'entry'
              AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.seq = (a.details->'entry'->>0)::integer
                              AND e.digest = a.details->'entry'->>1))
$$;

-- 检查人员名录: the next number of this record, and SHA-256 over the digest before it and the text of the entry.
CREATE OR REPLACE FUNCTION registry_inspector_link() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE last record;
BEGIN
    SELECT seq, digest INTO last FROM registry_inspectorchange WHERE inspector_id = NEW.inspector_id ORDER BY seq DESC LIMIT 1;
    NEW.seq := coalesce(last.seq, 0) + 1;
    NEW.digest := encode(sha256(convert_to(coalesce(last.digest, '') || '|' || jsonb_build_array(NEW.id, NEW.seq, NEW.inspector_id, NEW.inspector_code,
        NEW.kind, NEW.effective_on, NEW.reason, NEW.entered_by_id, NEW.batch_id, extract(epoch FROM NEW.at))::text || '|' || NEW."values"::text, 'UTF8')), 'hex');
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER history_link BEFORE INSERT ON registry_inspectorchange
    FOR EACH ROW EXECUTE FUNCTION registry_inspector_link();
ALTER TABLE registry_inspectorchange ENABLE ALWAYS TRIGGER history_link;

-- Recompute the chain of one record. `broken_at` is the first entry that does not fit; `missing` the first one that the
-- trail of actions knows by number and digest and that is not there any more.
CREATE OR REPLACE FUNCTION registry_inspector_check(record_id bigint, record_code text,
                                     OUT checked bigint, OUT broken_at integer, OUT missing integer)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    WITH entries AS (
        SELECT c.seq, row_number() OVER w AS n, c.digest, encode(sha256(convert_to(c.prev || '|' || jsonb_build_array(c.id, c.seq, c.inspector_id, c.inspector_code,
        c.kind, c.effective_on, c.reason, c.entered_by_id, c.batch_id, extract(epoch FROM c.at))::text || '|' || c."values"::text, 'UTF8')), 'hex') AS expected
        FROM (SELECT *, lag(digest, 1, '') OVER (ORDER BY seq) AS prev FROM registry_inspectorchange
              WHERE inspector_id = record_id) c
        WINDOW w AS (ORDER BY c.seq)
    )
    SELECT (SELECT count(*) FROM entries),
           (SELECT min(n)::integer FROM entries WHERE seq <> n OR digest <> expected),
           (SELECT min((a.details->'entry'->>0)::integer) FROM audit_auditentry a
            WHERE a.about_type = 'registry.Inspector' AND a.about_key = record_code AND a.details ? 'entry'
              AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.seq = (a.details->'entry'->>0)::integer
                              AND e.digest = a.details->'entry'->>1))
$$;
