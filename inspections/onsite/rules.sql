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
-- sources of the closed list (`inspections.targeted.rules:ENTERS_LISTED_PLACES`).
CREATE OR REPLACE FUNCTION begins_off_site() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE today date := (sj_now() AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
    IF owns(TG_RELID) THEN
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT FROM plans_pick WHERE id = NEW.pick_id AND mode = 'offsite')
       OR NEW.pick_id IS NULL AND NEW.source NOT IN ('COMPLAINT', 'EMERGENCY', 'DATA_CLUE', 'ASSIGNED') AND EXISTS (
           SELECT FROM registry_positivelistentry WHERE facility_id = NEW.facility_id AND valid_from <= today
           AND (valid_to IS NULL OR valid_to > today)) THEN
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
