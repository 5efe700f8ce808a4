-- Frozen publications (四(3)-a, 八(二)-d).
-- needs benxi_shuangsuiji/database/clock.sql

-- When something was published is written by the database, whatever the caller says, and versions count on without a
-- gap: nothing is dated back, and nothing slips in behind an earlier version.
CREATE OR REPLACE FUNCTION publication_stamp() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(715150003, hashtext(NEW.kind || ' ' || NEW.no));
    NEW.published_at := sj_now();
    IF NEW.version <> 1 + coalesce((SELECT max(p.version) FROM disclosure_publication p
                                    WHERE (p.kind, p.no) = (NEW.kind, NEW.no)), 0) THEN
        RAISE EXCEPTION '公示的版本号依次递增' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER publication_stamp BEFORE INSERT ON disclosure_publication
    FOR EACH ROW EXECUTE FUNCTION publication_stamp();
ALTER TABLE disclosure_publication ENABLE ALWAYS TRIGGER publication_stamp;
