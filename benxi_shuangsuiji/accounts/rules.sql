-- Who may decide, asked by the rules of draws (七(二)-g; SSJ1 9.1, 9.2): grants of roles as they are on the day.
-- needs benxi_shuangsuiji/database/clock.sql benxi_shuangsuiji/database/guards.sql

-- Whether somebody is 分管负责人 of the unit today.
CREATE OR REPLACE FUNCTION leads_unit(the_user bigint, the_unit bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM accounts_rolegrant g WHERE g.user_id = the_user AND g.unit_id = the_unit
        AND g.role = 'APPROVER' AND g.ended_at IS NULL
        AND g.valid_from <= (sj_now() AT TIME ZONE 'Asia/Shanghai')::date
        AND (g.valid_to IS NULL OR g.valid_to >= (sj_now() AT TIME ZONE 'Asia/Shanghai')::date))
$$;

-- A grant only ends, once: whose it is, of what and from when stays (五, decisions.md 7).
CREATE OR REPLACE FUNCTION grant_only_ends() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE ending text[] := ARRAY['ended_at', 'end_reason', 'valid_to'];
BEGIN
    IF NOT owns(TG_RELID) AND (OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL OR NOT is_of_this_transaction(NEW.ended_at)
       OR to_jsonb(NEW) - ending IS DISTINCT FROM to_jsonb(OLD) - ending) THEN
        RAISE EXCEPTION '授权只能终止，不能修改；另行授权' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER grant_only_ends BEFORE UPDATE ON accounts_rolegrant FOR EACH ROW EXECUTE FUNCTION grant_only_ends();
ALTER TABLE accounts_rolegrant ENABLE ALWAYS TRIGGER grant_only_ends;
