-- 非现场查看: written once, of one check, while it is open; without one an off-site check does not end (七(三)-b, domain.md 7.5).
-- needs benxi_shuangsuiji/database/guards.sql

-- A look comes while the team may write; its rows are insert-only by the manifest of rights.
CREATE OR REPLACE TRIGGER rows_stay BEFORE INSERT ON inspections_offsitelook
    FOR EACH ROW EXECUTE FUNCTION rows_stay('inspection_id', 'inspections_inspection', 'status', 'STARTED RETURNED');
ALTER TABLE inspections_offsitelook ENABLE ALWAYS TRIGGER rows_stay;
CREATE OR REPLACE TRIGGER rows_stay BEFORE INSERT ON inspections_lookfile
    FOR EACH ROW EXECUTE FUNCTION rows_stay('look_id', 'inspections_inspection', 'status', 'STARTED RETURNED',
        'inspections_offsitelook', 'inspection_id');
ALTER TABLE inspections_lookfile ENABLE ALWAYS TRIGGER rows_stay;
CREATE OR REPLACE TRIGGER rows_stay BEFORE INSERT ON inspections_lookpoint
    FOR EACH ROW EXECUTE FUNCTION rows_stay('look_id', 'inspections_inspection', 'status', 'STARTED RETURNED',
        'inspections_offsitelook', 'inspection_id');
ALTER TABLE inspections_lookpoint ENABLE ALWAYS TRIGGER rows_stay;

-- What a look rests on, asked when the transaction ends: files and points of its own check, at least one of each; what it
-- corrects is of the same check.
CREATE OR REPLACE FUNCTION look_is_whole() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM inspections_lookfile WHERE look_id = NEW.id)
       OR NOT EXISTS (SELECT FROM inspections_lookpoint WHERE look_id = NEW.id) THEN
        RAISE EXCEPTION '非现场查看要附上看到的内容，并写明看到了什么' USING ERRCODE = '23514';
    END IF;
    IF EXISTS (SELECT FROM inspections_lookfile f JOIN inspections_evidence e ON e.id = f.evidence_id
               WHERE f.look_id = NEW.id AND e.inspection_id <> NEW.inspection_id)
       OR EXISTS (SELECT FROM inspections_lookpoint p JOIN inspections_checkanswer a ON a.id = p.point_id
                  WHERE p.look_id = NEW.id AND a.inspection_id <> NEW.inspection_id)
       OR EXISTS (SELECT FROM inspections_offsitelook o WHERE o.id = NEW.instead_of_id AND o.inspection_id <> NEW.inspection_id)
    THEN
        RAISE EXCEPTION '非现场查看的材料、检查点和更正的一次都属于同一次检查' USING ERRCODE = '23514';
    END IF;
    IF NEW.instead_of_id IS NOT NULL AND (NEW.instead_why = '' OR NEW.result = 'NOTHING' AND EXISTS (
        SELECT FROM inspections_offsitelook o WHERE o.id = NEW.instead_of_id AND o.result = 'CLUE'
        AND (o.method <> NEW.method OR o.source <> NEW.source))) THEN
        RAISE EXCEPTION '更正写明原因；撤销线索的更正用同样的方式和来源' USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS look_is_whole ON inspections_offsitelook;
CREATE CONSTRAINT TRIGGER look_is_whole AFTER INSERT ON inspections_offsitelook DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION look_is_whole();
ALTER TABLE inspections_offsitelook ENABLE ALWAYS TRIGGER look_is_whole;

-- An off-site check does not end before somebody has looked. The owner passes, as everywhere in guards.sql.
CREATE OR REPLACE FUNCTION ended_with_a_look() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT owns(TG_RELID) AND NOT EXISTS (SELECT FROM inspections_offsitelook WHERE inspection_id = NEW.id) THEN
        RAISE EXCEPTION '非现场检查没有登记查看，不能结束' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER ended_with_a_look BEFORE UPDATE ON inspections_inspection
    FOR EACH ROW WHEN (NEW.mode = 'OFFSITE' AND OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL)
    EXECUTE FUNCTION ended_with_a_look();
ALTER TABLE inspections_inspection ENABLE ALWAYS TRIGGER ended_with_a_look;
