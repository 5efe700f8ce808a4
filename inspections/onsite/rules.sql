-- 改为现场检查: nobody enters a place that is to be checked from outside without the leader's approval (七(三)-a, -b, -c; N-14).
-- needs benxi_shuangsuiji/database/guards.sql

-- An off-site check becomes one on the spot by an approved request only. The owner passes, as everywhere in guards.sql.
CREATE OR REPLACE FUNCTION entered_by_approval() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT owns(TG_RELID) AND NOT EXISTS (
        SELECT FROM inspections_onsiterequest WHERE inspection_id = NEW.id AND state = 'APPROVED') THEN
        RAISE EXCEPTION '非现场检查改为现场检查，先经分管负责人批准' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER entered_by_approval BEFORE UPDATE ON inspections_inspection
    FOR EACH ROW WHEN (OLD.mode = 'OFFSITE' AND NEW.mode <> 'OFFSITE') EXECUTE FUNCTION entered_by_approval();
ALTER TABLE inspections_inspection ENABLE ALWAYS TRIGGER entered_by_approval;

-- A new check on the spot: of a drawn place as its sealed line says; of any other that is on the 正面清单 today only from the
-- sources of the closed list, or of a data clue whose request gives a reason that an off-site look bears out; 其他 never
-- (`inspections.targeted.going`). A request has the number of the check that comes of it.
CREATE OR REPLACE FUNCTION begins_off_site() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE today date := (sj_now() AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
    IF owns(TG_RELID) THEN
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT FROM plans_pick WHERE id = NEW.pick_id AND mode = 'offsite')
       OR NEW.pick_id IS NULL AND EXISTS (
           SELECT FROM registry_positivelistentry WHERE facility_id = NEW.facility_id AND valid_from <= today
           AND (valid_to IS NULL OR valid_to > today))
       AND (NEW.source NOT IN ('COMPLAINT', 'EMERGENCY', 'ASSIGNED')
            OR EXISTS (SELECT FROM inspections_targetedcheck t WHERE t.no = NEW.no AND (t.onsite_reason = 'OTHER'
                OR t.onsite_reason NOT IN ('', NEW.source) AND length(btrim(t.onsite_reference)) < 4)))
       AND NOT EXISTS (
           SELECT FROM inspections_targetedcheck t
           WHERE t.no = NEW.no AND NEW.source = 'DATA_CLUE' AND t.onsite_reason NOT IN ('', 'OTHER')
           AND length(btrim(t.onsite_words)) >= 4 AND length(btrim(t.onsite_reference)) >= 4
           AND (t.onsite_reason NOT IN ('CLUE', 'UNCLEAR') OR EXISTS (
               SELECT FROM inspections_offsitelook l JOIN inspections_inspection i ON i.id = l.inspection_id
               WHERE i.facility_id = NEW.facility_id AND i.unit_id = NEW.unit_id AND l.at >= t.reference_at
               AND (t.onsite_reason = 'UNCLEAR' OR l.result = 'CLUE')
               AND NOT EXISTS (SELECT FROM inspections_offsitelook n WHERE n.instead_of_id = l.id)))) THEN
        RAISE EXCEPTION '正面清单内的企业先用非现场方式检查，要进现场的先申请' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER begins_off_site BEFORE INSERT ON inspections_inspection
    FOR EACH ROW WHEN (NEW.mode = 'ONSITE') EXECUTE FUNCTION begins_off_site();
ALTER TABLE inspections_inspection ENABLE ALWAYS TRIGGER begins_off_site;

-- A request that waits is of a check that somebody may still enter, and one is over only with its check. Asked at the end of
-- the act, which moves the check first.
CREATE OR REPLACE FUNCTION request_ends_with_its_check() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM inspections_onsiterequest WHERE inspection_id = NEW.id AND state = 'ASKED') THEN
        RAISE EXCEPTION '检查已经结束，还有现场检查申请等批准，先不再办理' USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS request_ends_with_its_check ON inspections_inspection;
CREATE CONSTRAINT TRIGGER request_ends_with_its_check AFTER UPDATE ON inspections_inspection DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.status <> OLD.status AND NEW.status NOT IN ('DISPATCHED', 'STARTED'))
    EXECUTE FUNCTION request_ends_with_its_check();
ALTER TABLE inspections_inspection ENABLE ALWAYS TRIGGER request_ends_with_its_check;

-- A request waits while its check can still be made on the spot, and is over only once it has ended.
CREATE OR REPLACE FUNCTION request_fits_its_check() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.state = 'ASKED') <> (
        SELECT status IN ('DISPATCHED', 'STARTED') FROM inspections_inspection WHERE id = NEW.inspection_id) THEN
        RAISE EXCEPTION '检查结束以前的申请等批准，结束以后的不再办理' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER request_fits_its_check BEFORE INSERT OR UPDATE OF state ON inspections_onsiterequest
    FOR EACH ROW WHEN (NEW.state IN ('ASKED', 'OVER')) EXECUTE FUNCTION request_fits_its_check();
ALTER TABLE inspections_onsiterequest ENABLE ALWAYS TRIGGER request_fits_its_check;

-- What a request attaches was looked at in its own check.
CREATE OR REPLACE FUNCTION clue_of_its_check() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (SELECT inspection_id FROM inspections_onsiterequest WHERE id = NEW.onsiterequest_id)
       <> (SELECT inspection_id FROM inspections_offsitelook WHERE id = NEW.offsitelook_id) THEN
        RAISE EXCEPTION '申请附的线索属于同一次检查' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER clue_of_its_check BEFORE INSERT ON inspections_onsiterequest_looks
    FOR EACH ROW EXECUTE FUNCTION clue_of_its_check();
ALTER TABLE inspections_onsiterequest_looks ENABLE ALWAYS TRIGGER clue_of_its_check;

-- 其他 is no reason to enter a place that is on the 正面清单: of a drawn one its sealed line says so, of any other the list of the
-- day on which the check was handed out (`inspections.checks.listed:listed`).
CREATE OR REPLACE FUNCTION other_is_for_no_listed_place() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT owns(TG_RELID) AND EXISTS (
        SELECT FROM inspections_inspection i LEFT JOIN plans_pick p ON p.id = i.pick_id
        WHERE i.id = NEW.inspection_id AND (p.mode = 'offsite' OR i.pick_id IS NULL AND EXISTS (
            SELECT FROM registry_positivelistentry e WHERE e.facility_id = i.facility_id
            AND e.valid_from <= (i.dispatched_at AT TIME ZONE 'Asia/Shanghai')::date
            AND (e.valid_to IS NULL OR e.valid_to > (i.dispatched_at AT TIME ZONE 'Asia/Shanghai')::date)))) THEN
        RAISE EXCEPTION '正面清单内的企业，只能从列表里选原因，不能选“其他”' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER other_is_for_no_listed_place BEFORE INSERT OR UPDATE OF reason ON inspections_onsiterequest
    FOR EACH ROW WHEN (NEW.reason = 'OTHER') EXECUTE FUNCTION other_is_for_no_listed_place();
ALTER TABLE inspections_onsiterequest ENABLE ALWAYS TRIGGER other_is_for_no_listed_place;

-- Where everything that is asked can be seen from outside, nobody begins on the spot without a reason (N-5). Asked when the
-- transaction ends, for the points come after the check; of a point without an item nobody knows (`inspections.checks.from_outside`).
-- Whoever gives a reason names its paper, but where the source is that reason and names the same paper itself.
CREATE OR REPLACE FUNCTION goes_there_for_a_reason() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF owns(TG_RELID) THEN
        RETURN NULL;
    END IF;
    IF EXISTS (SELECT FROM inspections_targetedcheck WHERE inspection_id = NEW.id AND (
        onsite_reason = 'OTHER' AND btrim(onsite_words) = ''
        OR onsite_reason NOT IN ('', 'OTHER', NEW.source) AND length(btrim(onsite_reference)) < 4)) THEN
        RAISE EXCEPTION '进现场的原因写明编号，选“其他”的写明情况' USING ERRCODE = '23514';
    END IF;
    IF NEW.source IN ('COMPLAINT', 'EMERGENCY', 'DATA_CLUE', 'ASSIGNED')
       OR NOT EXISTS (SELECT FROM inspections_checkanswer WHERE inspection_id = NEW.id)
       OR EXISTS (SELECT FROM inspections_checkanswer a LEFT JOIN plans_inspectionitem t ON t.id = a.item_id
                  WHERE a.inspection_id = NEW.id AND coalesce(t.modes, 'ONSITE') = 'ONSITE')
       OR EXISTS (SELECT FROM inspections_targetedcheck WHERE inspection_id = NEW.id AND onsite_reason <> '') THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '事项都可以不进现场查，进现场的写明原因' USING ERRCODE = '23514';
END $$;
DROP TRIGGER IF EXISTS goes_there_for_a_reason ON inspections_inspection;
CREATE CONSTRAINT TRIGGER goes_there_for_a_reason AFTER INSERT ON inspections_inspection DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.mode = 'ONSITE') EXECUTE FUNCTION goes_there_for_a_reason();
ALTER TABLE inspections_inspection ENABLE ALWAYS TRIGGER goes_there_for_a_reason;
