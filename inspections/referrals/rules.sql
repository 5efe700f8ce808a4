-- A referral goes step by step; what was noted of a step stays (八(二)-f).
-- needs benxi_shuangsuiji/database/clock.sql benxi_shuangsuiji/accounts/rules.sql

-- A referral moves only along its states.
CREATE OR REPLACE FUNCTION referral_moves() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE moving text[] := ARRAY['state'] || CASE OLD.state
    WHEN 'ASKED' THEN ARRAY['decided_by_id', 'decided_at', 'opinion', 'document_no']
    WHEN 'APPROVED' THEN ARRAY['sent_at', 'sent_by_id', 'sent_way']
    WHEN 'SENT' THEN ARRAY['receipt_on', 'receipt_no', 'receipt_words']
    WHEN 'TAKEN' THEN ARRAY['answered_on', 'answer_no', 'answer'] ELSE '{}' END;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION '移送不能删除' USING ERRCODE = '23514';
    ELSIF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'ASKED' THEN RAISE EXCEPTION '移送先提出，再由另一人批准' USING ERRCODE = '23514'; END IF;
        RETURN NEW;
    END IF;
    IF (OLD.state, NEW.state) NOT IN (('ASKED', 'APPROVED'), ('ASKED', 'RETURNED'), ('APPROVED', 'SENT'), ('SENT', 'TAKEN'),
           ('SENT', 'DECLINED'), ('TAKEN', 'ANSWERED')) THEN
        RAISE EXCEPTION '移送一步一步办理，不能跳过' USING ERRCODE = '23514';
    END IF;
    IF to_jsonb(NEW) - moving IS DISTINCT FROM to_jsonb(OLD) - moving THEN
        RAISE EXCEPTION '移送办过的内容不能修改' USING ERRCODE = '23514';
    END IF;
    IF NEW.state = 'APPROVED'
       AND NOT leads_unit(NEW.decided_by_id, (SELECT unit_id FROM inspections_inspection WHERE id = NEW.inspection_id)) THEN
        RAISE EXCEPTION '移送由本单位分管负责人批准' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER referral_moves BEFORE INSERT OR UPDATE OR DELETE ON inspections_referral
    FOR EACH ROW EXECUTE FUNCTION referral_moves();
ALTER TABLE inspections_referral ENABLE ALWAYS TRIGGER referral_moves;
