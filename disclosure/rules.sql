-- Frozen publications (四(3)-a, 八(二)-d).
-- needs benxi_shuangsuiji/database/clock.sql

-- The text is what was published, to the byte (PUB1 §1).
ALTER TABLE disclosure_publication
    DROP CONSTRAINT IF EXISTS digest_is_that_of_the_text,
    ADD CONSTRAINT digest_is_that_of_the_text CHECK (digest = encode(sha256(convert_to(text, 'UTF8')), 'hex'));

-- When something was published is written by the database, whatever the caller says, and versions count on without a
-- gap: nothing is dated back, and nothing slips in behind an earlier version. Its text says the same as its columns, and
-- after a withdrawal only clean words follow (PUB1 §1, §2).
CREATE OR REPLACE FUNCTION publication_stamp() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE said jsonb := NEW.text::jsonb; last record;
BEGIN
    PERFORM pg_advisory_xact_lock(715150003);  -- one after the other, as the register has them (PUB1 §2)
    NEW.published_at := sj_now();
    SELECT p.version, p.state, p.issued_at INTO last FROM disclosure_publication p
        WHERE (p.kind, p.no) = (NEW.kind, NEW.no) ORDER BY p.version DESC LIMIT 1;
    NEW.issued_at := coalesce(last.issued_at, NEW.published_at);
    IF NEW.version <> 1 + coalesce(last.version, 0) THEN
        RAISE EXCEPTION '公示的版本号依次递增' USING ERRCODE = '23514';
    END IF;
    IF last.state = 'WITHDRAWN' AND NEW.state <> 'CORRECTED' THEN
        RAISE EXCEPTION '撤下以后只能更正' USING ERRCODE = '23514';
    END IF;
    IF (said ->> 'kind', said ->> 'no', said -> 'version', coalesce(said ->> 'change', ''))
       IS DISTINCT FROM (NEW.kind::text, NEW.no::text, to_jsonb(NEW.version), NEW.change::text)
       OR coalesce(said ->> 'salt', '') !~ '^[0-9a-f]{32}$' THEN
        RAISE EXCEPTION '公示原文与登记的种类、编号、版本或变动不同' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER publication_stamp BEFORE INSERT ON disclosure_publication
    FOR EACH ROW EXECUTE FUNCTION publication_stamp();
ALTER TABLE disclosure_publication ENABLE ALWAYS TRIGGER publication_stamp;

-- Which publications hold a part of a word, by the index of the search. For everybody's login a function of the same name
-- leaves out what is sealed (benxi_shuangsuiji/database/shown.py). No search path of its own, so that it is planned as a part
-- of the query that asks.
CREATE OR REPLACE FUNCTION publications_holding(pattern text) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
    SELECT p.id FROM disclosure_publication p WHERE p.search_text LIKE pattern
$$;
