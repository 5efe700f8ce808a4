-- Who may decide, asked by the rules of draws (七(二)-g; SSJ1 9.1, 9.2): grants of roles as they are on the day.
-- needs benxi_shuangsuiji/database/clock.sql

-- Whether somebody is 分管负责人 of the unit today.
CREATE OR REPLACE FUNCTION leads_unit(the_user bigint, the_unit bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM accounts_rolegrant g WHERE g.user_id = the_user AND g.unit_id = the_unit
        AND g.role = 'APPROVER' AND g.ended_at IS NULL
        AND g.valid_from <= (sj_now() AT TIME ZONE 'Asia/Shanghai')::date
        AND (g.valid_to IS NULL OR g.valid_to >= (sj_now() AT TIME ZONE 'Asia/Shanghai')::date))
$$;
