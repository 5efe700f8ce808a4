-- 报送 and 备案: what was handed over stays.
-- needs benxi_shuangsuiji/database/guards.sql

-- What was filed with the justice bureau stays as it was marked (D-24).
CREATE OR REPLACE TRIGGER stays_but BEFORE UPDATE ON plans_justicefiling
    FOR EACH ROW EXECUTE FUNCTION stays_but();
ALTER TABLE plans_justicefiling ENABLE ALWAYS TRIGGER stays_but;
