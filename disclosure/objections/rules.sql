-- 更正与申诉: the decision is public only after the act (四(3)-f, 八(二)-c).
-- needs disclosure/rules.sql benxi_shuangsuiji/database/guards.sql

-- An answer to an objection is what one person proposed and another approved, and what it changed was decided with it.
CREATE OR REPLACE FUNCTION decision_has_its_act() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE said jsonb := NEW.text::jsonb;
BEGIN
    IF NOT EXISTS (
        SELECT FROM disclosure_objection o JOIN disclosure_ruling r ON r.objection_id = o.id
        LEFT JOIN disclosure_revision v ON v.id = r.revision_id
        WHERE o.receipt = NEW.no AND o.state = 'DECIDED' AND r.state = 'APPROVED'
          AND r.decided_by_id = NEW.published_by_id AND r.asked_by_id <> r.decided_by_id
          AND (said ->> 'outcome', said ->> 'reason') = (r.outcome::text, r.reason::text)
          AND (r.revision_id IS NULL OR v.state = 'APPROVED' AND v.receipt = o.receipt)
    ) THEN
        RAISE EXCEPTION '异议答复要先由一人提出、另一人批准' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER decision_has_its_act BEFORE INSERT ON disclosure_publication
    FOR EACH ROW WHEN (NEW.kind = 'DECISION' AND NEW.version = 1) EXECUTE FUNCTION decision_has_its_act();
ALTER TABLE disclosure_publication ENABLE ALWAYS TRIGGER decision_has_its_act;

-- What was asked stays as it was taken in; it is decided or taken back once (四(3)-f).
CREATE OR REPLACE TRIGGER states_move BEFORE INSERT OR UPDATE ON disclosure_objection
    FOR EACH ROW EXECUTE FUNCTION states_move('state', 'OPEN', 'OPEN>DECIDED OPEN>TAKEN_BACK');
ALTER TABLE disclosure_objection ENABLE ALWAYS TRIGGER states_move;
CREATE OR REPLACE TRIGGER stays_but BEFORE UPDATE ON disclosure_objection
    FOR EACH ROW EXECUTE FUNCTION stays_but('state', 'ended_at', 'more', 'more_on', 'more_until', 'more_given_on',
        'late_reason');
ALTER TABLE disclosure_objection ENABLE ALWAYS TRIGGER stays_but;
CREATE OR REPLACE TRIGGER written_once BEFORE UPDATE ON disclosure_objection
    FOR EACH ROW EXECUTE FUNCTION written_once('ended_at', 'more', 'more_on', 'more_until', 'more_given_on');
ALTER TABLE disclosure_objection ENABLE ALWAYS TRIGGER written_once;
-- The key of who asked is destroyed when its time is over, and not before: neither is he forgotten while his objection is
-- handled, nor does anybody make an answer impossible (domain.md 7.8). At least twelve months, as the page says.
CREATE OR REPLACE FUNCTION applicant_key_goes() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM disclosure_applicant a JOIN disclosure_objection o ON o.id = a.objection_id
        WHERE a.id = OLD.applicant_id AND o.ended_at <= sj_now() - interval '12 months') THEN
        RAISE EXCEPTION '申请人的信息在办结满 12 个月以后才删除' USING ERRCODE = '23514';
    END IF;
    RETURN OLD;
END $$;
CREATE OR REPLACE TRIGGER applicant_key_goes BEFORE DELETE ON disclosure_applicantkey
    FOR EACH ROW EXECUTE FUNCTION applicant_key_goes();
ALTER TABLE disclosure_applicantkey ENABLE ALWAYS TRIGGER applicant_key_goes;
