-- Tables held still (docs/decisions/0002-freeze-locks.md).

-- Until the transaction ends nobody else writes these tables, and nobody else holds them so. With the owner's rights: the
-- logins that may ask (rights.py) may change columns, and a lock asks for the whole table.
CREATE OR REPLACE FUNCTION hold_still(VARIADIC tables regclass[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', array_to_string(tables, ', '));
END $$;
