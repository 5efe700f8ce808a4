-- 季度抽查工作计划 once its list is sealed (七(二)-d).

-- The plan stays published, whatever the code above says. The row is locked by the update itself; sealing takes the same
-- lock first (`seal_draw`).
CREATE OR REPLACE FUNCTION plan_stays_once_sealed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.status = 'PUBLISHED' AND NEW.status <> 'PUBLISHED' AND EXISTS (
        SELECT 1 FROM plans_draw WHERE plan_id = OLD.id AND status IN ('FROZEN', 'DRAWN', 'RELEASED')) THEN
        RAISE EXCEPTION '名单已经封存，计划不能再改' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER plan_stays_once_sealed BEFORE UPDATE ON plans_quarterlyplan
    FOR EACH ROW EXECUTE FUNCTION plan_stays_once_sealed();
ALTER TABLE plans_quarterlyplan ENABLE ALWAYS TRIGGER plan_stays_once_sealed;
