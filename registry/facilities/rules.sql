-- Search in 检查对象名录 by any part of a word (ui.md 4.3).

-- Trigrams need three characters; each Chinese one counts three times, so that a word of one or two is found by the index.
-- An expression in SQL would be put in place of the call, and PostgreSQL then takes it for as cheap as any comparison: a
-- search for one character read the table and spread every row, although the index had the answer. A function of another
-- language stays a call, and its price can be told.
CREATE OR REPLACE FUNCTION registry_spread(text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 100
AS $$ BEGIN RETURN regexp_replace($1, '([\u3400-\u9fff])', '\1\1\1', 'g'); END $$;

CREATE INDEX IF NOT EXISTS facility_search ON registry_facility USING gin (registry_spread(search_text) gin_trgm_ops);
