-- 数据交换: what went out and what was said of it stays (五-4h, 七(二)-h, 七(五)-m).
-- needs benxi_shuangsuiji/database/guards.sql

-- A package of ours is exported, then accepted or refused, or replaced by a later one; one of theirs is taken whole.
CREATE OR REPLACE TRIGGER states_move BEFORE INSERT OR UPDATE ON inspections_exchangepackage
    FOR EACH ROW EXECUTE FUNCTION states_move('state', 'EXPORTED TAKEN REPLACED',
        'EXPORTED>ACCEPTED EXPORTED>REFUSED EXPORTED>REPLACED REFUSED>REPLACED REFUSED>ACCEPTED');
ALTER TABLE inspections_exchangepackage ENABLE ALWAYS TRIGGER states_move;
CREATE OR REPLACE TRIGGER stays_but BEFORE UPDATE ON inspections_exchangepackage
    FOR EACH ROW EXECUTE FUNCTION stays_but('state', 'reason', 'settled_at', 'replaced_by_id', 'answered_in_id');
ALTER TABLE inspections_exchangepackage ENABLE ALWAYS TRIGGER stays_but;
CREATE OR REPLACE TRIGGER written_once BEFORE UPDATE ON inspections_exchangepackage
    FOR EACH ROW EXECUTE FUNCTION written_once('replaced_by_id');
ALTER TABLE inspections_exchangepackage ENABLE ALWAYS TRIGGER written_once;

-- So does a record; the platform may say later that it takes what it refused, or does not take one of a package that it took
-- (docs/exchange/ 3.7). One of theirs is given back as it comes where a person here had declined its task.
CREATE OR REPLACE TRIGGER states_move BEFORE INSERT OR UPDATE ON inspections_exchangerecord
    FOR EACH ROW EXECUTE FUNCTION states_move('state', 'EXPORTED TAKEN REFUSED',
        'EXPORTED>ACCEPTED EXPORTED>REFUSED EXPORTED>AGAIN REFUSED>AGAIN REFUSED>ACCEPTED ACCEPTED>REFUSED');
ALTER TABLE inspections_exchangerecord ENABLE ALWAYS TRIGGER states_move;
CREATE OR REPLACE TRIGGER stays_but BEFORE UPDATE ON inspections_exchangerecord
    FOR EACH ROW EXECUTE FUNCTION stays_but('state', 'reason_code', 'reason', 'settled_at', 'settled_by_id');
ALTER TABLE inspections_exchangerecord ENABLE ALWAYS TRIGGER stays_but;

-- Why a package was not taken stays as it was said; it is told, or somebody says once that it is not.
CREATE OR REPLACE TRIGGER stays_but BEFORE UPDATE ON inspections_packagerefusal
    FOR EACH ROW EXECUTE FUNCTION stays_but('told_in_id', 'dropped_by_id', 'dropped_at');
ALTER TABLE inspections_packagerefusal ENABLE ALWAYS TRIGGER stays_but;
CREATE OR REPLACE TRIGGER written_once BEFORE UPDATE ON inspections_packagerefusal
    FOR EACH ROW EXECUTE FUNCTION written_once('dropped_by_id', 'dropped_at');
ALTER TABLE inspections_packagerefusal ENABLE ALWAYS TRIGGER written_once;

-- A number of the platform belongs to one check for good; whoever declined a task said why, once.
CREATE OR REPLACE TRIGGER states_move BEFORE INSERT OR UPDATE ON inspections_platformtask
    FOR EACH ROW EXECUTE FUNCTION states_move('state', 'WAITING LINKED',
        'WAITING>LINKED WAITING>DECLINED WAITING>CANCELLED CANCELLED>WAITING');
ALTER TABLE inspections_platformtask ENABLE ALWAYS TRIGGER states_move;
CREATE OR REPLACE TRIGGER stays_but BEFORE UPDATE ON inspections_platformtask
    FOR EACH ROW EXECUTE FUNCTION stays_but('state', 'inspection_id', 'facility_id', 'content', 'package_id', 'decided_by_id',
        'decided_at', 'reason', 'told_in_id');
ALTER TABLE inspections_platformtask ENABLE ALWAYS TRIGGER stays_but;
-- Its place and its package follow the platform's versions only as long as nobody here has decided.
CREATE OR REPLACE TRIGGER stays_while BEFORE UPDATE ON inspections_platformtask
    FOR EACH ROW EXECUTE FUNCTION stays_while('state', 'WAITING CANCELLED',
        'number inspection_id content decided_by_id decided_at reason told_in_id');  -- the number: see above
ALTER TABLE inspections_platformtask ENABLE ALWAYS TRIGGER stays_while;
CREATE OR REPLACE TRIGGER written_once BEFORE UPDATE ON inspections_platformtask
    FOR EACH ROW EXECUTE FUNCTION written_once('inspection_id', 'decided_by_id', 'decided_at', 'reason');
ALTER TABLE inspections_platformtask ENABLE ALWAYS TRIGGER written_once;

-- A difference is decided once, with the time of the database.
CREATE OR REPLACE TRIGGER states_move BEFORE INSERT OR UPDATE ON inspections_platformdifference
    FOR EACH ROW EXECUTE FUNCTION states_move('state', 'OPEN', 'OPEN>OURS OPEN>THEIRS');
ALTER TABLE inspections_platformdifference ENABLE ALWAYS TRIGGER states_move;
CREATE OR REPLACE TRIGGER stays_but BEFORE UPDATE ON inspections_platformdifference
    FOR EACH ROW EXECUTE FUNCTION stays_but('state', 'words', 'decided_by_id', 'decided_at');
ALTER TABLE inspections_platformdifference ENABLE ALWAYS TRIGGER stays_but;
CREATE OR REPLACE TRIGGER written_with BEFORE UPDATE ON inspections_platformdifference
    FOR EACH ROW EXECUTE FUNCTION written_with('state', 'OURS THEIRS', 'decided_at', 'decided_by_id', 'words');
ALTER TABLE inspections_platformdifference ENABLE ALWAYS TRIGGER written_with;

-- A code that was replaced ends and stays, so that a package of before is still understood.
CREATE OR REPLACE TRIGGER stays_but BEFORE UPDATE ON inspections_platformcode
    FOR EACH ROW EXECUTE FUNCTION stays_but('ended_by_id', 'ended_at');
ALTER TABLE inspections_platformcode ENABLE ALWAYS TRIGGER stays_but;
CREATE OR REPLACE TRIGGER written_once BEFORE UPDATE ON inspections_platformcode
    FOR EACH ROW EXECUTE FUNCTION written_once('ended_by_id', 'ended_at');
ALTER TABLE inspections_platformcode ENABLE ALWAYS TRIGGER written_once;

-- What the platform told of a result stays as it came; it is taken over once, by a member of the team.
CREATE OR REPLACE TRIGGER stays_but BEFORE UPDATE ON inspections_platformresult
    FOR EACH ROW EXECUTE FUNCTION stays_but('adopted_by_id', 'adopted_at');
ALTER TABLE inspections_platformresult ENABLE ALWAYS TRIGGER stays_but;
CREATE OR REPLACE TRIGGER written_once BEFORE UPDATE ON inspections_platformresult
    FOR EACH ROW EXECUTE FUNCTION written_once('adopted_by_id', 'adopted_at');
ALTER TABLE inspections_platformresult ENABLE ALWAYS TRIGGER written_once;
