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

-- What a unit is called, where it stands and until when it works changes only as a change was approved, on or after its day and in
-- the transaction that carries it out (五, decision 0075). The first filling comes before the first administrator.
CREATE OR REPLACE FUNCTION unit_by_decision() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE kept text[] := ARRAY['telephone', 'email', 'address', 'hours'];
BEGIN
    IF owns(TG_RELID) OR TG_OP = 'INSERT' AND NOT EXISTS (SELECT FROM accounts_rolegrant WHERE role IN ('ADMIN_SYSTEM', 'ADMIN_GRANTS'))
       OR TG_OP = 'UPDATE' AND to_jsonb(NEW) - kept = to_jsonb(OLD) - kept THEN
        RETURN NEW;
    ELSIF NOT EXISTS (SELECT FROM accounts_unitchange c WHERE c.state = 'APPROVED' AND is_of_this_transaction(c.done_at)
        AND c.effective_from <= (sj_now() AT TIME ZONE 'Asia/Shanghai')::date
        AND CASE c.kind WHEN 'ADD' THEN TG_OP = 'INSERT' AND NEW.code IN (c.values ->> 'code', (c.values ->> 'code') || '-S')
            ELSE TG_OP = 'UPDATE' AND (c.unit_id = NEW.id AND c.kind IN ('RENAME', 'CLOSE')
                OR c.unit_id = NEW.serves_id AND c.kind = 'CLOSE') END) THEN
        RAISE EXCEPTION '单位的名称和设立、撤销，由一人提出、另一人批准，到生效日期才变动' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER unit_by_decision BEFORE INSERT OR UPDATE ON accounts_unit FOR EACH ROW EXECUTE FUNCTION unit_by_decision();
ALTER TABLE accounts_unit ENABLE ALWAYS TRIGGER unit_by_decision;

-- The names of the city and of its site likewise, with what units were called before; until there are units, another city's facts
-- may take their place.
CREATE OR REPLACE FUNCTION city_by_decision() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT owns(TG_RELID) AND EXISTS (SELECT FROM accounts_unit) AND NOT EXISTS (SELECT FROM accounts_unitchange c
        WHERE c.state = 'APPROVED' AND is_of_this_transaction(c.done_at)
        AND c.effective_from <= (sj_now() AT TIME ZONE 'Asia/Shanghai')::date) THEN
        RAISE EXCEPTION '网站名称和行政区划，由一人提出、另一人批准，到生效日期才变动' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER city_by_decision BEFORE INSERT OR UPDATE ON accounts_cityrecord FOR EACH ROW EXECUTE FUNCTION city_by_decision();
ALTER TABLE accounts_cityrecord ENABLE ALWAYS TRIGGER city_by_decision;
