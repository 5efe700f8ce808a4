-- 更正: what is counted follows what is public, by two people.
-- needs benxi_shuangsuiji/database/guards.sql

-- The outcome of a result that was reviewed follows a correction of what is public, and nothing else (八(二)-c).
CREATE OR REPLACE FUNCTION result_is_corrected() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT owns(TG_RELID) AND NOT EXISTS (
        SELECT FROM disclosure_revision r JOIN disclosure_publication p ON p.id = r.publication_id
        WHERE (p.kind, p.no) = ('RESULT', NEW.no) AND r.state = 'ASKED') THEN
        RAISE EXCEPTION '审核过的检查结果只随两人更正变动' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER result_is_corrected BEFORE UPDATE ON inspections_inspection FOR EACH ROW
    WHEN (OLD.status IN ('REVIEWED', 'PUBLISHED') AND NEW.status IN ('REVIEWED', 'PUBLISHED')
          AND (NEW.outcome, NEW.rectify_by) IS DISTINCT FROM (OLD.outcome, OLD.rectify_by))
    EXECUTE FUNCTION result_is_corrected();
ALTER TABLE inspections_inspection ENABLE ALWAYS TRIGGER result_is_corrected;
