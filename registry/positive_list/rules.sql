-- 在线监控超标 by month: what a workbook of the unit counts, of months that are over (七(三)-d).
-- needs benxi_shuangsuiji/database/guards.sql

-- A month that has not ended is not counted (`registry.positive_list.months:why_not_of`). The owner passes, as everywhere in guards.sql.
CREATE OR REPLACE FUNCTION counted_with_its_workbook() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT owns(TG_RELID) AND NEW.month >= date_trunc('month', sj_now() AT TIME ZONE 'Asia/Shanghai')::date THEN
        RAISE EXCEPTION '这个月还没有过完，不能登记在线监控超标的次数' USING ERRCODE = '23514';
    END IF;
    IF NOT owns(TG_RELID) AND NOT EXISTS (
        SELECT FROM registry_importbatch b JOIN registry_facility f ON f.unit_id = b.unit_id
        WHERE b.id = NEW.batch_id AND b.kind = 'MONITORING' AND f.id = NEW.facility_id) THEN
        RAISE EXCEPTION '在线监控超标的次数随本单位的导入登记' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER counted_with_its_workbook BEFORE INSERT ON registry_monitoringmonth
    FOR EACH ROW EXECUTE FUNCTION counted_with_its_workbook();
ALTER TABLE registry_monitoringmonth ENABLE ALWAYS TRIGGER counted_with_its_workbook;
