-- A step that was handed over for publication stays as it is; that it became public is noted once (八(二)-e).
-- needs benxi_shuangsuiji/database/clock.sql

-- A step stays as it was handed over; only its publication is noted, once.
CREATE OR REPLACE FUNCTION followup_step() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION '后续处理的步骤不能删除' USING ERRCODE = '23514';
    ELSIF TG_OP = 'INSERT' THEN
        IF NEW.published_at IS NOT NULL THEN
            RAISE EXCEPTION '后续处理先提出，再由公示员公开' USING ERRCODE = '23514';
        END IF;
        NEW.handed_at := sj_now();
    ELSIF OLD.published_at IS NOT NULL OR to_jsonb(NEW) - 'published_at' IS DISTINCT FROM to_jsonb(OLD) - 'published_at' THEN
        RAISE EXCEPTION '后续处理的步骤不能修改' USING ERRCODE = '23514';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE OR REPLACE TRIGGER followup_step BEFORE INSERT OR UPDATE OR DELETE ON inspections_followup
    FOR EACH ROW EXECUTE FUNCTION followup_step();
ALTER TABLE inspections_followup ENABLE ALWAYS TRIGGER followup_step;
