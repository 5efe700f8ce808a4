-- A case goes step by step, each on the word of two people; what was decided in it stays (八(二)-e; 行政处罚法 57, 58).
-- needs benxi_shuangsuiji/database/clock.sql benxi_shuangsuiji/accounts/rules.sql

-- A case moves only along its states.
CREATE OR REPLACE FUNCTION case_moves() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE fixed text[] := ARRAY['state', 'decided_by_id', 'decided_at', 'opinion', 'document_no', 'filed_on', 'review_ground'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION '案件不能删除' USING ERRCODE = '23514';
    ELSIF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'ASKED' THEN RAISE EXCEPTION '案件先提出，再由另一人批准' USING ERRCODE = '23514'; END IF;
        RETURN NEW;
    END IF;
    IF (OLD.state, NEW.state) NOT IN (('ASKED', 'APPROVED'), ('ASKED', 'RETURNED'), ('APPROVED', 'DECIDED'), ('DECIDED', 'ENDED'))
       AND OLD.state <> NEW.state THEN
        RAISE EXCEPTION '案件一步一步办理，不能跳过' USING ERRCODE = '23514';
    END IF;
    IF to_jsonb(NEW) - fixed IS DISTINCT FROM to_jsonb(OLD) - fixed
       OR OLD.state <> 'ASKED' AND (NEW.decided_by_id, NEW.decided_at, NEW.document_no, NEW.filed_on)
          IS DISTINCT FROM (OLD.decided_by_id, OLD.decided_at, OLD.document_no, OLD.filed_on) THEN
        RAISE EXCEPTION '案件办过的内容不能修改' USING ERRCODE = '23514';
    END IF;
    IF NEW.state = 'APPROVED' AND OLD.state = 'ASKED'
       AND NOT leads_unit(NEW.decided_by_id, (SELECT unit_id FROM inspections_inspection WHERE id = NEW.inspection_id)) THEN
        RAISE EXCEPTION '立案由本单位分管负责人批准' USING ERRCODE = '23514';
    END IF;
    IF NEW.state <> OLD.state AND NEW.state IN ('DECIDED', 'ENDED') AND NOT EXISTS (
           SELECT 1 FROM inspections_caseact a WHERE a.case_id = NEW.id AND a.state = 'APPROVED'
           AND a.kind = CASE NEW.state WHEN 'DECIDED' THEN 'VERDICT' ELSE 'ENDING' END) THEN
        RAISE EXCEPTION '作出决定和结案都要经另一人批准' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER case_moves BEFORE INSERT OR UPDATE OR DELETE ON inspections_case
    FOR EACH ROW EXECUTE FUNCTION case_moves();
ALTER TABLE inspections_case ENABLE ALWAYS TRIGGER case_moves;

-- What was decided about a case is decided once.
CREATE OR REPLACE FUNCTION case_act_moves() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE the_case inspections_case; unit bigint;
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND OLD.state <> 'ASKED' THEN
        RAISE EXCEPTION '案件里决定过的事项不能修改' USING ERRCODE = '23514';
    END IF;
    SELECT * INTO STRICT the_case FROM inspections_case WHERE id = NEW.case_id;
    IF the_case.state <> (CASE NEW.kind WHEN 'ENDING' THEN 'DECIDED' ELSE 'APPROVED' END) THEN
        RAISE EXCEPTION '案件还没有办到这一步' USING ERRCODE = '23514';
    END IF;
    IF TG_OP = 'INSERT' AND NEW.state <> 'ASKED' THEN
        RAISE EXCEPTION '案件里的事项先提出，再由另一人批准' USING ERRCODE = '23514';
    END IF;
    IF NEW.state <> 'APPROVED' THEN RETURN NEW; END IF;
    SELECT unit_id INTO STRICT unit FROM inspections_inspection WHERE id = the_case.inspection_id;
    IF NEW.kind <> 'REVIEW' AND NOT leads_unit(NEW.decided_by_id, unit) OR NEW.decided_by_id = the_case.asked_by_id THEN
        RAISE EXCEPTION '案件里的事项由没有承办的分管负责人批准' USING ERRCODE = '23514';
    END IF;
    IF NEW.kind = 'VERDICT' AND the_case.review_ground <> '' AND NOT EXISTS (
           SELECT 1 FROM inspections_caseact a WHERE a.case_id = NEW.case_id AND a.kind = 'REVIEW' AND a.state = 'APPROVED'
           AND a.decided_by_id <> NEW.decided_by_id) THEN
        RAISE EXCEPTION '应当法制审核的，由另一人审核通过以后才能作出决定' USING ERRCODE = '23514';
    END IF;
    IF NEW.kind = 'VERDICT' AND NEW.discussion_ground <> '' AND NOT EXISTS (
           SELECT 1 FROM inspections_caseact a WHERE a.case_id = NEW.case_id AND a.kind = 'DISCUSSED' AND a.state = 'APPROVED') THEN
        RAISE EXCEPTION '应当集体讨论的，讨论以后才能作出决定' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER case_act_moves BEFORE INSERT OR UPDATE OR DELETE ON inspections_caseact
    FOR EACH ROW EXECUTE FUNCTION case_act_moves();
ALTER TABLE inspections_caseact ENABLE ALWAYS TRIGGER case_act_moves;
