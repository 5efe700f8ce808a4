-- Tables that may only grow (reliability.md 5.1). Which those are, `rights.py` says; it lays this function before each.

-- Refuse everything but new rows, whoever asks: with one login for everything, rights alone could be undone.
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% 只能新增，不能修改或删除', TG_TABLE_NAME USING ERRCODE = '42501';
END $$;
