-- 季度抽查工作计划 once its list is sealed (七(二)-d).
-- needs benxi_shuangsuiji/database/guards.sql

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

-- A plan moves only along its states; who submitted and approved it, and when, is written with them; past the planner's hands it
-- keeps its content and its rows (S6).
CREATE OR REPLACE TRIGGER states_move BEFORE INSERT OR UPDATE ON plans_quarterlyplan
    FOR EACH ROW EXECUTE FUNCTION states_move('status', 'DRAFT',
        'DRAFT>SUBMITTED SUBMITTED>RETURNED SUBMITTED>APPROVED RETURNED>SUBMITTED APPROVED>PUBLISHED PUBLISHED>DRAFT');
ALTER TABLE plans_quarterlyplan ENABLE ALWAYS TRIGGER states_move;
CREATE OR REPLACE TRIGGER written_submitted BEFORE UPDATE ON plans_quarterlyplan
    FOR EACH ROW EXECUTE FUNCTION written_with('status', 'SUBMITTED', 'submitted_at', 'submitted_by_id');
ALTER TABLE plans_quarterlyplan ENABLE ALWAYS TRIGGER written_submitted;
CREATE OR REPLACE TRIGGER written_approved BEFORE UPDATE ON plans_quarterlyplan
    FOR EACH ROW EXECUTE FUNCTION written_with('status', 'APPROVED', 'approved_at', 'approved_by_id', 'approved_strata');
ALTER TABLE plans_quarterlyplan ENABLE ALWAYS TRIGGER written_approved;
CREATE OR REPLACE TRIGGER written_published BEFORE UPDATE ON plans_quarterlyplan
    FOR EACH ROW EXECUTE FUNCTION written_with('status', 'PUBLISHED', 'published_at');
ALTER TABLE plans_quarterlyplan ENABLE ALWAYS TRIGGER written_published;
CREATE OR REPLACE TRIGGER stays_while BEFORE UPDATE ON plans_quarterlyplan
    FOR EACH ROW EXECUTE FUNCTION stays_while('status', 'DRAFT RETURNED', 'version saved_at submitted_by_id submitted_at'
        ' approved_by_id approved_at approved_strata opinion policy_version published_at received_at late_reason');
ALTER TABLE plans_quarterlyplan ENABLE ALWAYS TRIGGER stays_while;
CREATE OR REPLACE TRIGGER rows_stay BEFORE INSERT OR UPDATE OR DELETE ON plans_planstratum
    FOR EACH ROW EXECUTE FUNCTION rows_stay('plan_id', 'plans_quarterlyplan', 'status', 'DRAFT RETURNED');
ALTER TABLE plans_planstratum ENABLE ALWAYS TRIGGER rows_stay;
CREATE OR REPLACE TRIGGER rows_stay BEFORE INSERT OR UPDATE OR DELETE ON plans_planitem
    FOR EACH ROW EXECUTE FUNCTION rows_stay('plan_id', 'plans_quarterlyplan', 'status', 'DRAFT RETURNED');
ALTER TABLE plans_planitem ENABLE ALWAYS TRIGGER rows_stay;
CREATE OR REPLACE TRIGGER rows_stay BEFORE INSERT OR UPDATE OR DELETE ON plans_plansource
    FOR EACH ROW EXECUTE FUNCTION rows_stay('plan_id', 'plans_quarterlyplan', 'status', 'DRAFT RETURNED');
ALTER TABLE plans_plansource ENABLE ALWAYS TRIGGER rows_stay;
