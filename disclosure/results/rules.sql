-- The line of a published result in the CSV of all of them is made once, when it is published (四(3)-e, decision 0067).
-- needs disclosure/rules.sql

-- A text as a cell of a CSV: no spreadsheet takes it for a formula, and signs that would end a cell stand in quotation marks
-- (`disclosure/tables.py` says the same of the cells that COPY quotes).
CREATE OR REPLACE FUNCTION csv_cell(words text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    IF words LIKE ANY ('{=%,+%,-%,@%,＝%,＋%,－%,＠%}') OR ascii(words) IN (9, 10, 13) THEN
        words := '''' || words;
    END IF;
    RETURN CASE WHEN words = translate(words, E',"\r\n', '') THEN words ELSE '"' || replace(words, '"', '""') || '"' END;
END $$;

-- The cells that follow from the text alone, with a gap (`%s`) for each that changes without it: what the outcome is called,
-- the last step that followed, place and end of its term, the objection (`LINE` in disclosure/results/exports.py).
CREATE OR REPLACE FUNCTION result_line(p disclosure_publication) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE s jsonb := p.text::jsonb; corrected jsonb := CASE WHEN p.change = 'correction' THEN s -> 'correction' END;
        items text; handled text; cells text[];
BEGIN
    SELECT string_agg(i ->> 'name', '；' ORDER BY n) INTO items FROM jsonb_array_elements(s -> 'items') WITH ORDINALITY t (i, n);
    SELECT string_agg(h.words, '；' ORDER BY h.n) INTO handled FROM (
        SELECT i ->> 'handling' AS words, min(n) AS n FROM jsonb_array_elements(s -> 'items') WITH ORDINALITY t (i, n)
        WHERE i ->> 'handling' <> '' GROUP BY 1) h;
    SELECT array_agg(replace(coalesce(csv_cell(c), ''), '%', '%%') ORDER BY n) INTO cells FROM unnest(ARRAY[
        p.no, p.facility_name, s #>> '{facility,uscc}', p.facility_code, p.district, s ->> 'category_label',
        s ->> 'source_label', s ->> 'draw', p.year::text, p.number::text, s ->> 'executing_unit',
        to_char(p.checked_on, 'YYYY-MM-DD'), s ->> 'mode_label', s ->> 'inspectors', items,
        s ->> 'finding', coalesce(handled, s ->> 'measures'),
        to_char(p.issued_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD'), p.workday_number::text, p.late_reason,
        p.version::text, corrected ->> 'corrected_on', corrected ->> 'reason', p.digest]) WITH ORDINALITY t (c, n);
    RETURN concat_ws(',', array_to_string(cells[:15], ','), '%s', array_to_string(cells[16:17], ','), '%s',
        array_to_string(cells[18:23], ','), '%s,%s,%s', cells[24]) || E'\r\n';
END $$;

-- Whatever the caller says. After `publication_stamp`, which writes its times.
CREATE OR REPLACE FUNCTION result_has_its_line() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    NEW.csv_line := CASE WHEN NEW.kind = 'RESULT' AND NEW.state <> 'WITHDRAWN' THEN result_line(NEW) ELSE '' END;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER result_has_its_line BEFORE INSERT ON disclosure_publication
    FOR EACH ROW EXECUTE FUNCTION result_has_its_line();
ALTER TABLE disclosure_publication ENABLE ALWAYS TRIGGER result_has_its_line;

-- What was published before there were lines gets its own. Nobody changes a publication: its guard rests for this statement.
DO $$ BEGIN
    IF EXISTS (SELECT FROM disclosure_publication WHERE kind = 'RESULT' AND state <> 'WITHDRAWN' AND csv_line = '') THEN
        SET CONSTRAINTS ALL IMMEDIATE;
        ALTER TABLE disclosure_publication DISABLE TRIGGER sealed_rows;
        UPDATE disclosure_publication p SET csv_line = result_line(p)
            WHERE kind = 'RESULT' AND state <> 'WITHDRAWN' AND csv_line = '';
        ALTER TABLE disclosure_publication ENABLE ALWAYS TRIGGER sealed_rows;
    END IF;
END $$;

-- A result without its line would be missing from the file.
ALTER TABLE disclosure_publication
    DROP CONSTRAINT IF EXISTS a_published_result_has_its_line,
    ADD CONSTRAINT a_published_result_has_its_line CHECK (kind <> 'RESULT' OR state = 'WITHDRAWN' OR csv_line <> '');
