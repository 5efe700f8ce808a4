-- The one clock, and what tells that something is written now (decisions.md 8, SSJ1 15 D3). Every room's rules build on it.

-- The real clock. A database marked as a demo gets one that can be shifted instead (`demo_clock.py`); nothing else may.
CREATE OR REPLACE FUNCTION sj_now() RETURNS timestamptz LANGUAGE sql STABLE SET search_path = public, pg_temp
AS $$ SELECT clock_timestamp() $$;

-- The number of the transaction that is running: a row that bears it was written in the same one.
CREATE OR REPLACE FUNCTION this_transaction() RETURNS bigint LANGUAGE sql SET search_path = public, pg_temp AS $$
    SELECT pg_current_xact_id()::text::bigint
$$;

-- A time is believed only if it lies within the transaction that writes it: nothing is dated back or ahead.
CREATE OR REPLACE FUNCTION is_of_this_transaction(moment timestamptz) RETURNS boolean
LANGUAGE sql SET search_path = public, pg_temp AS $$
    SELECT moment <= sj_now()
       AND moment >= date_trunc('second', sj_now() - (clock_timestamp() - transaction_timestamp()))
$$;
