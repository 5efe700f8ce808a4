-- 更正 of wrongly typed public values (SSJ1 9.1, 14.4, 15 D2, D5): a further run of a draw needs an approved correction of
-- its own, typed alike by two people.
-- needs plans/draw/rules.sql benxi_shuangsuiji/accounts/rules.sql

-- The value that holds: that of the last approved correction about this source (before another one), or what was agreed.
-- With the owner's rights: it is public from that moment on, also to the login that reads no entry (plans/draw/public.sql).
CREATE OR REPLACE FUNCTION draw_value_valid(the_draw bigint, the_position integer, before_correction bigint DEFAULT NULL) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(
        (SELECT e.value FROM plans_valueentry e JOIN plans_correctionrequest c ON c.id = e.correction_id
         WHERE e.draw_id = the_draw AND e.position = the_position AND c.state = 'APPROVED'
           AND (before_correction IS NULL OR c.id < before_correction)
         ORDER BY c.id DESC LIMIT 1),
        draw_value_agreed(the_draw, the_position))
$$;

-- Whether somebody may approve one: 分管负责人 of the unit, or a 监督员 of the city team.
CREATE OR REPLACE FUNCTION decides_corrections(the_user bigint, the_unit bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT leads_unit(the_user, the_unit) OR EXISTS (SELECT 1 FROM accounts_rolegrant g WHERE g.user_id = the_user
        AND g.role = 'SUPERVISOR' AND g.ended_at IS NULL
        AND g.valid_from <= (sj_now() AT TIME ZONE 'Asia/Shanghai')::date
        AND (g.valid_to IS NULL OR g.valid_to >= (sj_now() AT TIME ZONE 'Asia/Shanghai')::date))
$$;

-- Asked for by one, approved by another who had no hand in the wrong value, each having typed the right one; decided once.
CREATE OR REPLACE FUNCTION correction_request() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE the_draw plans_draw;
BEGIN
    SELECT * INTO STRICT the_draw FROM plans_draw WHERE id = NEW.draw_id FOR UPDATE;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'ASKED' OR NEW.decided_by_id IS NOT NULL
           OR the_draw.status NOT IN ('FROZEN', 'DRAWN', 'RELEASED') THEN
            RAISE EXCEPTION '更正先申请，再由另一人批准' USING ERRCODE = '23514';
        END IF;
        NEW.asked_at := sj_now();
        RETURN NEW;
    END IF;
    IF OLD.state <> 'ASKED'
       OR (NEW.id, NEW.draw_id, NEW.reason, NEW.evidence, NEW.scan_id, NEW.asked_by_id, NEW.asked_at) IS DISTINCT FROM
          (OLD.id, OLD.draw_id, OLD.reason, OLD.evidence, OLD.scan_id, OLD.asked_by_id, OLD.asked_at) THEN
        RAISE EXCEPTION '更正申请不能修改' USING ERRCODE = '23514';
    END IF;
    IF NEW.state <> 'APPROVED' THEN RETURN NEW; END IF;
    NEW.decided_at := sj_now();
    IF the_draw.status NOT IN ('FROZEN', 'DRAWN', 'RELEASED')
       OR NEW.run IS DISTINCT FROM (CASE the_draw.status WHEN 'FROZEN' THEN 1 ELSE the_draw.run + 1 END) THEN
        RAISE EXCEPTION '更正只能接在这次抽取最后一次计算之后' USING ERRCODE = '23514';
    END IF;
    IF NEW.decided_by_id IS NULL OR NEW.decided_by_id = NEW.asked_by_id
       OR NOT decides_corrections(NEW.decided_by_id, the_draw.unit_id) THEN
        RAISE EXCEPTION '更正要由另一位本单位分管负责人或市执法队监督员批准' USING ERRCODE = '23514';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM plans_valueentry WHERE correction_id = NEW.id) OR EXISTS (
           SELECT 1 FROM plans_valueentry WHERE correction_id = NEW.id GROUP BY position
           HAVING count(*) <> 2 OR min(value) <> max(value)
               OR NOT bool_or(entered_by_id = NEW.asked_by_id) OR NOT bool_or(entered_by_id = NEW.decided_by_id)
               OR min(value) = draw_value_valid(NEW.draw_id, position, NEW.id)) THEN
        RAISE EXCEPTION '更正的号码要由申请人和批准人各自录入，两人一致，与原来的不同' USING ERRCODE = '23514';  -- D5
    END IF;
    IF EXISTS (SELECT 1 FROM plans_valueentry mine JOIN plans_valueentry wrong
               ON wrong.draw_id = mine.draw_id AND wrong.position = mine.position AND wrong.entered_by_id = NEW.decided_by_id
               WHERE mine.correction_id = NEW.id AND wrong.value = draw_value_valid(NEW.draw_id, mine.position, NEW.id)) THEN
        RAISE EXCEPTION '录错号码的人不能批准更正' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER correction_request BEFORE INSERT OR UPDATE ON plans_correctionrequest
    FOR EACH ROW EXECUTE FUNCTION correction_request();
ALTER TABLE plans_correctionrequest ENABLE ALWAYS TRIGGER correction_request;

-- At commit: what was drawn with the wrong values has been computed anew with the right ones.
CREATE OR REPLACE FUNCTION correction_complete() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM plans_drawdocument WHERE draw_id = NEW.draw_id AND kind = 'SEED' AND run = NEW.run
                   AND born = this_transaction()) THEN
        RAISE EXCEPTION '更正不完整：种子和结果应一起写入' USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS correction_complete ON plans_correctionrequest;
CREATE CONSTRAINT TRIGGER correction_complete AFTER UPDATE ON plans_correctionrequest DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.state = 'APPROVED' AND NEW.run > 1) EXECUTE FUNCTION correction_complete();
ALTER TABLE plans_correctionrequest ENABLE ALWAYS TRIGGER correction_complete;

-- The run that holds moves on by one, with the RESULT of that run.
CREATE OR REPLACE FUNCTION draw_run() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.run = 1 THEN RETURN NEW; END IF;
    ELSIF NEW.run = OLD.run THEN
        RETURN NEW;
    ELSIF NEW.run = OLD.run + 1 AND NEW.status = OLD.status AND EXISTS (
        SELECT 1 FROM plans_drawdocument WHERE draw_id = NEW.id AND kind = 'RESULT' AND run = NEW.run
        AND born = this_transaction()) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '第几次计算只随更正的结果加一' USING ERRCODE = '23514';
END $$;
CREATE OR REPLACE TRIGGER draw_run BEFORE INSERT OR UPDATE ON plans_draw FOR EACH ROW EXECUTE FUNCTION draw_run();
ALTER TABLE plans_draw ENABLE ALWAYS TRIGGER draw_run;
