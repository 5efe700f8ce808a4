-- How the rules of draws read an SSJ1 document (SSJ1 3), and the moment that goes into one.
-- needs benxi_shuangsuiji/database/clock.sql

-- The lines of a document that begin with a tag, in their order; fields[1] is the tag itself.
CREATE OR REPLACE FUNCTION ssj1_lines(doc text, tag text, OUT n bigint, OUT fields text[]) RETURNS SETOF record
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT row_number() OVER (ORDER BY i), string_to_array(l, E'\t')
    FROM string_to_table(doc, E'\n') WITH ORDINALITY AS t(l, i) WHERE starts_with(l, tag || E'\t')
$$;

-- A field of the first line with the tag: number 1 is what stands behind it.
CREATE OR REPLACE FUNCTION ssj1_field(doc text, tag text, number integer) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT fields[number + 1] FROM ssj1_lines(doc, tag) ORDER BY n LIMIT 1
$$;

-- A moment as documents write it: China's time, to the second.
CREATE OR REPLACE FUNCTION ssj1_time(moment timestamptz) RETURNS text LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT to_char(moment AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS') || '+08:00'
$$;

-- The moment that goes into MANIFEST, RESULT and their chain entries: the database clock read under the chain's lock (D3).
CREATE OR REPLACE FUNCTION chain_moment() RETURNS timestamptz LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(715150002);
    RETURN date_trunc('second', sj_now());
END $$;
