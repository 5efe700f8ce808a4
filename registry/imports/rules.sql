-- 导入: a workbook goes step by step; what it brought goes only with it.
-- needs benxi_shuangsuiji/database/guards.sql

-- A workbook moves only along its states (reliability.md P13).
CREATE OR REPLACE TRIGGER states_move BEFORE INSERT OR UPDATE ON registry_importbatch
    FOR EACH ROW EXECUTE FUNCTION states_move('state', 'CHECKED CHECKING',
        'CHECKED>CHECKING CHECKED>ASKS CHECKED>REFUSED CHECKED>SPLIT CHECKED>WRITING CHECKED>CONFIRMED CHECKED>DISCARDED'
        ' CHECKING>CHECKED CHECKING>ASKS CHECKING>REFUSED CHECKING>SPLIT ASKS>CHECKING ASKS>DISCARDED WRITING>CONFIRMED'
        ' WRITING>CHECKED WRITING>CHECKING CONFIRMED>WITHDRAWING CONFIRMED>WITHDRAWN WITHDRAWING>WITHDRAWN'
        ' WITHDRAWING>CONFIRMED SPLIT>DISCARDED');
ALTER TABLE registry_importbatch ENABLE ALWAYS TRIGGER states_move;

-- What an import brought is deleted only when the whole import is withdrawn.
DROP TRIGGER IF EXISTS goes_with ON registry_facilityrating;
CREATE CONSTRAINT TRIGGER goes_with AFTER DELETE ON registry_facilityrating DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION goes_with('batch_id', 'registry_importbatch', 'state', 'WITHDRAWN', 'facility_id', 'registry_facility');
ALTER TABLE registry_facilityrating ENABLE ALWAYS TRIGGER goes_with;
DROP TRIGGER IF EXISTS goes_with ON registry_inspectorcertificate;
CREATE CONSTRAINT TRIGGER goes_with AFTER DELETE ON registry_inspectorcertificate DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION goes_with('batch_id', 'registry_importbatch', 'state', 'WITHDRAWN', 'inspector_id', 'registry_inspector');
ALTER TABLE registry_inspectorcertificate ENABLE ALWAYS TRIGGER goes_with;
DROP TRIGGER IF EXISTS goes_with ON registry_pastcheck;
CREATE CONSTRAINT TRIGGER goes_with AFTER DELETE ON registry_pastcheck DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION goes_with('request_id', 'registry_pastchecks', 'state', 'WITHDRAWN', 'request_id', 'registry_pastchecks');
ALTER TABLE registry_pastcheck ENABLE ALWAYS TRIGGER goes_with;
