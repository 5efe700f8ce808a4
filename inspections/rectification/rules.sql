-- 整改 (八(二)-e): a state follows from the one before, nothing is closed that was not found mended, and what the
-- enterprise handed in or a leader decided stays as it is.

-- A 整改 moves only along its states; whoever is over stays over.
CREATE OR REPLACE FUNCTION rectification_state() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'OPEN' THEN
            RAISE EXCEPTION '整改从责令改正开始' USING ERRCODE = '23514';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.inspection_id <> OLD.inspection_id OR NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('OPEN', 'HALTED'), ('OPEN', 'CLOSED'), ('OPEN', 'HANDED'), ('OPEN', 'VOID'),
        ('HALTED', 'OPEN'), ('HALTED', 'VOID'), ('VOID', 'OPEN')) THEN
        RAISE EXCEPTION '整改的状态不能这样改' USING ERRCODE = '23514';
    END IF;
    IF NEW.state = 'CLOSED' AND OLD.state <> 'CLOSED' AND EXISTS (
        SELECT 1 FROM inspections_rectificationpoint p WHERE p.rectification_id = NEW.id AND p.mended IS NOT TRUE) THEN
        RAISE EXCEPTION '复查都已改好，才能办结' USING ERRCODE = '23514';
    END IF;
    IF NEW.state = 'VOID' AND OLD.state <> 'VOID' AND EXISTS (
        SELECT 1 FROM inspections_rectificationact a WHERE a.rectification_id = NEW.id AND a.state = 'ASKED') THEN
        RAISE EXCEPTION '还有等决定的申请，先不再办理' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER rectification_state BEFORE INSERT OR UPDATE ON inspections_rectification
    FOR EACH ROW EXECUTE FUNCTION rectification_state();
ALTER TABLE inspections_rectification ENABLE ALWAYS TRIGGER rectification_state;

-- What an enterprise handed in stays as it is once it was sent.
CREATE OR REPLACE FUNCTION rectification_report() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.sent_at IS NOT NULL THEN
        RAISE EXCEPTION '企业交来的整改报告不能修改' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER rectification_report BEFORE UPDATE ON inspections_rectificationreport
    FOR EACH ROW EXECUTE FUNCTION rectification_report();
ALTER TABLE inspections_rectificationreport ENABLE ALWAYS TRIGGER rectification_report;

-- The lines of a report stay with it.
CREATE OR REPLACE FUNCTION rectification_line() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM inspections_rectificationreport r WHERE r.id = NEW.report_id AND r.sent_at IS NOT NULL) THEN
        RAISE EXCEPTION '企业交来的整改报告不能修改' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER rectification_line BEFORE INSERT OR UPDATE ON inspections_reportline
    FOR EACH ROW EXECUTE FUNCTION rectification_line();
ALTER TABLE inspections_reportline ENABLE ALWAYS TRIGGER rectification_line;

-- A file leaves a draft that nobody has been given; what was handed in stays whole (四(3)-b).
CREATE OR REPLACE FUNCTION rectification_file() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    of_line bigint := CASE WHEN TG_OP = 'INSERT' THEN NEW.line_id ELSE OLD.line_id END;
BEGIN
    IF TG_OP = 'UPDATE' OR EXISTS (
        SELECT 1 FROM inspections_reportline l JOIN inspections_rectificationreport r ON r.id = l.report_id
        WHERE l.id = of_line AND r.sent_at IS NOT NULL) THEN
        RAISE EXCEPTION '企业交来的整改报告不能修改' USING ERRCODE = '23514';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE OR REPLACE TRIGGER rectification_file BEFORE INSERT OR UPDATE OR DELETE ON inspections_reportfile
    FOR EACH ROW EXECUTE FUNCTION rectification_file();
ALTER TABLE inspections_reportfile ENABLE ALWAYS TRIGGER rectification_file;

-- What was decided is decided once.
CREATE OR REPLACE FUNCTION rectification_act() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'ASKED' OR NEW.decided_by_id IS NOT NULL THEN
            RAISE EXCEPTION '先提出，再由另一人决定' USING ERRCODE = '23514';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state <> 'ASKED' OR (to_jsonb(NEW) - ARRAY['state', 'decided_by_id', 'decided_at', 'opinion'])
       IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['state', 'decided_by_id', 'decided_at', 'opinion']) THEN
        RAISE EXCEPTION '决定过的申请不能修改' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER rectification_act BEFORE INSERT OR UPDATE ON inspections_rectificationact
    FOR EACH ROW EXECUTE FUNCTION rectification_act();
ALTER TABLE inspections_rectificationact ENABLE ALWAYS TRIGGER rectification_act;
