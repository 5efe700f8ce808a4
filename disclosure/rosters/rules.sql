-- Rosters become public with a freeze and as frozen, and are corrected by two people; their rows are laid open for search.
-- needs disclosure/rules.sql disclosure/register/rules.sql plans/draw/rules.sql registry/facilities/rules.sql

-- A roster names exactly the facilities on the books of a sealed draw of its unit and quarter, each in the category in which
-- it is drawn (SSJ1 3.6): nobody learns from it what was entered after the freeze. Later versions come of 更正 alone.
CREATE OR REPLACE FUNCTION roster_is_of_a_freeze() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE said jsonb := NEW.text::jsonb; frozen_as text; differ bigint;
BEGIN
    IF NEW.version > 1 AND NOT EXISTS (
        SELECT 1 FROM disclosure_revision r JOIN disclosure_publication p ON p.id = r.publication_id
        WHERE (p.kind, p.no) = (NEW.kind, NEW.no) AND r.state = 'ASKED' AND r.asked_by_id <> NEW.published_by_id
    ) THEN
        RAISE EXCEPTION '名录公开以后只能由两人更正' USING ERRCODE = '23514';
    END IF;
    IF NEW.state = 'WITHDRAWN' THEN
        RETURN NEW;
    END IF;
    SELECT x.digest INTO frozen_as FROM plans_draw d JOIN accounts_unit u ON u.id = d.unit_id
        JOIN plans_drawdocument x ON x.draw_id = d.id AND x.kind = 'MANIFEST'
        WHERE d.draw_id = said ->> 'draw'
          AND (u.code, d.year::integer, d.number::integer) = (NEW.unit_code, NEW.year::integer, NEW.number::integer);
    IF frozen_as IS NULL OR frozen_as IS DISTINCT FROM said ->> 'manifest'
       OR NEW.no <> NEW.unit_code || '-' || NEW.year || 'Q' || NEW.number THEN
        RAISE EXCEPTION '名录只随名单封存公开' USING ERRCODE = '23514';
    END IF;
    WITH frames AS MATERIALIZED (
        SELECT x.text, ssj1_field(x.text, 'stratum', 2) AS category
        FROM plans_draw d JOIN plans_drawdocument x ON x.draw_id = d.id AND x.kind = 'FRAME'
        WHERE d.draw_id = said ->> 'draw'
    ), frozen AS (
        SELECT l.fields[2] AS code, f.category FROM frames f, ssj1_lines(f.text, 'obj') l
        WHERE l.fields[8] NOT IN ('out:CLOSED', 'out:MOVED')
    )
    SELECT count(*) INTO differ FROM frozen f
        FULL JOIN jsonb_to_recordset(said -> 'rows') AS r (code text, category text) ON (r.code, r.category) = (f.code, f.category)
        WHERE f.code IS NULL OR r.code IS NULL;
    IF differ > 0 THEN
        RAISE EXCEPTION '名录与封存的名单不符' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER roster_is_of_a_freeze BEFORE INSERT ON disclosure_publication
    FOR EACH ROW WHEN (NEW.kind = 'REGISTER') EXECUTE FUNCTION roster_is_of_a_freeze();
ALTER TABLE disclosure_publication ENABLE ALWAYS TRIGGER roster_is_of_a_freeze;

-- The lines that a text lays open: those of a roster, the one of a result. What is written from them is compared with them
-- every day (`disclosure/register/columns.py`).
CREATE OR REPLACE FUNCTION roster_lines(kind text, said jsonb)
RETURNS TABLE (line integer, code text, name text, uscc text, former_names text[], address text, district text,
    industry_code text, industry text, category text, search_text text)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT n.line, n.code, n.name, n.uscc, n.former_names, n.address, n.district, n.industry_code, n.industry, n.category,
        registry_spread(lower(concat_ws(' ', n.name, array_to_string(n.former_names, ' '), n.code, n.uscc, n.address,
            n.district, n.industry)))
    FROM (
        SELECT t.n::integer AS line, r.* FROM jsonb_array_elements(said -> 'rows') WITH ORDINALITY AS t (one, n),
            jsonb_to_record(t.one) AS r (code text, name text, uscc text, former_names text[], address text,
                district text, industry_code text, industry text, category text)
        WHERE roster_lines.kind = 'REGISTER'
        UNION ALL
        SELECT 1, said #>> '{facility,code}', said #>> '{facility,name}', said #>> '{facility,uscc}', '{}', '',
            said ->> 'district', '', '', said ->> 'category'
        WHERE roster_lines.kind = 'RESULT' AND said #>> '{facility,code}' <> ''
    ) n
$$;

-- The rows of a roster, or the one of a result. With the owner's rights, because nobody else may write them: search and
-- pages say what the publications say.
CREATE OR REPLACE FUNCTION roster_rows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE codes text[];
BEGIN
    WITH gone AS (
        DELETE FROM disclosure_rosterrow r USING disclosure_publication p
        WHERE p.id = r.publication_id AND (p.kind, p.no) = (NEW.kind, NEW.no) RETURNING r.code
    ) SELECT coalesce(array_agg(code), '{}') INTO codes FROM gone;
    IF NEW.state <> 'WITHDRAWN' THEN
        WITH made AS (
            INSERT INTO disclosure_rosterrow (publication_id, of_roster, is_last, unit_code, year, number, line, code, name,
                uscc, former_names, address, district, industry_code, industry, category, search_text)
            SELECT NEW.id, NEW.kind = 'REGISTER', false, NEW.unit_code, NEW.year, NEW.number, n.*
            FROM roster_lines(NEW.kind, NEW.text::jsonb) n RETURNING code
        ) SELECT codes || coalesce(array_agg(code), '{}') INTO codes FROM made;
    END IF;
    UPDATE disclosure_rosterrow r SET is_last = NOT r.is_last
        WHERE r.code = ANY (codes) AND r.is_last <> NOT EXISTS (
            SELECT 1 FROM disclosure_rosterrow o
            WHERE o.code = r.code
              AND (o.of_roster, o.year, o.number, o.publication_id) > (r.of_roster, r.year, r.number, r.publication_id));
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER roster_rows AFTER INSERT ON disclosure_publication
    FOR EACH ROW WHEN (NEW.kind IN ('REGISTER', 'RESULT')) EXECUTE FUNCTION roster_rows();
ALTER TABLE disclosure_publication ENABLE ALWAYS TRIGGER roster_rows;
