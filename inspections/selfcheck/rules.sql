-- 合规体检公开摘要: what was put forward is what is let through.
-- needs benxi_shuangsuiji/database/guards.sql

-- The figures of a summary stay as they were counted when it was put forward; another count is another summary (四(3)-f).
CREATE OR REPLACE TRIGGER stays_but BEFORE UPDATE ON inspections_selfchecksummary
    FOR EACH ROW EXECUTE FUNCTION stays_but('state', 'decided_by_id', 'decided_at', 'opinion');
ALTER TABLE inspections_selfchecksummary ENABLE ALWAYS TRIGGER stays_but;
