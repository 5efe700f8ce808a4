-- 到场: nobody goes there unapproved, alone or without the leader (国办发〔2024〕54号 凡检查必审批; 七(五)-a, -b; N-6).

-- Why a check must not have begun, as its rows stand when the transaction ends; '' where it may. `visits.rules` says the
-- same earlier and with names. Two people: 行政处罚法 第四十二条.
CREATE OR REPLACE FUNCTION why_not_begun(visit bigint) RETURNS text LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE went record; day date;
BEGIN
    SELECT source, started_at INTO STRICT went FROM inspections_inspection WHERE id = visit;
    day := (went.started_at AT TIME ZONE 'Asia/Shanghai')::date;
    IF went.started_at IS NULL THEN
        RETURN '';
    END IF;
    IF went.source <> 'EMERGENCY' AND NOT EXISTS (
        SELECT 1 FROM inspections_checkapproval WHERE inspection_id = visit AND state = 'APPROVED' AND then_in_id IS NULL
        AND date_trunc('minute', decided_at) <= went.started_at AND day BETWEEN first_day AND last_day) THEN
        RETURN '没有批准，或者不在批准的检查时间里，不能到场';
    END IF;
    IF EXISTS (SELECT 1 FROM inspections_visitmember
               WHERE inspection_id = visit AND is_leader AND left_at IS NULL AND arrived_at IS NULL) THEN
        RETURN '组长到场才能开始检查';
    END IF;
    IF (SELECT count(*) < 2 OR NOT bool_and(i.certificate_no <> '' AND i.certificate_status = 'VALID'
                                            AND (m.arrived_at AT TIME ZONE 'Asia/Shanghai')::date
                                                BETWEEN i.certificate_from AND i.certificate_to)
        FROM inspections_visitmember m JOIN registry_inspector i ON i.id = m.inspector_id
        WHERE m.inspection_id = visit AND m.arrived_at IS NOT NULL) THEN
        RETURN '至少两名持有效执法证的人员到场才能开始检查';
    END IF;
    RETURN '';
END $$;

-- At commit, when the arrival of each is written too; what has begun stays begun.
CREATE OR REPLACE FUNCTION visit_begun() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE why text;
BEGIN
    IF NEW.started_at IS NULL THEN
        RAISE EXCEPTION '已经开始的检查不能改为没有开始' USING ERRCODE = '23514';
    END IF;
    why := why_not_begun(NEW.id);
    IF why <> '' THEN
        RAISE EXCEPTION '%', why USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS visit_inserted_begun ON inspections_inspection;
CREATE CONSTRAINT TRIGGER visit_inserted_begun AFTER INSERT ON inspections_inspection DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.started_at IS NOT NULL) EXECUTE FUNCTION visit_begun();
ALTER TABLE inspections_inspection ENABLE ALWAYS TRIGGER visit_inserted_begun;
DROP TRIGGER IF EXISTS visit_begun ON inspections_inspection;
CREATE CONSTRAINT TRIGGER visit_begun AFTER UPDATE ON inspections_inspection DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.started_at IS DISTINCT FROM OLD.started_at OR NEW.source <> OLD.source)
    EXECUTE FUNCTION visit_begun();
ALTER TABLE inspections_inspection ENABLE ALWAYS TRIGGER visit_begun;

-- Who came is not taken back, and nobody is written in who may not.
CREATE OR REPLACE FUNCTION member_came() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE why text := why_not_begun(NEW.inspection_id);
BEGIN
    IF why <> '' THEN
        RAISE EXCEPTION '%', why USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS member_came ON inspections_visitmember;
CREATE CONSTRAINT TRIGGER member_came AFTER UPDATE ON inspections_visitmember DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.arrived_at IS DISTINCT FROM OLD.arrived_at) EXECUTE FUNCTION member_came();
ALTER TABLE inspections_visitmember ENABLE ALWAYS TRIGGER member_came;

-- What was approved, returned or taken back is decided once: a visit rests on it.
CREATE OR REPLACE FUNCTION approval_decided() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '审批已经办结，不能修改' USING ERRCODE = '23514';
END $$;
CREATE OR REPLACE TRIGGER approval_decided BEFORE UPDATE ON inspections_checkapproval
    FOR EACH ROW WHEN (OLD.state <> 'ASKED' AND (NEW.inspection_id, NEW.state, NEW.decided_in_id, NEW.then_in_id, NEW.first_day,
    NEW.last_day, NEW.made_up, NEW.asked_by_id, NEW.asked_at, NEW.decided_by_id, NEW.decided_at, NEW.opinion) IS DISTINCT FROM
    (OLD.inspection_id, OLD.state, OLD.decided_in_id, OLD.then_in_id, OLD.first_day, OLD.last_day, OLD.made_up, OLD.asked_by_id,
    OLD.asked_at, OLD.decided_by_id, OLD.decided_at, OLD.opinion)) EXECUTE FUNCTION approval_decided();
ALTER TABLE inspections_checkapproval ENABLE ALWAYS TRIGGER approval_decided;
