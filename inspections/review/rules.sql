-- 检查结果: its states, and what stays once it was reviewed (七(四)-5, 八(二)-c).
-- needs benxi_shuangsuiji/database/guards.sql

-- A check moves only along its states (七(四)); its review and its publication are written with them, with the time of the database.
CREATE OR REPLACE TRIGGER states_move BEFORE INSERT OR UPDATE ON inspections_inspection
    FOR EACH ROW EXECUTE FUNCTION states_move('status', 'DISPATCHED', 'DISPATCHED>STARTED DISPATCHED>REPLACED'
        ' DISPATCHED>CANCELLED STARTED>FINISHED FINISHED>REVIEWED FINISHED>RETURNED RETURNED>FINISHED REVIEWED>PUBLISHED REVIEWED>RETURNED');
ALTER TABLE inspections_inspection ENABLE ALWAYS TRIGGER states_move;
CREATE OR REPLACE TRIGGER written_reviewed BEFORE UPDATE ON inspections_inspection
    FOR EACH ROW EXECUTE FUNCTION written_with('status', 'REVIEWED', 'reviewed_at', 'reviewed_by_id');
ALTER TABLE inspections_inspection ENABLE ALWAYS TRIGGER written_reviewed;
CREATE OR REPLACE TRIGGER written_published BEFORE UPDATE ON inspections_inspection
    FOR EACH ROW EXECUTE FUNCTION written_with('status', 'PUBLISHED', 'published_at');
ALTER TABLE inspections_inspection ENABLE ALWAYS TRIGGER written_published;

-- A result that a second person agreed with stays, with the answers and the words it rests on (S6). What may still change has its
-- own act: withheld, withdrawn, followed by a correction of the draw or of what is public (disclosure/revisions/rules.sql).
CREATE OR REPLACE TRIGGER stays_while BEFORE UPDATE ON inspections_inspection
    FOR EACH ROW EXECUTE FUNCTION stays_while('status', 'DISPATCHED STARTED FINISHED RETURNED', 'version publish_by'
        ' published_at withdrawn_at withheld_at pick_id begun_under_id identity_shown_at outcome rectify_by');
ALTER TABLE inspections_inspection ENABLE ALWAYS TRIGGER stays_while;
CREATE OR REPLACE TRIGGER rows_stay BEFORE INSERT OR UPDATE OR DELETE ON inspections_checkanswer
    FOR EACH ROW EXECUTE FUNCTION rows_stay('inspection_id', 'inspections_inspection', 'status', 'DISPATCHED STARTED FINISHED RETURNED');
ALTER TABLE inspections_checkanswer ENABLE ALWAYS TRIGGER rows_stay;
CREATE OR REPLACE TRIGGER rows_stay BEFORE INSERT OR UPDATE OR DELETE ON inspections_conclusion
    FOR EACH ROW EXECUTE FUNCTION rows_stay('inspection_id', 'inspections_inspection', 'status', 'DISPATCHED STARTED FINISHED RETURNED');
ALTER TABLE inspections_conclusion ENABLE ALWAYS TRIGGER rows_stay;
