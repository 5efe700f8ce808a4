-- 督办, 指导, 协调: what was said stays.
-- needs benxi_shuangsuiji/database/guards.sql

-- An instruction moves only along its states and keeps its words; an answer is accepted or given back once (五-2b).
CREATE OR REPLACE TRIGGER states_move BEFORE INSERT OR UPDATE ON inspections_instruction
    FOR EACH ROW EXECUTE FUNCTION states_move('state', 'SENT',
        'SENT>ANSWERED RETURNED>ANSWERED ANSWERED>RETURNED ANSWERED>ACCEPTED');
ALTER TABLE inspections_instruction ENABLE ALWAYS TRIGGER states_move;
CREATE OR REPLACE TRIGGER stays_but BEFORE UPDATE ON inspections_instruction
    FOR EACH ROW EXECUTE FUNCTION stays_but('state', 'due');
ALTER TABLE inspections_instruction ENABLE ALWAYS TRIGGER stays_but;
CREATE OR REPLACE TRIGGER stays_but BEFORE UPDATE ON inspections_instructionanswer
    FOR EACH ROW EXECUTE FUNCTION stays_but('accepted', 'opinion', 'decided_by_id', 'decided_at');
ALTER TABLE inspections_instructionanswer ENABLE ALWAYS TRIGGER stays_but;
CREATE OR REPLACE TRIGGER written_once BEFORE UPDATE ON inspections_instructionanswer
    FOR EACH ROW EXECUTE FUNCTION written_once('accepted', 'opinion', 'decided_by_id', 'decided_at');
ALTER TABLE inspections_instructionanswer ENABLE ALWAYS TRIGGER written_once;
