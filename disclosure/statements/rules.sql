-- 企业说明 is public only in the words of the enterprise, let through by two people (四(3)-f).
-- needs disclosure/rules.sql

-- What becomes public is what the enterprise handed in, to the letter, and what it has not taken back.
CREATE OR REPLACE FUNCTION statement_has_its_act() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE said jsonb := NEW.text::jsonb;
BEGIN
    IF NOT EXISTS (
        SELECT FROM disclosure_ownwords w JOIN disclosure_wordsrequest r ON r.words_id = w.id
        WHERE w.no = NEW.no AND w.words = said ->> 'words' AND w.returned_at IS NULL AND w.taken_back_at IS NULL
          AND r.state = 'APPROVED' AND r.decided_by_id = NEW.published_by_id AND r.asked_by_id <> r.decided_by_id
    ) THEN
        RAISE EXCEPTION '企业说明要由一人提出、另一人批准，原样公开' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER statement_has_its_act BEFORE INSERT ON disclosure_publication
    FOR EACH ROW WHEN (NEW.kind = 'STATEMENT' AND NEW.version = 1) EXECUTE FUNCTION statement_has_its_act();
ALTER TABLE disclosure_publication ENABLE ALWAYS TRIGGER statement_has_its_act;
