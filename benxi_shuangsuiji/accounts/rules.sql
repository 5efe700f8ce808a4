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

-- A change of units is carried out once, on or after its day, and then stays as it was carried out; the unit that it begins is written
-- into it once, in the same transaction (五, decision 0075). Else a change of long ago opened the doors below again and again.
CREATE OR REPLACE TRIGGER done_once BEFORE UPDATE ON accounts_unitchange FOR EACH ROW EXECUTE FUNCTION written_once('done_at', 'unit_id');
ALTER TABLE accounts_unitchange ENABLE ALWAYS TRIGGER done_once;

-- Whether the change is being carried out in this transaction.
CREATE OR REPLACE FUNCTION is_carried_out(change accounts_unitchange) RETURNS boolean
LANGUAGE sql SET search_path = public, pg_temp AS $$
    SELECT change.state = 'APPROVED' AND coalesce(is_of_this_transaction(change.done_at), false)
       AND change.effective_from <= (sj_now() AT TIME ZONE 'Asia/Shanghai')::date
$$;

-- The time of it is that of the database; a change that names a unit was asked about this one, and one that begins a unit names no
-- other than the one with its code.
CREATE OR REPLACE FUNCTION unit_change_is_done() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT owns(TG_RELID) AND (NEW.done_at IS DISTINCT FROM OLD.done_at AND NOT is_carried_out(NEW)
       OR NEW.before IS DISTINCT FROM OLD.before AND OLD.done_at IS NOT NULL AND NOT is_carried_out(OLD)
       OR NEW.unit_id IS DISTINCT FROM OLD.unit_id AND NOT (NEW.kind = 'ADD' AND is_carried_out(NEW)
          AND EXISTS (SELECT FROM accounts_unit u WHERE u.id = NEW.unit_id AND u.code = NEW.values ->> 'code'))) THEN
        RAISE EXCEPTION '单位和名称的修改，批准后到生效日期办理一次，不能另写' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER unit_change_is_done BEFORE UPDATE ON accounts_unitchange FOR EACH ROW EXECUTE FUNCTION unit_change_is_done();
ALTER TABLE accounts_unitchange ENABLE ALWAYS TRIGGER unit_change_is_done;

-- What a unit is called, where it stands and until when it works changes only to what was approved for it, on or after its day and in
-- the transaction that carries it out (五, decision 0075). The first filling comes before the first administrator.
CREATE OR REPLACE FUNCTION unit_by_decision() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    free text[] := ARRAY['telephone', 'email', 'address', 'hours'];
    names text[] := ARRAY['name', 'short_name', 'seal_name', 'division_code'];
    was jsonb; is_now jsonb := to_jsonb(NEW) - free;
BEGIN
    IF TG_OP = 'UPDATE' THEN was := to_jsonb(OLD) - free; END IF;
    IF owns(TG_RELID) OR is_now = was
       OR TG_OP = 'INSERT' AND NOT EXISTS (SELECT FROM accounts_rolegrant WHERE role IN ('ADMIN_SYSTEM', 'ADMIN_GRANTS')) THEN
        RETURN NEW;
    ELSIF NOT EXISTS (SELECT FROM accounts_unitchange c WHERE is_carried_out(c) AND CASE c.kind
        WHEN 'ADD' THEN TG_OP = 'INSERT' AND NEW.closed_on IS NULL AND NEW.seal_name = ''
            AND NEW.division_code = c.values ->> 'division_code' AND NEW.begins_on >= c.effective_from
            AND ((NEW.code, NEW.kind, NEW.name, NEW.short_name) IS NOT DISTINCT FROM
                 (c.values ->> 'code', c.values ->> 'kind', c.values ->> 'name', c.values ->> 'short_name')
              OR (NEW.code, NEW.kind, NEW.short_name) IS NOT DISTINCT FROM
                 ((c.values ->> 'code') || '-S', 'COUNTY_SECTION', c.values ->> 'section')
                 AND c.values ->> 'code' = (SELECT u.code FROM accounts_unit u WHERE u.id = NEW.serves_id)
                 AND NEW.name = (SELECT u.short_name FROM accounts_unit u WHERE u.id = NEW.parent_id) || NEW.short_name)
        WHEN 'RENAME' THEN c.unit_id = NEW.id AND c.values - names = '{}' AND is_now = was || c.values
        WHEN 'CLOSE' THEN c.unit_id IN (NEW.id, NEW.serves_id)
            AND is_now = was || jsonb_build_object('closed_on', c.effective_from) AND was ->> 'closed_on' IS NULL
        ELSE false END) THEN
        RAISE EXCEPTION '单位的名称和设立、撤销，由一人提出、另一人批准，到生效日期才变动' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER unit_by_decision BEFORE INSERT OR UPDATE ON accounts_unit FOR EACH ROW EXECUTE FUNCTION unit_by_decision();
ALTER TABLE accounts_unit ENABLE ALWAYS TRIGGER unit_by_decision;

-- The names of the city and of its site and its districts likewise. What was called otherwise before is put behind what stands there,
-- as it stood when the change was carried out. Until there are units, another city's facts may take their place.
CREATE OR REPLACE FUNCTION city_by_decision() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    of_city text[] := ARRAY['name', 'site', 'label', 'mark', 'identifier', 'icp', 'police'];
    last jsonb := NEW.past -> -1; today date := (sj_now() AT TIME ZONE 'Asia/Shanghai')::date;
    was_past jsonb := CASE TG_OP WHEN 'UPDATE' THEN OLD.past END; was jsonb := CASE TG_OP WHEN 'UPDATE' THEN OLD.facts END;
    more boolean := NEW.past = was_past || jsonb_build_array(last);
BEGIN
    IF NOT owns(TG_RELID) AND EXISTS (SELECT FROM accounts_unit) AND NOT EXISTS (SELECT FROM accounts_unitchange c
        WHERE TG_OP = 'UPDATE' AND is_carried_out(c)
        AND (NOT more OR (last ->> 'until')::date BETWEEN c.effective_from AND today)
        AND CASE c.kind
            WHEN 'CITY' THEN c.values - of_city = '{}' AND NEW.facts = was || c.values
                AND CASE WHEN NEW.facts -> 'mark' = was -> 'mark' THEN NEW.past = was_past
                    ELSE more AND last - 'until'::text = jsonb_build_object('mark', coalesce(was ->> 'mark', '')) END
            WHEN 'DISTRICTS' THEN c.values - 'districts'::text = '{}' AND NEW.facts = was || c.values AND NEW.past = was_past
            WHEN 'RENAME' THEN NEW.facts = was AND more AND last - 'until'::text = (
                SELECT jsonb_build_object('unit', u.code, 'names', jsonb_build_object(
                    'name', u.name, 'short_name', u.short_name, 'seal_name', u.seal_name)) FROM accounts_unit u WHERE u.id = c.unit_id)
            ELSE false END) THEN
        RAISE EXCEPTION '网站名称和行政区划，由一人提出、另一人批准，到生效日期才变动' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER city_by_decision BEFORE INSERT OR UPDATE ON accounts_cityrecord FOR EACH ROW EXECUTE FUNCTION city_by_decision();
ALTER TABLE accounts_cityrecord ENABLE ALWAYS TRIGGER city_by_decision;
