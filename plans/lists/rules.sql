-- 随机抽查事项清单: what was approved and published stays (六(一)1, 七(四)-2).
-- needs benxi_shuangsuiji/database/guards.sql

-- A list moves only along its states; who submitted and approved it, and when, is written with them; past the hands of who
-- writes it, it keeps its content, its items and their check points (S6).
CREATE OR REPLACE TRIGGER states_move BEFORE INSERT OR UPDATE ON plans_itemlist
    FOR EACH ROW EXECUTE FUNCTION states_move('status', 'DRAFT',
        'DRAFT>SUBMITTED SUBMITTED>RETURNED SUBMITTED>APPROVED RETURNED>SUBMITTED APPROVED>PUBLISHED');
ALTER TABLE plans_itemlist ENABLE ALWAYS TRIGGER states_move;
CREATE OR REPLACE TRIGGER written_submitted BEFORE UPDATE ON plans_itemlist
    FOR EACH ROW EXECUTE FUNCTION written_with('status', 'SUBMITTED', 'submitted_at', 'submitted_by_id');
ALTER TABLE plans_itemlist ENABLE ALWAYS TRIGGER written_submitted;
CREATE OR REPLACE TRIGGER written_approved BEFORE UPDATE ON plans_itemlist
    FOR EACH ROW EXECUTE FUNCTION written_with('status', 'APPROVED', 'approved_at', 'approved_by_id');
ALTER TABLE plans_itemlist ENABLE ALWAYS TRIGGER written_approved;
CREATE OR REPLACE TRIGGER written_published BEFORE UPDATE ON plans_itemlist
    FOR EACH ROW EXECUTE FUNCTION written_with('status', 'PUBLISHED', 'published_at');
ALTER TABLE plans_itemlist ENABLE ALWAYS TRIGGER written_published;
CREATE OR REPLACE TRIGGER stays_while BEFORE UPDATE ON plans_itemlist
    FOR EACH ROW EXECUTE FUNCTION stays_while('status', 'DRAFT RETURNED',
        'submitted_by_id submitted_at approved_by_id approved_at opinion published_at');
ALTER TABLE plans_itemlist ENABLE ALWAYS TRIGGER stays_while;
CREATE OR REPLACE TRIGGER rows_stay BEFORE INSERT OR UPDATE OR DELETE ON plans_inspectionitem
    FOR EACH ROW EXECUTE FUNCTION rows_stay('list_id', 'plans_itemlist', 'status', 'DRAFT RETURNED');
ALTER TABLE plans_inspectionitem ENABLE ALWAYS TRIGGER rows_stay;
CREATE OR REPLACE TRIGGER rows_stay BEFORE INSERT OR UPDATE OR DELETE ON plans_checkpoint
    FOR EACH ROW EXECUTE FUNCTION rows_stay('item_id', 'plans_itemlist', 'status', 'DRAFT RETURNED',
        'plans_inspectionitem', 'list_id');
ALTER TABLE plans_checkpoint ENABLE ALWAYS TRIGGER rows_stay;
