-- No publication without its act (四(3)-a, 八(二)-c): what the program asks before it publishes, the database asks as well.
-- needs disclosure/rules.sql

-- Refused to every login but the owner's: a result that nobody else reviewed, a list or plan that was not approved, a step
-- that was not handed over, a correction or withdrawal for which nobody asked, a summary by another than the lead office.
-- What the register says of itself, and the kinds of other rooms, are looked at there.
CREATE OR REPLACE FUNCTION publication_has_its_act() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE has boolean; today date := (sj_now() AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
    IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
        RETURN NULL;
    ELSIF NEW.change IN ('correction', 'withdrawal') THEN
        SELECT EXISTS (SELECT FROM disclosure_revision r JOIN disclosure_publication p ON p.id = r.publication_id
            WHERE r.state = 'ASKED' AND r.asked_by_id <> NEW.published_by_id AND ((p.kind, p.no) = (NEW.kind, NEW.no)
                OR NEW.change = 'withdrawal' AND NEW.kind <> 'RESULT' AND p.kind = 'RESULT' AND starts_with(NEW.no, p.no || '-')))
        INTO has;
    ELSIF NEW.kind = 'RESULT' THEN
        SELECT EXISTS (SELECT FROM inspections_inspection i WHERE i.no = NEW.no AND i.status = 'REVIEWED'
            AND i.reviewed_by_id <> i.recorded_by_id AND i.recorded_by_id <> NEW.published_by_id) INTO has;
    ELSIF NEW.kind = 'PLAN' THEN
        SELECT EXISTS (SELECT FROM plans_quarterlyplan q JOIN accounts_unit u ON u.id = q.unit_id
            WHERE concat(u.code, '-', q.year, 'Q', q.number) = NEW.no AND q.status = 'APPROVED'
              AND NEW.published_by_id IS DISTINCT FROM q.created_by_id AND NEW.published_by_id IS DISTINCT FROM q.submitted_by_id) INTO has;
    ELSIF NEW.kind = 'ITEM_LIST' THEN
        SELECT EXISTS (SELECT FROM plans_itemlist l JOIN accounts_unit u ON u.id = l.unit_id
            WHERE concat(u.code, '-', l.year) = NEW.no AND l.status = 'APPROVED'
              AND NEW.published_by_id IS DISTINCT FROM l.created_by_id AND NEW.published_by_id IS DISTINCT FROM l.submitted_by_id) INTO has;
    ELSIF NEW.kind IN ('RECTIFICATION', 'CASE', 'REFERRAL') THEN
        SELECT EXISTS (SELECT FROM inspections_followup f WHERE f.no = NEW.no AND f.kind = NEW.kind
            AND f.published_at IS NULL AND f.by_id <> NEW.published_by_id) INTO has;
    ELSE
        SELECT EXISTS (SELECT FROM accounts_rolegrant g WHERE g.user_id = NEW.published_by_id AND g.role = 'LEAD_OFFICE'
            AND g.ended_at IS NULL AND g.valid_from <= today AND (g.valid_to IS NULL OR g.valid_to >= today)) INTO has;
    END IF;
    IF NOT has THEN
        RAISE EXCEPTION '这份公示没有相应的办理，不能公开' USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER publication_has_its_act AFTER INSERT ON disclosure_publication FOR EACH ROW
    WHEN (NEW.kind IN ('RESULT', 'PLAN', 'ITEM_LIST', 'SUMMARY', 'RESULT_SUM', 'RECTIFICATION', 'CASE', 'REFERRAL'))
    EXECUTE FUNCTION publication_has_its_act();
ALTER TABLE disclosure_publication ENABLE ALWAYS TRIGGER publication_has_its_act;
