-- No publication without its act (四(3)-a, 八(二)-c): what the program asks before it publishes, the database asks as well.
-- needs disclosure/rules.sql

-- Words as they are compared: in one form of their characters, without the spaces and line ends that a text keeps otherwise.
CREATE OR REPLACE FUNCTION public_words(words text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT regexp_replace(normalize(coalesce(words, ''), NFC), '[\s\u001c-\u001f\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]', '', 'g')
$$;

-- Refused to every login but the owner's: a result that nobody else reviewed, a list or plan that was not approved, a step
-- that was not handed over, a correction or withdrawal for which nobody asked, a summary by another than the lead office, a summary of
-- the self-check that the lead office did not count and a supervisor let through just now.
-- A result and a step say what the check and the step say. What the register says of itself, and the first version of a kind of
-- another room, are looked at there; a kind that nobody has named here is public by no act.
CREATE OR REPLACE FUNCTION publication_has_its_act() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE has boolean := false; said jsonb := NEW.text::jsonb; today date := (sj_now() AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
    IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
        RETURN NULL;
    ELSIF NEW.change IN ('correction', 'withdrawal') THEN
        SELECT EXISTS (SELECT FROM disclosure_revision r JOIN disclosure_publication p ON p.id = r.publication_id
            WHERE r.state = 'ASKED' AND r.asked_by_id <> NEW.published_by_id AND ((p.kind, p.no) = (NEW.kind, NEW.no)
                OR NEW.change = 'withdrawal' AND NEW.kind <> 'RESULT' AND p.kind = 'RESULT' AND starts_with(NEW.no, p.no || '-')))
            OR NEW.kind = 'STATEMENT' AND NEW.change = 'withdrawal' AND EXISTS (
                SELECT FROM disclosure_ownwords w WHERE w.no = NEW.no AND w.taken_back_at IS NOT NULL) INTO has;
    ELSIF NEW.kind = 'RESULT' THEN
        SELECT EXISTS (SELECT FROM inspections_inspection i JOIN registry_facility f ON f.id = i.facility_id
            WHERE i.no = NEW.no AND i.status = 'REVIEWED'
            AND i.reviewed_by_id <> i.recorded_by_id AND NEW.published_by_id NOT IN (i.recorded_by_id, i.reviewed_by_id)
            AND (said #>> '{facility,code}', said ->> 'outcome', public_words(said ->> 'finding'))
              = (f.code::text, i.outcome::text, public_words(i.finding))) INTO has;
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
            AND f.published_at IS NULL AND f.by_id <> NEW.published_by_id
            AND (said ->> 'step', public_words(said ->> 'words')) = (f.step::text, public_words(f.words))) INTO has;
    ELSIF NEW.kind IN ('REGISTER', 'STATEMENT', 'DECISION') THEN
        has := NEW.version = 1;
    ELSIF NEW.kind IN ('SUMMARY', 'RESULT_SUM') THEN
        SELECT EXISTS (SELECT FROM accounts_rolegrant g WHERE g.user_id = NEW.published_by_id AND g.role = 'LEAD_OFFICE'
            AND g.ended_at IS NULL AND g.valid_from <= today AND (g.valid_to IS NULL OR g.valid_to >= today)) INTO has;
    ELSIF NEW.kind = 'SELF_CHECK' THEN
        SELECT EXISTS (SELECT FROM inspections_selfchecksummary s WHERE concat(s.year, 'Q', s.number) = NEW.no
            AND s.state = 'APPROVED' AND s.decided_by_id = NEW.published_by_id AND s.asked_by_id <> s.decided_by_id
            AND is_of_this_transaction(s.decided_at)
            AND s.facts = said - ARRAY['kind', 'no', 'version', 'salt', 'change']
            AND EXISTS (SELECT FROM accounts_rolegrant g WHERE g.user_id = s.decided_by_id AND g.role = 'SUPERVISOR'
                AND g.ended_at IS NULL AND g.valid_from <= today AND (g.valid_to IS NULL OR g.valid_to >= today))
            AND EXISTS (SELECT FROM accounts_rolegrant g WHERE g.user_id = s.asked_by_id AND g.role = 'LEAD_OFFICE'
                AND (g.ended_at IS NULL OR g.ended_at >= s.asked_at)  -- on the day he asked: he may hold another post by now
                AND g.valid_from <= (s.asked_at AT TIME ZONE 'Asia/Shanghai')::date
                AND (g.valid_to IS NULL OR g.valid_to >= (s.asked_at AT TIME ZONE 'Asia/Shanghai')::date)))
            AND (SELECT count(*) FROM disclosure_publication p WHERE (p.kind, p.no) = (NEW.kind, NEW.no)
                AND p.change NOT IN ('correction', 'withdrawal'))
             <= (SELECT count(*) FROM inspections_selfchecksummary s WHERE concat(s.year, 'Q', s.number) = NEW.no
                AND s.state = 'APPROVED') INTO has;  -- each is let through once
    END IF;
    IF NOT has THEN
        RAISE EXCEPTION '这份公示没有相应的办理，不能公开' USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER publication_has_its_act AFTER INSERT ON disclosure_publication FOR EACH ROW
    WHEN (NEW.kind NOT IN ('HEADS', 'KEY', 'LOG')) EXECUTE FUNCTION publication_has_its_act();
ALTER TABLE disclosure_publication ENABLE ALWAYS TRIGGER publication_has_its_act;

-- Before a transaction ends, its correction or withdrawal has been decided by whoever published it, and says what was
-- decided: the request is only asked while its text is written.
CREATE OR REPLACE FUNCTION change_was_decided() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE said jsonb := NEW.text::jsonb;
BEGIN
    IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE')
       OR EXISTS (
        SELECT FROM disclosure_revision r JOIN disclosure_publication p ON p.id = r.publication_id
        WHERE r.state = 'APPROVED' AND r.decided_by_id = NEW.published_by_id AND r.asked_by_id <> r.decided_by_id
          AND CASE WHEN NEW.change = 'correction' THEN r.became_id = NEW.id AND r.act <> 'WITHDRAW' AND NOT EXISTS (
                  SELECT FROM jsonb_each_text(r.changes) c WHERE public_words(c.value) IS DISTINCT FROM public_words(
                      CASE WHEN jsonb_typeof(said #> string_to_array(c.key, '.')) = 'array' THEN (SELECT string_agg(line, '')
                          FROM jsonb_array_elements_text(said #> string_to_array(c.key, '.')) line)
                      ELSE said #>> string_to_array(c.key, '.') END))
              ELSE r.act <> 'CORRECT' AND ((p.kind, p.no, p.version + 1) = (NEW.kind, NEW.no, NEW.version)
                  OR p.kind = 'RESULT' AND NEW.kind <> 'RESULT' AND starts_with(NEW.no, p.no || '-')
                      AND r.decided_at > NEW.published_at - interval '1 minute') END)
       OR NEW.kind = 'STATEMENT' AND NEW.change = 'withdrawal' AND EXISTS (
        SELECT FROM disclosure_ownwords w WHERE w.no = NEW.no AND w.taken_back_at IS NOT NULL) THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '更正或者撤下没有经另一人决定，不能公开' USING ERRCODE = '23514';
END $$;
DROP TRIGGER IF EXISTS change_was_decided ON disclosure_publication;
CREATE CONSTRAINT TRIGGER change_was_decided AFTER INSERT ON disclosure_publication DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.change IN ('correction', 'withdrawal')) EXECUTE FUNCTION change_was_decided();
ALTER TABLE disclosure_publication ENABLE ALWAYS TRIGGER change_was_decided;
