-- What keeps the day of first use (二-a).

-- It is fixed once. Reports, figures and the public chain rest on it, so that nobody's login moves it afterwards.
CREATE OR REPLACE FUNCTION first_use_is_fixed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.state = 'APPROVED' THEN
        RAISE EXCEPTION '启用日期已经确定，不能再改' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER first_use_is_fixed BEFORE UPDATE ON notices_firstuse
    FOR EACH ROW EXECUTE FUNCTION first_use_is_fixed();
ALTER TABLE notices_firstuse ENABLE ALWAYS TRIGGER first_use_is_fixed;
