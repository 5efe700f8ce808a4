-- 更换 after a draw (七(二)-f, -g; SSJ1 8, 15 D8): asked once, decided once, and the AMEND says what was approved.
-- needs plans/draw/rules.sql

-- A request is decided once; who asked for what, and why, never changes.
CREATE OR REPLACE FUNCTION amendment_request() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'ASKED' OR NEW.decided_by_id IS NOT NULL
           OR NEW.run <> (SELECT d.run FROM plans_draw d WHERE d.id = NEW.draw_id) THEN
            RAISE EXCEPTION '更换先申请，再由另一人批准' USING ERRCODE = '23514';
        END IF;
        NEW.asked_at := sj_now();
        RETURN NEW;
    END IF;
    IF OLD.state <> 'ASKED' OR (NEW.id, NEW.draw_id, NEW.run, NEW.reason, NEW.inspector_id, NEW.evidence, NEW.file_id, NEW.order_no, NEW.asked_by_id, NEW.asked_at)
       IS DISTINCT FROM (OLD.id, OLD.draw_id, OLD.run, OLD.reason, OLD.inspector_id, OLD.evidence, OLD.file_id, OLD.order_no, OLD.asked_by_id, OLD.asked_at) THEN
        RAISE EXCEPTION '更换申请不能修改' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER amendment_request BEFORE INSERT OR UPDATE ON plans_amendmentrequest
    FOR EACH ROW EXECUTE FUNCTION amendment_request();
ALTER TABLE plans_amendmentrequest ENABLE ALWAYS TRIGGER amendment_request;

-- Which objects it is about is written with it, before it is decided.
CREATE OR REPLACE FUNCTION amendment_picks() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM plans_amendmentrequest r JOIN plans_pick p ON p.draw_id = r.draw_id AND p.run = r.run
                   WHERE r.id = NEW.amendmentrequest_id AND p.id = NEW.pick_id AND r.state = 'ASKED') THEN
        RAISE EXCEPTION '更换申请不能修改' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER amendment_picks BEFORE INSERT ON plans_amendmentrequest_picks
    FOR EACH ROW EXECUTE FUNCTION amendment_picks();
ALTER TABLE plans_amendmentrequest_picks ENABLE ALWAYS TRIGGER amendment_picks;

-- An AMEND takes out exactly what its approved request names (七(二)-g; SSJ1 15 D8). A trigger of its own beside
-- `draw_document`, which it follows by its name.
CREATE OR REPLACE FUNCTION draw_document_amend() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE asked plans_amendmentrequest; wanted text[]; given text[];
BEGIN
    SELECT * INTO STRICT asked FROM plans_amendmentrequest WHERE draw_id = NEW.draw_id AND run = NEW.run AND number = NEW.number;
    SELECT array_agg(l ORDER BY l COLLATE "C") INTO wanted FROM (
        SELECT CASE left(asked.reason, 1)
               WHEN 'O' THEN concat_ws(E'\t', 'dropobj', u.code || '.' || p.category, f.code, substr(asked.reason, 3))
               ELSE concat_ws(E'\t', 'dropinsp', f.code, i.code, substr(asked.reason, 3)) END AS l
        FROM plans_amendmentrequest_picks a JOIN plans_pick p ON p.id = a.pick_id JOIN registry_facility f ON f.id = p.facility_id
        JOIN plans_draw d ON d.id = p.draw_id JOIN accounts_unit u ON u.id = d.unit_id
        LEFT JOIN registry_inspector i ON i.id = asked.inspector_id
        WHERE a.amendmentrequest_id = asked.id AND left(asked.reason, 1) IN ('O', 'I')
        UNION ALL
        SELECT concat_ws(E'\t', 'join', i.code) FROM registry_inspector i
        WHERE i.id = asked.inspector_id AND left(asked.reason, 1) = 'J'
    ) lines;
    SELECT array_agg(l ORDER BY l COLLATE "C") INTO given FROM (
        SELECT array_to_string(fields, E'\t') AS l FROM ssj1_lines(NEW.text, 'dropobj')
        UNION ALL SELECT array_to_string(fields, E'\t') FROM ssj1_lines(NEW.text, 'dropinsp')
        UNION ALL SELECT concat_ws(E'\t', 'join', fields[2]) FROM ssj1_lines(NEW.text, 'join')
    ) lines;
    IF wanted IS DISTINCT FROM given THEN
        RAISE EXCEPTION '更换的对象、人员和原因应与批准的申请相同' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER draw_document_amend BEFORE INSERT ON plans_drawdocument FOR EACH ROW
    WHEN (NEW.kind = 'AMEND') EXECUTE FUNCTION draw_document_amend();
ALTER TABLE plans_drawdocument ENABLE ALWAYS TRIGGER draw_document_amend;
