-- What two people typed of a public random source (七(二)-c; SSJ1 5, 15 D5).
-- needs plans/draw/reading.sql

-- The value that two people typed alike: each person's latest entry counts once, whoever typed twice is still one person.
-- Entries of corrections do not count here, but when their correction is approved (`draw_value_valid`).
CREATE OR REPLACE FUNCTION draw_value_agreed(the_draw bigint, the_position integer) RETURNS text
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN count(*) = 1 THEN min(value) END FROM (
        SELECT value FROM (
            SELECT DISTINCT ON (entered_by_id) value FROM plans_valueentry
            WHERE draw_id = the_draw AND position = the_position AND correction_id IS NULL ORDER BY entered_by_id, id DESC
        ) latest GROUP BY value HAVING count(*) >= 2
    ) agreed
$$;

-- What people typed: only for an announced source, only once it is due, and not after two have agreed. With a correction:
-- while it waits for its decision, for a source that two have agreed on.
CREATE OR REPLACE FUNCTION draw_value() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE the_draw plans_draw; due timestamptz;
BEGIN
    NEW.entered_at := sj_now();
    SELECT * INTO STRICT the_draw FROM plans_draw WHERE id = NEW.draw_id FOR UPDATE;
    SELECT s.fields[4]::timestamptz INTO due FROM plans_drawdocument m, ssj1_lines(m.text, 'source') s
    WHERE m.draw_id = NEW.draw_id AND m.kind = 'MANIFEST' AND s.n = NEW.position;
    IF NEW.correction_id IS NOT NULL THEN
        IF draw_value_agreed(NEW.draw_id, NEW.position) IS NULL OR NOT EXISTS (
               SELECT 1 FROM plans_correctionrequest c
               WHERE c.id = NEW.correction_id AND c.draw_id = NEW.draw_id AND c.state = 'ASKED') THEN
            RAISE EXCEPTION '更正的号码只随等批准的更正申请录入' USING ERRCODE = '23514';
        END IF;
    ELSIF the_draw.status <> 'FROZEN' OR due IS NULL OR due > sj_now()
       OR draw_value_agreed(NEW.draw_id, NEW.position) IS NOT NULL THEN
        RAISE EXCEPTION '这项公开随机源现在不能录入' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER draw_value BEFORE INSERT ON plans_valueentry FOR EACH ROW EXECUTE FUNCTION draw_value();
ALTER TABLE plans_valueentry ENABLE ALWAYS TRIGGER draw_value;
